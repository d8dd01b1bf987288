"""What has to hold before `make run` starts anything: a usable port, a usable folder, and nobody else in it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path


class Refused(Exception):
    """The start is not possible as things are; the text says why and how to mend it."""


def chosen_port() -> int:
    """PORT, 8000 when unset."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refused(f"PORT 应为 1 至 65535 的整数，现在是 {text}")
    return int(text)


def chosen_folder(root: Path) -> Path:
    """DATA_DIR, `.data` when unset; a relative one counts from the project's root. Made if need be."""
    folder = Path(os.environ.get("DATA_DIR") or ".data").expanduser()
    folder = folder if folder.is_absolute() else root / folder
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise Refused(f"不能在 {folder} 建立数据目录（{why.strerror}）。可用 DATA_DIR 指定另一处") from None
    return folder.resolve()


@contextlib.contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold the folder for this run; the kernel lets go of it however the run ends."""
    with (data_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refused(
                f"{data_dir} 正由另一个 make run（进程 {lock.read().strip()}）使用。"
                "先停止它，或用 DATA_DIR 和 PORT 另起一份：PORT=8001 DATA_DIR=.data-2 make run"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def ensure_free(bind: str, port: int) -> None:
    """Refuse when another program listens there."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as why:
            raise Refused(
                f"地址 {bind} 的端口 {port} 不能使用（{why.strerror}）。换一个端口：PORT={port + 1} make run"
            ) from None
