"""`manage.py docs`: write the documents that come from the declarations; `--check` says which are stale."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from statutes.keeping import NoSuchDuty, UnreadableMark

from web.documentation import papers


class Command(BaseCommand):
    help = "从声明写出文档：办理程序、职责、权限、接口参考。不需要数据库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，有过时的即报错并逐一列出")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        try:
            if options["check"]:
                self._check(papers.stale(root))
            else:
                changed = papers.write(root)
                self.stdout.write("\n".join([*changed, f"已更新 {len(changed)} 个文件。"]))
        except (papers.NotACheckout, NoSuchDuty, UnreadableMark) as error:
            raise CommandError(str(error)) from error

    def _check(self, stale: list[str]) -> None:
        if stale:
            listed = "\n".join(f"  {path}" for path in stale)
            raise CommandError(f"下列文档与声明不一致，请执行 manage.py docs 重新写出：\n{listed}")
        self.stdout.write("文档与声明一致。")
