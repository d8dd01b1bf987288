"""`manage.py duties`: each duty of the law, what enforces it, and which tests prove it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import get_resolver
from django.utils.module_loading import autodiscover_modules

from statutes import enforcement, law
from statutes.proof import UnreadableMark, proofs
from statutes.texts import Duty, Form

WORKLESS = (Form.POLICY, Form.OFF)
"""Forms in which nothing is left to enforce on the platform."""


class Command(BaseCommand):
    help = "列出全部职责、落实它的程序或校验，以及证明它的测试。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")
        parser.add_argument("ids", nargs="*", metavar="编号", help="只列这些职责，如 SHA-05；不写则全部")

    def handle(self, *args: Any, **options: Any) -> None:
        declare_all()
        proved = self._proved()
        try:
            chosen = [law.duty(one) for one in options["ids"]] or list(law.duties())
        except law.UnknownDuty as error:
            raise CommandError(str(error)) from error
        write = self._json if options["format"] == "json" else self._text
        write(chosen, proved)

    def _proved(self) -> dict[str, list[str]]:
        """Tests by duty. Refuses marks and registrations that name no duty, each with its place."""
        try:
            found = proofs(settings.BASE_DIR)
        except UnreadableMark as error:
            raise CommandError(str(error)) from error
        known = {duty.id for duty in law.duties()}
        places = {(one.duty, one.place): None for one in found if one.duty not in known}
        places |= {(one.duty, one.place): None for one in enforcement.strays()}
        if places:
            lines = [f"  {place}：{duty_id}" for duty_id, place in places]
            raise CommandError("\n".join(["以下位置写了不存在的职责编号，请改正：", *lines]))
        proved: dict[str, list[str]] = defaultdict(list)
        for one in found:
            proved[one.duty].append(one.test)
        return proved

    def _json(self, chosen: list[Duty], proved: dict[str, list[str]]) -> None:
        rows = [
            {
                "id": duty.id,
                "article": ", ".join(citation.code for citation in duty.articles),
                "enforced_by": list(enforcement.enforcers(duty.id)),
                "proved_by": proved.get(duty.id, []),
            }
            for duty in chosen
        ]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))

    def _text(self, chosen: list[Duty], proved: dict[str, list[str]]) -> None:
        for duty in chosen:
            self.stdout.write(f"{duty.id}  {duty.summary}")
            self._line("依据", [f"{one.short}（{one.code}）" for one in duty.articles])
            self._line("方式", [form.label for form in duty.form])
            self._line("落实", self._enforcers(duty) or [self._unenforced(duty)])
            self._line("证明", proved.get(duty.id, []) or ["无"])
            self.stdout.write("")
        self.stdout.write(self._summary(chosen, proved))

    def _line(self, name: str, values: list[str]) -> None:
        self.stdout.write(
            "\n".join(f"        {name if not row else '    '}  {v}" for row, v in enumerate(values))
        )

    def _enforcers(self, duty: Duty) -> list[str]:
        found = enforcement.enforcing(duty.id)
        return [one.what if one.label == one.what else f"{one.label}（{one.what}）" for one in found]

    def _unenforced(self, duty: Duty) -> str:
        return duty.note or "平台上没有需要落实的行为" if _workless(duty) else "尚无"

    def _summary(self, chosen: list[Duty], proved: dict[str, list[str]]) -> str:
        enforced = [duty for duty in chosen if enforcement.enforcers(duty.id)]
        open_ones = [duty for duty in chosen if not enforcement.enforcers(duty.id) and not _workless(duty)]
        return (
            f"共 {len(chosen)} 项：已落实 {len(enforced)} 项，尚未落实 {len(open_ones)} 项，"
            f"政策性或不实施 {len(chosen) - len(enforced) - len(open_ones)} 项；"
            f"有测试证明 {sum(duty.id in proved for duty in chosen)} 项，"
            f"无法律效力（仅据草案）{sum(not duty.force for duty in chosen)} 项。"
        )


def _workless(duty: Duty) -> bool:
    return all(form in WORKLESS for form in duty.form)


def declare_all() -> None:
    """Import what declares: the procedures and rules of every app, and through the addresses all else."""
    autodiscover_modules("procedures", "actions", "queries")
    _ = get_resolver().url_patterns
