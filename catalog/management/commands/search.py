"""`manage.py search reindex`: write what entries are found by anew; with `--check` only compare."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from catalog.models import Entry
from catalog.search.index import drift, mend

#: Codes that a message names.
NAMED = 20


class Command(BaseCommand):
    help = "目录检索文本：reindex 重建与条目不一致的部分，reindex --check 只核对，不一致时退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["reindex"])
        parser.add_argument("--check", action="store_true", help="只核对，不写")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            found = drift()
            if found.entries or found.values:
                told = self._told(found.entries, found.values)
                if options["check"]:
                    raise CommandError(f"{told}。执行 manage.py search reindex 重建")
                mend(found)
                self.stdout.write(f"{told}，已重建")
        self.stdout.write(f"{Entry.objects.count():,} 个条目的检索文本与条目一致")

    def _told(self, entries: list[int], values: list[tuple[str, str]]) -> str:
        parts = []
        if entries:
            codes = Entry.objects.filter(pk__in=entries[:NAMED]).order_by("pk").values_list("code", flat=True)
            parts.append(f"{len(entries):,} 个条目的检索文本与条目不一致：{'、'.join(codes)}")
        if values:
            parts.append(
                f"{len(values):,} 个筛选值的数量不对：{'、'.join(f'{f} {v}' for f, v in values[:NAMED])}"
            )
        return "；".join(parts)
