"""`manage.py load_law`: the calendar notices and terms delivered with the program, where they are not there yet."""

from __future__ import annotations

from typing import Any

import clock
from django.core.management.base import BaseCommand

from deadlines.loading import load_notices, load_terms


class Command(BaseCommand):
    help = "载入随程序交付的放假安排和期限条款；已有的不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        for notice in load_notices(at):
            self.stdout.write(f"放假安排 {notice.number} {notice.title}，{len(notice.days)} 天")
        terms = load_terms(at)
        self.stdout.write(f"期限条款新载入 {len(terms)} 条")
