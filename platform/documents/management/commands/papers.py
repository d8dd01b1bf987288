from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from documents import queries
from documents.fixing import digest_of
from documents.models import Paper


class Command(BaseCommand):
    help = "文书：核对全部文书的摘要"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("verify", help="重新计算每份文书的 SM3 摘要；有不一致的逐份列出，返回 1")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        wrong = 0
        for paper in queries.differing():
            wrong += 1
            self.stdout.write(f"{paper.number}：印发时 {paper.sm3}，现在 {digest_of(paper)}")
        total = Paper.objects.count()
        if wrong:
            self.stdout.write(f"核对 {total} 份，{wrong} 份与印发时不一致")
            sys.exit(1)
        self.stdout.write(f"核对 {total} 份，全部与印发时一致")
