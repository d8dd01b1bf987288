"""`manage.py duties`: each duty of the law, what enforces it, and which tests prove it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from statutes import law
from statutes.keeping import Keeping, NoSuchDuty, UnreadableMark, keepings


class Command(BaseCommand):
    help = "列出全部职责、落实它的程序或校验，以及证明它的测试。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")
        parser.add_argument("ids", nargs="*", metavar="编号", help="只列这些职责，如 SHA-05；不写则全部")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = {row.duty.id: row for row in keepings(settings.BASE_DIR)}
            chosen = [rows[law.duty(one).id] for one in options["ids"]] or list(rows.values())
        except (NoSuchDuty, UnreadableMark, law.UnknownDuty) as error:
            raise CommandError(str(error)) from error
        write = self._json if options["format"] == "json" else self._text
        write(chosen)

    def _json(self, chosen: Sequence[Keeping]) -> None:
        rows = [
            {
                "id": row.duty.id,
                "article": ", ".join(citation.code for citation in row.duty.articles),
                "enforced_by": [one.what for one in row.enforced_by],
                "proved_by": list(row.proved_by),
            }
            for row in chosen
        ]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))

    def _text(self, chosen: Sequence[Keeping]) -> None:
        for row in chosen:
            self.stdout.write(f"{row.duty.id}  {row.duty.summary}")
            self._line("依据", [f"{one.short}（{one.code}）" for one in row.duty.articles])
            self._line("方式", [form.label for form in row.duty.form])
            self._line("落实", self._enforcers(row) or [self._unenforced(row)])
            self._line("证明", row.proved_by or ["无"])
            self.stdout.write("")
        self.stdout.write(self._summary(chosen))

    def _line(self, name: str, values: Sequence[str]) -> None:
        self.stdout.write(
            "\n".join(f"        {name if not row else '    '}  {v}" for row, v in enumerate(values))
        )

    def _enforcers(self, row: Keeping) -> list[str]:
        return [
            one.what if one.label == one.what else f"{one.label}（{one.what}）" for one in row.enforced_by
        ]

    def _unenforced(self, row: Keeping) -> str:
        return (row.duty.note or "平台上没有需要落实的行为") if row.workless else "尚无"

    def _summary(self, chosen: Sequence[Keeping]) -> str:
        enforced = [row for row in chosen if row.enforced_by]
        open_ones = [row for row in chosen if not row.enforced_by and not row.workless]
        return (
            f"共 {len(chosen)} 项：已落实 {len(enforced)} 项，尚未落实 {len(open_ones)} 项，"
            f"政策性或不实施 {len(chosen) - len(enforced) - len(open_ones)} 项；"
            f"有测试证明 {sum(bool(row.proved_by) for row in chosen)} 项，"
            f"无法律效力（仅据草案）{sum(not row.duty.force for row in chosen)} 项。"
        )
