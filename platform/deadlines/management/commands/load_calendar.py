"""`manage.py load_calendar FILE`: a new year's notice or a local change. Shows what it will move before it saves."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import clock
from accounts.actors import SYSTEM
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from deadlines.changes import CalendarChange, read_notices
from deadlines.listeners import changed
from deadlines.recompute import apply, preview

SHOWN = 20


class Command(BaseCommand):
    help = (
        "载入新一年的放假安排或本地调整（JSON，格式同 platform/deadlines/data/notices.json）。"
        "先列出影响，加 --yes 才保存。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="文件", help="JSON 文件")
        parser.add_argument("--yes", action="store_true", help="保存；不加只预览")
        parser.add_argument("--reason", default="载入放假安排", help="记入审计的理由")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            notices = read_notices(options["file"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        for notice in notices:
            self._one(notice, save=options["yes"], reason=options["reason"])

    def _one(self, notice: CalendarChange, *, save: bool, reason: str) -> None:
        if notice.is_known():
            self.stdout.write(f"{notice.number} 已载入，未作改动")
            return
        at = clock.now()
        shown = preview(notice, at=at)
        self.stdout.write(f"{notice.number} {notice.title}：{shown}")
        for move in shown.moves[:SHOWN]:
            mark = "，将逾期" if move.overdue else ""
            self.stdout.write(f"  {move.number} {move.label}：{move.before} → {move.after}{mark}")
        if len(shown.moves) > SHOWN:
            self.stdout.write(f"  另有 {len(shown.moves) - SHOWN} 件")
        if not save:
            self.stdout.write("没有保存。确认后加 --yes 再执行一次")
            return
        apply(notice, by=SYSTEM, reason=reason, at=at, after=changed)
        self.stdout.write("已保存，并已通知各方")
