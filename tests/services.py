"""One real PostgreSQL and one real Redis for the whole run, in a folder of their own, gone afterwards.

Loaded with `-p tests.services`, so that they run before Django reads its settings.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from config.services import Postgres, Redis, discard

_started: list[Postgres | Redis] = []
_folder: Path | None = None


def _start() -> None:
    global _folder
    os.environ.setdefault("YUSHU_DEMO", "1")
    if "PYTEST_XDIST_WORKER" in os.environ or "DATABASE_URL" in os.environ:
        return
    _folder = Path(tempfile.mkdtemp(prefix="yushu-test-"))
    _folder.chmod(0o755)
    postgres, redis = Postgres(_folder, durable=False), Redis(_folder)
    for service in (postgres, redis):
        service.start()
        _started.append(service)
    os.environ["DATABASE_URL"] = postgres.url
    os.environ["REDIS_URL"] = redis.url
    os.environ["DATA_DIR"] = str(_folder)


_start()


def pytest_unconfigure(config: pytest.Config) -> None:
    for service in _started:
        service.stop()
    if _folder is not None:
        discard(_folder)
