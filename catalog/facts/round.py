"""What the city data authority states when it opens, steers and ends a round."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from accounts.models import Organisation
from django.db.models import Q
from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, Reason, Words

from catalog.models import CatalogueRound

Kind = Organisation.Kind
#: Who is called by default: those bound to compile. Bodies by reference are asked by name only (CAT-05).
CALLED = {
    CatalogueRound.Kind.GOVERNMENT: (Kind.CITY_DEPARTMENT, Kind.DISTRICT_DEPARTMENT, Kind.AGENCY),
    CatalogueRound.Kind.PUBLIC_SERVICE: (Kind.PUBLIC_SERVICE,),
}
MAY_BE_NAMED = {
    CatalogueRound.Kind.GOVERNMENT: (
        *CALLED[CatalogueRound.Kind.GOVERNMENT],
        Kind.CITY_GOVERNMENT,
        Kind.DISTRICT_GOVERNMENT,
        Kind.BY_REFERENCE,
    ),
    CatalogueRound.Kind.PUBLIC_SERVICE: (Kind.PUBLIC_SERVICE, Kind.BY_REFERENCE),
}
_SPLIT = re.compile(r"[、,，;；\n]+")


def bodies_named(text: str, kind: str, on: date) -> tuple[list[Organisation], list[str]]:
    """The bodies of a text by code, full or short name, and the names that are none of those that may be called."""
    names = list(dict.fromkeys(part.strip() for part in _SPLIT.split(text) if part.strip()))
    match = Q(code__in=names) | Q(name__in=names) | Q(short_name__in=names)
    found = list(Organisation.objects.on(on).filter(match, kind__in=MAY_BE_NAMED[kind]).order_by("code"))
    known = {word for body in found for word in (body.code, body.name, body.short_name)}
    return found, [name for name in names if name not in known]


def bodies_called(kind: str, whom: str, named: str, on: date) -> list[Organisation]:
    """Whom a round calls, by code."""
    listed, _unknown = bodies_named(named, kind, on)
    if whom == "named":
        return listed
    left = {body.pk for body in listed}
    return [
        body
        for body in Organisation.objects.on(on).filter(kind__in=CALLED[kind]).order_by("code")
        if body.pk not in left
    ]


class RoundFacts(Facts):
    """The norm (GOV19-11), whom it calls, by when. The subject is the kind of catalogue."""

    law = frozenset({"norm"})

    norm = Basis(
        label="编制规范",
        help_text="规范名称和版本，例如《重庆市公共数据目录编制规范》（2026 年版）。要素以平台所列为准。",
    )
    whom = Pick(
        label="列入单位",
        choices=[("all", "应当编制的全部单位"), ("but", "全部，除下列单位"), ("named", "只有下列单位")],
    )
    named = Words(
        label="下列单位",
        required=False,
        most=20_000,
        rows=3,
        help_text="机构代码、全称或者简称，用顿号或者换行隔开。参照执行的单位只在点名时列入。",
    )
    compile_by = Day(label="报送截止日")
    requirements = Words(label="编制要求", required=False, most=2000, rows=4)

    def setup(self) -> None:
        self.fields["whom"].initial = "all"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, kind = self.setting.at.date(), self.setting.subject
        if (until := cleaned.get("compile_by")) and until <= day:
            self.add_error("compile_by", f"报送截止日应晚于今天（{day.isoformat()}）")
        if kind not in CALLED or "whom" not in cleaned:
            return cleaned
        whom, named = cleaned["whom"], cleaned.get("named", "")
        if whom != "all" and not named.strip():
            self.add_error("named", "请写明单位")
            return cleaned
        _found, unknown = bodies_named(named, kind, day)
        if unknown:
            self.add_error("named", f"机构登记中没有这些编制单位：{'、'.join(unknown[:10])}")
        elif not bodies_called(kind, whom, named, day):
            self.add_error("named", "没有列入任何单位")
        return cleaned


class CallFacts(Facts):
    """A body joins the round or leaves it: founded, merged, abolished."""

    change = Pick(label="办理", choices=[("add", "增列"), ("drop", "撤列")])
    body = Words(label="单位", most=100, rows=1, help_text="机构代码、全称或者简称。")
    reason = Reason(label="原因", least=5, rows=3, help_text="如新设、合并、撤销，写明文件。")

    def clean_body(self) -> str:
        record, text = self.setting.subject, self.cleaned_data["body"]
        if not isinstance(record, CatalogueRound):
            return text
        found, unknown = bodies_named(text, record.kind, self.setting.at.date())
        if unknown or len(found) != 1:
            self.add_error("body", "请写一个可以列入本轮次的单位的机构代码、全称或者简称")
            return text
        return found[0].code


class CloseFacts(Facts):
    note = Words(label="说明", required=False, most=1000, rows=3)


class PublicationFacts(Facts):
    reason = Reason(label="发布说明", least=5, rows=3, help_text="写入目录版本，任何人可见。")

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, CatalogueRound):
            year = record.compile_by.year
            self.fields["reason"].initial = f"{year} 年{record.get_kind_display()}编制轮次"


class CancellationFacts(Facts):
    reason = Reason(label="取消原因", rows=3)
