"""The fault drill in short: every program is killed once, some by a child of theirs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.drill.__main__ import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]


def test_nothing_is_lost_and_nothing_happens_twice():
    dropped = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "SITE_URL", "EMAIL_URL")
    env = {key: value for key, value in os.environ.items() if key not in dropped} | {"YUSHU_TRAVEL": "1"}
    drill = [sys.executable, "-m", "tests.drill", "--cases", "24", "--seconds", "12", "--kills", "1"]
    done = subprocess.run(
        [*drill, "--hours", "20"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    assert "没有丢失，没有重复" in done.stdout
