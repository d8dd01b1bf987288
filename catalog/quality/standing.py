"""How entries stand, as pages and interface say it: by dimension, what fails first, what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Organisation
from clock import SHANGHAI
from django.db.models import QuerySet

from catalog.models import Entry, EntryQuality, QualityChange
from catalog.norm.elements import ENTRY_BY_NAME, ITEM_BY_NAME
from catalog.quality import rules  # noqa: F401 - the rules declare themselves
from catalog.quality.declare import RULES, Dimension, Outcome, Place, Rule


@dataclass(frozen=True)
class Said:
    """What one rule said of an entry."""

    rule: Rule
    outcome: Outcome
    reason: str
    where: tuple[str, ...] = ()

    @property
    def check(self) -> str:
        """The mark of a result, as `ck--…` names it."""
        return {Outcome.MET: "ok", Outcome.FAILS: "no"}.get(self.outcome, "")

    @property
    def field(self) -> str:
        """The element in which it is mended, in words."""
        elements = ITEM_BY_NAME if self.rule.place == Place.ITEMS else ENTRY_BY_NAME
        element = elements.get(self.rule.element)
        return element.label if element else ""

    @property
    def in_entry(self) -> bool:
        """Whether it is mended in the entry itself."""
        return self.rule.place in (Place.ENTRY, Place.ITEMS)

    @property
    def in_data(self) -> bool:
        return self.rule.place == Place.DATA

    @property
    def doubtful(self) -> bool:
        """Whether it is an error in the data, about which a review can be asked for."""
        return self.rule.traced


@dataclass(frozen=True)
class Part:
    """One dimension of one entry."""

    dimension: Dimension
    lines: list[Said]

    @property
    def met(self) -> int:
        return sum(line.outcome == Outcome.MET for line in self.lines)

    @property
    def fails(self) -> list[Said]:
        failing = (line for line in self.lines if line.outcome == Outcome.FAILS)
        return sorted(failing, key=lambda line: -line.rule.weight)

    @property
    def applies(self) -> int:
        return self.met + len(self.fails)


@dataclass(frozen=True)
class Standing:
    """An entry as it was last looked at."""

    row: EntryQuality
    lines: list[Said]

    @property
    def parts(self) -> list[Part]:
        return [
            Part(dimension, [line for line in self.lines if line.rule.dimension == dimension])
            for dimension in Dimension
        ]

    @property
    def fails(self) -> list[Said]:
        """What is to be mended, what weighs most first."""
        by_code = {line.rule.code: line for line in self.lines}
        return [by_code[code] for code in self.row.failing if code in by_code]

    @property
    def first(self) -> Said | None:
        return next(iter(self.fails), None)

    def counted(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def met(self) -> int:
        return self.counted(Outcome.MET)

    @property
    def aside(self) -> int:
        return self.counted(Outcome.NONE)

    @property
    def waiting(self) -> int:
        """Rules that have not answered yet: the data is still being counted."""
        return len(RULES) - len(self.lines)


def of(row: EntryQuality) -> Standing:
    """The row in words; rules that are no longer declared are left out."""
    lines = [
        Said(rule, Outcome(row.results[code][0]), row.results[code][1], tuple(row.results[code][2]))
        for code, rule in RULES.items()
        if code in row.results
    ]
    return Standing(row, lines)


def of_entry(entry: Entry) -> Standing | None:
    """How the entry stands; None before the first look (one query)."""
    row = EntryQuality.objects.filter(entry=entry).exclude(looked_at=None).first()
    return of(row) if row is not None else None


def panel(entry: Entry, at: datetime) -> Standing | None:
    """For the entry's page."""
    return of_entry(entry) if entry.status == Entry.Status.PUBLISHED else None


ORDER = ("-must", "-should", "-may", "entry_id")


def of_body(body: Organisation, rule: str = "") -> QuerySet[EntryQuality]:
    """The body's entries, by what is to be mended first; `rule` leaves those that fail it."""
    rows = EntryQuality.objects.filter(provider=body).exclude(looked_at=None).select_related("entry")
    if rule:
        rows = rows.filter(failing__contains=[rule])
    return rows.order_by(*ORDER)


def changes(entry: Entry) -> QuerySet[QualityChange]:
    return QualityChange.objects.filter(entry=entry).select_related("body")


@dataclass(frozen=True)
class Told:
    """A change of an outcome, for people."""

    change: QualityChange

    @property
    def label(self) -> str:
        rule = RULES.get(self.change.rule)
        return rule.label if rule else self.change.rule

    @property
    def day(self) -> date:
        return self.change.at.astimezone(SHANGHAI).date()

    @property
    def words(self) -> str:
        return Outcome(self.change.after).label

    @property
    def check(self) -> str:
        return {"met": "ok", "fails": "no"}.get(self.change.after, "")


HEADER = (
    "资源代码", "名称", "程度", "规则", "维度", "说明", "怎样改", "在哪里改", "依据", "检查时间",
)  # fmt: skip
_PLACES = {
    Place.ENTRY: "目录编制：条目",
    Place.ITEMS: "目录编制：信息项",
    Place.DATA: "载入数据",
    Place.CASE: "办结校核",
    Place.REGISTER: "机构名录",
}


def table(rows: QuerySet[EntryQuality]) -> Iterator[list[Any]]:
    """One line for each thing to mend, entries in the order of the rows."""
    for row in rows.iterator(chunk_size=500):
        for line in of(row).fails:
            rule = line.rule
            yield [
                row.entry.code, row.entry.name, rule.weight.label, rule.label, rule.dimension.label, line.reason,
                rule.mend, _PLACES[rule.place], "、".join(rule.cites),
                f"{row.looked_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if row.looked_at else "",
            ]  # fmt: skip
