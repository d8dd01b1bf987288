"""`manage.py note_amendment 中华人民共和国个人信息保护法 2026-01-01 --article 第三十四条`"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

import clock
from django.core.management.base import BaseCommand, CommandError

from catalog.upkeep import note_amendment


class Command(BaseCommand):
    """A law was amended: an update for every provider whose entries rest on it (GOV19-14.1)."""

    help = "登记一次法律、法规修改，为条目以它为依据的各提供单位立“目录更新”件。重复登记不重复立件。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("title", help="法律、法规全称，不加书名号")
        parser.add_argument("amended_on", type=date.fromisoformat, help="修改之日，如 2026-01-01")
        parser.add_argument("--article", default="", help="修改的条，如 第三十四条；不写为整部")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["amended_on"] > clock.today():
            raise CommandError("修改之日不能晚于今天；尚未施行的，施行之日再登记。")
        try:
            made = note_amendment(options["title"], options["article"], options["amended_on"], at=clock.now())
        except ValueError as fault:
            raise CommandError(str(fault)) from None
        for case in made:
            touched = len(case.catalogue_update.touched)
            self.stdout.write(f"{case.number} {case.title}：涉及 {touched} 条")
        self.stdout.write(f"立件 {len(made)} 件。" if made else "没有条目以它为依据，或者已经登记过。")
