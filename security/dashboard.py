"""What the dashboard says, added up from one tally before the template draws it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Organisation
from deadlines.models import Term
from deadlines.workdays import Calendar, add_months
from django.utils.safestring import SafeString

from security.charts import TARGET, Dots, Trend, floor
from security.period import Period
from security.queries.tally import Group, Tally, groups, total
from security.scope import Scope

#: A unit with fewer limits than this is not ranked: one late answer would put it at the bottom.
LEAST_TO_RANK = 20
SHOWN = 20


@dataclass(frozen=True)
class BodyRow:
    """One unit. `dot` is empty when it has too few limits to be ranked; `change` in points against the year before."""

    body: Organisation | None
    tally: Tally
    change: Decimal | None
    dot: SafeString | str

    @property
    def below(self) -> bool:
        return bool(self.dot) and self.tally.rate is not None and self.tally.rate < TARGET

    @property
    def change_words(self) -> str:
        if self.change is None:
            return ""
        return f"{'升' if self.change > 0 else '降'} {abs(self.change)}" if self.change else "持平"


@dataclass(frozen=True)
class KindRow:
    """One kind of limit; `length` joins the lengths it had (5 个工作日)."""

    label: str
    length: str
    tally: Tally

    @property
    def below(self) -> bool:
        return self.tally.due >= LEAST_TO_RANK and self.tally.rate is not None and self.tally.rate < TARGET


@dataclass(frozen=True)
class Dashboard:
    """All figures of a period for those who may see them."""

    period: Period
    total: Tally
    before: Tally
    ranked: list[BodyRow]
    unranked: list[BodyRow]
    kinds: list[KindRow]
    months: list[tuple[date, Tally]]
    dots: Dots
    trend: Trend

    @property
    def bodies(self) -> int:
        return len(self.ranked) + len(self.unranked)

    @property
    def change(self) -> Decimal | None:
        return _change(self.total, self.before)


def build(period: Period, scope: Scope, *, today: date, calendar: Calendar, label: str = "") -> Dashboard:
    """Three queries whatever the number of limits: the tally, bodies, terms."""
    first = min(period.before.first, period.months[0])
    until = max(period.until, add_months(period.months[-1], 1))
    found = groups(first, until, scope, today=today, calendar=calendar)
    kinds = _kinds([group for group in found if period.holds(group.month)])
    if label:
        found = [group for group in found if group.label == label]
    now = [group for group in found if period.holds(group.month)]
    earlier = [group for group in found if period.before.holds(group.month)]
    ranked, unranked, dots = _bodies(now, earlier)
    months = [(month, total(g for g in found if g.month == month)) for month in period.months]
    return Dashboard(
        period=period,
        total=total(now),
        before=total(earlier),
        ranked=ranked,
        unranked=unranked,
        kinds=kinds,
        months=months,
        dots=dots,
        trend=Trend(
            months,
            f"{period.label}各月法定期限按时率与到期数量"
            if not period.month
            else "近十二个月按时率与到期数量",
        ),
    )


def _by(found: Iterable[Group], key: str) -> dict[object, Tally]:
    tallies: dict[object, Tally] = {}
    for group in found:
        tallies.setdefault(getattr(group, key), Tally()).add(group.tally)
    return tallies


def _bodies(now: list[Group], earlier: list[Group]) -> tuple[list[BodyRow], list[BodyRow], Dots]:
    """The units from the lowest rate up, those too small to rank, and the axis for the dots."""
    tallies, before = _by(now, "body"), _by(earlier, "body")
    names = Organisation.objects.in_bulk([body for body in tallies if body is not None])
    enough = {body: tally for body, tally in tallies.items() if tally.due >= LEAST_TO_RANK}
    dots = Dots(floor([tally.rate for tally in enough.values()]))
    rows = [
        BodyRow(
            names.get(body),
            tally,
            _change(tally, before.get(body, Tally())),
            dots.dot(tally.rate) if body in enough else "",
        )
        for body, tally in tallies.items()
    ]
    ranked = sorted((row for row in rows if row.dot), key=lambda row: (row.tally.rate, -row.tally.due))
    rest = sorted((row for row in rows if not row.dot), key=lambda row: (-row.tally.overdue, -row.tally.due))
    return ranked, rest, dots


def _change(now: Tally, before: Tally) -> Decimal | None:
    """Points gained against the year before; None unless both have enough to compare."""
    if min(now.due, before.due) < LEAST_TO_RANK:
        return None
    return now.rate - before.rate


def _kinds(now: list[Group]) -> list[KindRow]:
    terms = Term.objects.in_bulk({group.term for group in now if group.term is not None})
    lengths: dict[str, dict[str, None]] = {}
    for group in now:
        term = terms.get(group.term)
        words = f"{term.amount} {term.get_unit_display()}" if term is not None else "按指定日期"
        lengths.setdefault(group.label, {})[words] = None
    tallies = _by(now, "label")
    rows = [KindRow(str(label), "、".join(lengths[str(label)]), tally) for label, tally in tallies.items()]
    return sorted(rows, key=lambda row: -row.tally.due)
