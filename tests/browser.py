"""Where the browser for the journeys is."""

from __future__ import annotations

import os
import shutil
from functools import cache

HOW_TO_INSTALL = (
    "运行浏览器旅程需要 Chromium：Debian 或 Ubuntu 上执行 apt-get install chromium fonts-noto-cjk，"
    "或用环境变量 CHROMIUM 指明已有浏览器的路径，然后再执行 make test。"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def chromium() -> str | None:
    """The path of an installed Chromium: the one CHROMIUM names, else the first found on PATH; None without one."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"环境变量 CHROMIUM 指向 {named}，那里没有可以执行的程序")
        return found
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
