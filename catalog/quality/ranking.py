"""The bodies beside each other, and over the months, from the figures kept by month.

A body with few entries is neither above nor below others by luck. Below `LEAST` entries it is not ranked. For the
others the place follows the mean mark after `LEAST` entries of the city's mean have been added to the body's own:
with 20 entries half of it is the body's own, with 3,000 nearly all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Organisation
from django.db.models import Q

from catalog.models import QualityMonth
from catalog.quality import rules  # noqa: F401 - the rules declare themselves
from catalog.quality.declare import RULES, Rule

LEAST = 20
MONTHS = 12


@dataclass(frozen=True)
class Counted:
    """A rule with how many entries fail it among those to which it applies."""

    rule: Rule
    failing: int
    applies: int

    @property
    def share(self) -> float:
        return 100 * self.failing / self.applies if self.applies else 0.0


@dataclass
class Figures:
    """What a month says of a body, or of all bodies together."""

    entries: int = 0
    flawless: int = 0
    marks: int = 0
    rules: dict[str, list[int]] = field(default_factory=dict)

    def add(self, month: QualityMonth) -> None:
        self.entries += month.entries
        self.flawless += month.flawless
        self.marks += month.marks
        for code, (failing, applies) in month.rules.items():
            mine = self.rules.setdefault(code, [0, 0])
            mine[0] += failing
            mine[1] += applies

    @property
    def mark(self) -> float | None:
        """The mean mark of the entries in per cent; None without entries."""
        return self.marks / self.entries / 100 if self.entries else None

    @property
    def worst(self) -> list[Counted]:
        """The rules that fail, those that most entries fail first."""
        found = [
            Counted(RULES[code], failing, applies)
            for code, (failing, applies) in self.rules.items()
            if failing and code in RULES
        ]
        return sorted(found, key=lambda one: (-one.failing, -one.rule.weight, one.rule.code))

    def failing(self, code: str) -> int:
        return self.rules.get(code, [0, 0])[0]

    @property
    def not_held(self) -> int:
        """Entries of the responsibility list without data."""
        return self.failing("held")

    @property
    def late(self) -> int:
        return self.failing("timely")


def figures(months: Sequence[QualityMonth]) -> Figures:
    """All of them together."""
    whole = Figures()
    for month in months:
        whole.add(month)
    return whole


@dataclass
class Place:
    """A body's place: `level` is the mark by which it is placed; `before` the mark of the month before."""

    month: QualityMonth
    figures: Figures
    level: float = 0.0
    rank: int | None = None
    before: float | None = None

    @property
    def body(self) -> Organisation:
        return self.month.body

    @property
    def change(self) -> float | None:
        now = self.figures.mark
        return None if now is None or self.before is None else round(now - self.before, 1)


@dataclass
class Board:
    """A month: the bodies in order, those too small to be ranked by name, all of them together."""

    month: date | None
    ranked: list[Place] = field(default_factory=list)
    unranked: list[Place] = field(default_factory=list)
    whole: Figures = field(default_factory=Figures)


def months() -> list[date]:
    """The months with figures, the newest first."""
    return list(QualityMonth.objects.order_by("-month").values_list("month", flat=True).distinct())


def board(month: date | None) -> Board:
    """The ranking of a month (two queries)."""
    if month is None:
        return Board(None)
    rows = list(
        QualityMonth.objects.filter(month=month, entries__gt=0).select_related("body").order_by("body__code")
    )
    previous = (month.replace(day=1) - _DAY).replace(day=1)
    earlier = {row.body_id: row.mark for row in QualityMonth.objects.filter(month=previous, entries__gt=0)}
    made = Board(month, whole=figures(rows))
    mean = made.whole.mark or 0.0
    for row in rows:
        own = figures([row])
        place = Place(row, own, before=earlier.get(row.body_id))
        place.level = (row.marks / 100 + LEAST * mean) / (row.entries + LEAST)
        (made.ranked if row.entries >= LEAST else made.unranked).append(place)
    made.ranked.sort(key=lambda place: (-place.level, place.body.code))
    for number, place in enumerate(made.ranked, 1):
        above = made.ranked[number - 2] if number > 1 else None
        same = above is not None and round(above.level, 6) == round(place.level, 6)
        place.rank = above.rank if same and above is not None else number
    return made


def trend(until: date, body: Organisation | None = None) -> list[tuple[date, Figures]]:
    """The twelve months up to `until`, of a body or of all (one query)."""
    span = _span(until)
    rows = QualityMonth.objects.filter(month__gte=span[0], month__lte=until)
    if body is not None:
        rows = rows.filter(body=body)
    found: dict[date, Figures] = {month: Figures() for month in span}
    for row in rows:
        found[row.month].add(row)
    return list(found.items())


def by_rule(
    month: date | None, rule: str, bodies: Sequence[int] | None = None
) -> list[tuple[Organisation, Counted]]:
    """The bodies with entries that fail a rule in the month, most first (one query)."""
    rows = QualityMonth.objects.filter(month=month, entries__gt=0, rules__has_key=rule).select_related("body")
    if bodies is not None:
        rows = rows.filter(Q(body__in=bodies))
    found = [(row.body, Counted(RULES[rule], *row.rules[rule])) for row in rows]
    return sorted(
        ((body, one) for body, one in found if one.failing), key=lambda pair: (-pair[1].failing, pair[0].code)
    )


def _span(until: date) -> list[date]:
    months = [until.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - _DAY).replace(day=1))
    return months[::-1]


_DAY = date.resolution
