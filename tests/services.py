"""A real PostgreSQL and a real Redis for each process that runs tests, in a folder of their own, gone afterwards.

Loaded with `-p tests.services`, so that they run before Django reads its settings. With xdist each worker has its
own servers: what looks at the transactions of a whole server (the sealer does) must not wait for another worker's.
Killed outright, a run leaves no server behind (they die with their parent), and the next run removes the folder.

It also orders the tests (fast, slow, journeys) and says at the end, in words, which browser journeys did not run.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from config.services import Postgres, Redis, discard

from tests.browser import HOW_TO_INSTALL, chromium

_PREFIX = "yushu-test-"


def _sweep_leftovers() -> None:
    """Remove the folders of runs that were killed: those whose lock nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            with (folder / "lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                discard(folder)
        except (FileNotFoundError, PermissionError, BlockingIOError):
            continue  # just being made, someone else's, or in use


def _start_services() -> None:
    _sweep_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o755)
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    postgres, redis = Postgres(folder, durable=False), Redis(folder)

    def stop() -> None:
        for service in (redis, postgres):
            service.stop()
        discard(folder)
        lock.close()
        _sweep_leftovers()  # a worker ends without a word; the first process ends last

    atexit.register(stop)
    for service in (postgres, redis):
        service.start()
    os.environ["DATABASE_URL"] = postgres.url
    os.environ["REDIS_URL"] = redis.url
    os.environ["DATA_DIR"] = str(folder)


os.environ.setdefault("YUSHU_DEMO", "1")
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["STATIC_HASHED"] = "0"
os.environ["YUSHU_TRAVEL"] = "0"
_start_services()


def _weight(item: pytest.Item) -> int:
    return 2 if item.get_closest_marker("journey") else 1 if item.get_closest_marker("slow") else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_weight)
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("journey"):
                item.add_marker(pytest.mark.skip(reason="没有找到 Chromium"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    missed = sorted(
        {
            r.nodeid
            for r in terminalreporter.stats.get("skipped", [])
            if "journey" in getattr(r, "keywords", {})
        }
    )
    if not missed:
        return
    terminalreporter.section("没有运行的浏览器旅程")
    for name in missed:
        terminalreporter.line(f"  {name}")
    terminalreporter.line(f"其余测试已全部运行。{HOW_TO_INSTALL}")


def pytest_report_header() -> str:
    found = chromium()
    return f"Chromium: {found}" if found else "Chromium: 没有找到，浏览器旅程不运行"
