"""`make bench`: run every measurement here, each over a database of its own, and print its ratio lines.

A measurement is a module of this folder with `main() -> None`, which prints one line a ratio: what was measured, the
floor measured in the same run, and their ratio. It finds Django set up over a freshly migrated, empty database.
`python -m bench NAME` runs one of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from config.services import Postgres, Redis, discard

HERE = Path(__file__).parent


def measurements() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def run_all(names: list[str]) -> int:
    """Start the servers once, then each measurement in a process and a database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="yushu-bench-"))
    folder.chmod(0o755)
    postgres, redis = Postgres(folder), Redis(folder)
    failed = []
    try:
        postgres.start()
        redis.start()
        for number, name in enumerate(names):
            began = time.monotonic()
            print(f"\n{name}", flush=True)
            database = postgres.database(f"bench_{number}")
            environment = os.environ | {
                "YUSHU_DEMO": "1",
                "YUSHU_TRAVEL": "0",  # as a real platform, which has no time machine
                "STATIC_HASHED": "0",
                "DATABASE_URL": database,
                "REDIS_URL": redis.url,
                "DATA_DIR": str(folder),
                "EMAIL_URL": "memorymail://",
                "LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "BENCH_ONE": "1",
            }
            done = subprocess.run([sys.executable, "-m", "bench", name], env=environment)
            print(f"（{time.monotonic() - began:.0f} 秒）", flush=True)
            if done.returncode != 0:
                failed.append(name)
    finally:
        redis.stop()
        postgres.stop()
        discard(folder)
    if failed:
        print(f"没有完成：{'、'.join(failed)}")
    return 1 if failed else 0


def run_one(name: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    import_module(f"bench.{name}").main()


if __name__ == "__main__":
    if "BENCH_ONE" in os.environ:
        run_one(sys.argv[1])
    else:
        sys.exit(run_all(sys.argv[1:] or measurements()))
