from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import clock
from accounts.actors import SYSTEM
from django.core.management.base import BaseCommand, CommandError

from audit import actions, book
from audit.export import NothingSealed
from audit.models import Seal
from audit.sealing import seal_all
from audit.verification import Report


class Command(BaseCommand):
    help = "审计轨迹：封印、核验、导出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("seal", help="把已提交而未入链的事件入链，并加封印")
        verify = verbs.add_parser("verify", help="核验链、封印、封印簿和检索栏；有问题时返回 1")
        verify.add_argument("--book", type=Path, help="另行保存的封印簿，缺省用本机的")
        export = verbs.add_parser("export", help="导出一段，内附不依赖本系统的核验程序")
        export.add_argument("file", type=Path, help="写到哪个 .zip 文件")
        for verb in (verify, export):
            verb.add_argument("--from", dest="start", metavar="DATE", help="自这一天（或时刻）起封印的")
            verb.add_argument("--to", dest="end", metavar="DATE", help="到这一天（含，或时刻，不含）止封印的")
        seals = verbs.add_parser("seals", help="逐行打印封印，供另行保存")
        seals.add_argument("--after", type=int, default=0, metavar="N", help="只打印第 N 号以后的")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        getattr(self, f"_{verb}")(**options)

    def _seal(self, **_: Any) -> None:
        seals = seal_all(clock.now())
        for seal in seals:
            self.stdout.write(f"第 {seal.number} 号封印：第 {seal.first} 至 {seal.last} 位，{seal.digest}")
        if not seals:
            self.stdout.write("没有需要封印的事件")

    def _verify(self, start: str | None, end: str | None, book: Path | None, **_: Any) -> None:
        report = actions.check(SYSTEM, moment(start), moment(end, day_ends=True), at=clock.now(), kept=book)
        self._print(report)
        if not report.ok:
            sys.exit(1)

    def _print(self, report: Report) -> None:
        self.stdout.write(
            f"核对第 {report.first} 至 {report.last} 位，{report.count} 条，{report.seals} 个封印"
        )
        if report.newest:
            self.stdout.write(f"最后的封印：{report.newest}")
        self.stdout.write(f"待封印：{report.waiting} 条")
        for position, what in report.findings:
            self.stdout.write(f"第 {position} 位：{what}" if position else what)
        self.stdout.write("完好" if report.ok else f"发现 {len(report.findings)} 处问题")

    def _export(self, file: Path, start: str | None, end: str | None, **_: Any) -> None:
        # Written beside its place and moved there whole: a broken export never looks like one.
        part = file.with_name(file.name + ".part")
        try:
            with open(part, "wb") as target:
                made = actions.export(
                    SYSTEM, target, moment(start), moment(end, day_ends=True), at=clock.now()
                )
            part.replace(file)
        except NothingSealed as nothing:
            raise CommandError(str(nothing)) from nothing
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{file}：第 {made.first} 至 {made.last} 位，{made.count} 条")
        self.stdout.write(f"清单摘要：{made.digest}")

    def _seals(self, after: int, **_: Any) -> None:
        for seal in Seal.objects.filter(number__gt=after).order_by("number").iterator():
            self.stdout.write(book.line(seal))


def moment(text: str | None, *, day_ends: bool = False) -> datetime | None:
    """An ISO date or moment, in Shanghai when it names no zone. A date as an end runs to the end of that day."""
    if not text:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"日期应写作 2026-12-31 或 2026-12-31T16:00，现在是 {text}") from error
    if day_ends and len(text) == 10:
        value += timedelta(days=1)
    return value if value.tzinfo else value.replace(tzinfo=clock.SHANGHAI)
