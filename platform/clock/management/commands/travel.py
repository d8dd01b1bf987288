"""`manage.py travel "2026-12-28 09:00"`, `manage.py travel --reset`: the demonstration at another time."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import clock
from clock import machine


class Command(BaseCommand):
    help = "把演示环境的时间调到某一刻（此后照常走时），或用 --reset 恢复真实时间。正式环境不能使用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instant", nargs="?", metavar="时间", help="如 “2026-12-28 09:00”，北京时间")
        parser.add_argument("--reset", action="store_true", help="恢复真实时间")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["instant"]) == options["reset"]:
            raise CommandError("写一个时间，如 “2026-12-28 09:00”，或写 --reset")
        try:
            if options["reset"]:
                machine.reset()
            else:
                machine.travel_to(_instant(options["instant"]))
        except machine.NotDemonstration as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"演示时间：{clock.now():%Y-%m-%d %H:%M}")


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
    except ValueError as error:
        raise CommandError(f"时间应写作 “2026-12-28 09:00”，现在是 “{text}”") from error
