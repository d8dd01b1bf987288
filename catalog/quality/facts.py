"""What the rules look at: an entry, what it says, its data's loads and counts. Gathered for many entries at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from accounts.models import District
from clock import SHANGHAI
from datacentre.models import HoldingItem, HoldingVersion
from deadlines.models import Deadline
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from catalog.corrections.clocks import REVIEW
from catalog.models import Entry, HoldingScan, QualityProblem
from catalog.norm.content import Content
from catalog.publishing import content_of
from catalog.quality.scan import Declared, digest

#: Reviews whose limit was broken within so many days count.
ANSWERED_WITHIN = timedelta(days=365)
_IDENTIFIERS = (
    ("uscc", re.compile(r"统一社会信用代码")),
    ("resident", re.compile(r"(公民|居民)?身份(证)?(号|号码|证件号码)$")),
    ("region", re.compile(r"(行政|统计用?)区划代码|^区划代码")),
)


@dataclass(frozen=True)
class Facts:
    """One entry as it stands at `at`. `before` is the load before `latest`; `scan` counts in `latest`, if it is there.

    `reviews_open_late` and `reviews_late`: reviews of its data that are past their limit now, and within a year.
    `related_gone` are the codes it names that are no published entries; `districts` those that ended, with successors.
    """

    entry: Entry
    content: Content
    at: datetime
    latest: HoldingVersion | None = None
    before: HoldingVersion | None = None
    scan: HoldingScan | None = None
    held: Mapping[str, HoldingItem] = field(default_factory=dict)
    problems: int = 0
    reviews_open_late: int = 0
    reviews_late: int = 0
    related_gone: tuple[str, ...] = ()
    districts: Mapping[str, District] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def said(self, element: str) -> Any:
        return self.content.entry[element]

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.content.items

    @property
    def data_version(self) -> int:
        return self.latest.number if self.latest else 0

    @cached_property
    def declared(self) -> list[Declared]:
        """What each column should hold: as the entry declares it; identifiers also as the holding marks them."""
        return [_declared(item, self.held.get(item["code"])) for item in self.items]

    @cached_property
    def scan_wanted(self) -> bool:
        """Whether the latest load has not been counted against what the entry declares now."""
        if self.latest is None:
            return False
        return self.scan is None or self.scan.declared != digest(self.declared)


def _declared(item: Mapping[str, Any], column: HoldingItem | None) -> Declared:
    type_ = item["type"] if item["type"] in HoldingItem.Type.values else ""
    identifier = identifier_of(item, column)
    checked = column is not None and column.type == type_ and column.identifier == identifier
    return Declared(item["code"], type_, identifier, checked, bool(item["element"]))


def identifier_of(item: Mapping[str, Any], column: HoldingItem | None = None) -> str:
    """Which identifier the item holds: as the holding marks it, or as its name says."""
    if column is not None and column.identifier:
        return str(column.identifier)
    name = item["name"]
    return next((kind for kind, words in _IDENTIFIERS if words.search(name)), "")


def gather(keys: Sequence[int], at: datetime) -> list[Facts]:
    """The facts of the entries that stand, in ten queries however many they are."""
    entries = list(
        Entry.objects.published()
        .filter(pk__in=keys)
        .select_related("provider", "holding")
        .prefetch_related("items", "conditions")
        .order_by("pk")
    )
    holdings = [entry.holding_id for entry in entries if entry.holding_id]
    loads = _loads(holdings)
    scans = HoldingScan.objects.in_bulk([two[0].pk for two in loads.values()])
    columns: dict[int, dict[str, HoldingItem]] = defaultdict(dict)
    for column in HoldingItem.objects.filter(holding__in=holdings):
        columns[column.holding_id][column.code] = column
    problems = _problems(keys)
    reviews = _reviews(keys, at)
    standing = _standing(entries)
    districts = _districts(at)
    return [
        Facts(
            entry=entry,
            content=content_of(entry),
            at=at,
            latest=loads.get(entry.holding_id, _NONE)[0],
            before=loads.get(entry.holding_id, _NONE)[1],
            scan=scans.get(loads[entry.holding_id][0].pk) if entry.holding_id in loads else None,
            held=columns.get(entry.holding_id, {}),
            problems=problems.get(entry.pk, 0),
            reviews_open_late=reviews.get(entry.pk, (0, 0))[0],
            reviews_late=reviews.get(entry.pk, (0, 0))[1],
            related_gone=tuple(code for code in entry.related if code not in standing),
            districts=districts,
        )
        for entry in entries
    ]


_Two = tuple[HoldingVersion | None, HoldingVersion | None]
_NONE: _Two = (None, None)


def _loads(holdings: Sequence[int]) -> dict[int, Any]:
    """The latest load of each holding and the one before."""
    place = Window(RowNumber(), partition_by=F("holding"), order_by=F("number").desc())
    found: dict[int, list[HoldingVersion]] = defaultdict(list)
    newest = HoldingVersion.objects.filter(holding__in=holdings).annotate(place=place).filter(place__lte=2)
    for version in newest.order_by("holding_id", "-number"):
        found[version.holding_id].append(version)
    return {holding: (two[0], two[1] if len(two) > 1 else None) for holding, two in found.items()}


def _problems(keys: Sequence[int]) -> dict[int, int]:
    """Errors that a review confirmed and that are not yet put right."""
    found = QualityProblem.objects.filter(
        entry__in=keys, fixed_at=None, source=QualityProblem.Source.REVIEW
    ).order_by()
    return dict(found.values_list("entry").annotate(n=Count("pk")))


def _reviews(keys: Sequence[int], at: datetime) -> dict[int, tuple[int, int]]:
    """Reviews past their limit: those still open, and all that broke it within a year."""
    limits = Deadline.objects.filter(
        clock=REVIEW.code,
        case__kind="correction-review",
        case__correction__entry__in=keys,
        due_at__lte=at,
        due_at__gt=at - ANSWERED_WITHIN,
    ).filter(Q(outcome=Deadline.Outcome.OPEN) | Q(breached_at__isnull=False))
    found = (
        limits.order_by()
        .values("case__correction__entry")
        .annotate(now=Count("pk", filter=Q(outcome=Deadline.Outcome.OPEN)), all=Count("pk"))
    )
    return {row["case__correction__entry"]: (row["now"], row["all"]) for row in found}


def _standing(entries: Sequence[Entry]) -> set[str]:
    named = {code for entry in entries for code in entry.related}
    return set(Entry.objects.published().filter(code__in=named).values_list("code", flat=True))


def _districts(at: datetime) -> dict[str, District]:
    """The districts that have ended, by name."""
    today = at.astimezone(SHANGHAI).date()
    gone = District.objects.filter(valid_to__lte=today).prefetch_related("successors")
    return {district.name: district for district in gone}
