from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts import register


class Command(BaseCommand):
    help = "载入重庆市机构和行政区划名录（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = register.load()
        for note in outcome.notes:
            self.stdout.write(note)
        self.stdout.write(f"新增 {outcome.added}，更改 {outcome.changed}，无变化 {outcome.unchanged}")
