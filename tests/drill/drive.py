"""`python -m tests.drill.drive NUMBER SEED CASES JOURNAL`: one driver as a process of its own."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from tests.drill.driver import Driver

    number, seed, share, journal = sys.argv[1:]
    driver = Driver(int(number), int(seed), int(share), Path(journal))
    signal.signal(signal.SIGTERM, driver.stop)
    driver.run()


if __name__ == "__main__":
    main()
