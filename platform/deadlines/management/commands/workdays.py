"""`manage.py workdays 2026-09-25 --add 5`: the day, on a line of its own, among its working."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from deadlines.counting import CountRefused, count
from deadlines.loading import bundled_calendar
from deadlines.queries import current_calendar
from deadlines.workdays import WEEKDAYS, Calendar


class Command(BaseCommand):
    help = "从某日起数若干个工作日（当天不计；负数往回数），并逐日说明。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", type=date.fromisoformat, metavar="日期", help="如 2026-09-25")
        parser.add_argument("--add", type=int, required=True, metavar="N", help="工作日数，可为负")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counted = count(self._calendar(), options["date"], options["add"])
        except CountRefused as error:
            raise CommandError(str(error)) from error
        for row in counted["days"]:
            self.stdout.write(f"  {line(row)}")
        for sentence in counted["sentences"]:
            cites = f"（{'、'.join(sentence['cites'])}）" if sentence["cites"] else ""
            self.stdout.write(f"{sentence['text']}{cites}")
        self.stdout.write(counted["date"])

    def _calendar(self) -> Calendar:
        """The calendar in force; where no database answers, that of the notices delivered, and it is said."""
        try:
            return current_calendar()
        except OperationalError:
            self.stderr.write("数据库没有运行，按随程序交付的放假安排计算，不含后来载入的安排。")
            return bundled_calendar()


def line(row: dict[str, Any]) -> str:
    """One day of the working as one line of text; a day never stands alone on its line, so the answer is found."""
    if row["kind"] == "fold":
        return f"{row['date']} 至 {row['end']}  共 {row['days']} 天，计入 {row['counted']} 天"
    word = {
        "event": "当天，不计",
        "rest": "不计",
        "count": f"第 {row['n']} 个",
        "end": f"第 {row['n']} 个，最后一日",
    }
    name = f"  {row['name']}{'调休上班' if row['makeup'] else ''}" if row["name"] else ""
    provisional = "  暂定" if row["provisional"] else ""
    return f"{row['date']} 周{WEEKDAYS[row['weekday']]}  {word[row['kind']]}{name}{provisional}"
