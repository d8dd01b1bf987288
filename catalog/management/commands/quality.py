"""`manage.py quality look`: look at all entries that are due; with codes, or `--all`, at those whatever was found."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import clock
from django.core.management.base import BaseCommand, CommandError

from catalog.models import Entry, EntryQuality
from catalog.quality import keeping


class Command(BaseCommand):
    help = (
        "质量检查：look 检查到期的条目和数据；写资源代码的只检查这些，--all 全部重查。结果不变时什么也不写。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["look"])
        parser.add_argument("codes", nargs="*", help="资源代码")
        parser.add_argument("--all", action="store_true", help="全部已发布的条目")

    def handle(self, *args: Any, **options: Any) -> None:
        at, wanted = clock.now(), None
        if options["codes"]:
            found = dict(
                Entry.objects.published().filter(code__in=options["codes"]).values_list("code", "pk")
            )
            if unknown := [code for code in options["codes"] if code not in found]:
                raise CommandError(f"没有这些已发布的条目：{'、'.join(unknown)}")
            wanted = list(found.values())
        elif options["all"]:
            wanted = list(Entry.objects.published().values_list("pk", flat=True))
        keeping.note(at, entries=wanted)
        report = keeping.settle(at)
        self.stdout.write(f"检查了 {report.looked:,} 条次，{report.changed:,} 处变化")
        left = EntryQuality.objects.filter(next_look__lte=at).count()
        for code, error in report.failed:
            self.stderr.write(f"没有检查成：{code}，{error}")
        if report.failed or left:
            raise CommandError(f"{len(report.failed):,} 条没有检查成，{left:,} 条等待检查")
