"""How the limits of law were kept: one statement over the decided ones, from which every figure is added up.

A limit belongs to the month in which its last day lies. It is decided when the duty was done, or was not done in
time; one that ended otherwise (withdrawn, moot) is not counted. Working days used run from the event that started the
limit to the day it was met, the day of the event not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from deadlines.models import Deadline
from deadlines.workdays import Calendar
from django.db import connection

from security.scope import Scope

#: How long before its last day a limit may have begun and still have its working days counted.
LONGEST = timedelta(days=750)


@dataclass
class Tally:
    """`due` limits decided, of which `on_time`; `still_open` are past and not yet done; `used` working days in all
    over the `timed` ones."""

    due: int = 0
    on_time: int = 0
    still_open: int = 0
    timed: int = 0
    used: int = 0

    def add(self, other: Tally) -> None:
        self.due += other.due
        self.on_time += other.on_time
        self.still_open += other.still_open
        self.timed += other.timed
        self.used += other.used

    @property
    def overdue(self) -> int:
        return self.due - self.on_time

    @property
    def rate(self) -> Decimal | None:
        """Per cent on time, one decimal, cut and not rounded: 99.96 is not 100. None when nothing was due."""
        if not self.due:
            return None
        return (Decimal(self.on_time) * 100 / self.due).quantize(Decimal("0.1"), ROUND_DOWN)

    @property
    def average(self) -> Decimal | None:
        """Working days used on average, one decimal."""
        return (Decimal(self.used) / self.timed).quantize(Decimal("0.1")) if self.timed else None


@dataclass(frozen=True)
class Group:
    """One body, one kind of limit (its name and term), one month (its first day)."""

    body: int | None
    label: str
    term: int | None
    month: date
    tally: Tally


def groups(first: date, until: date, scope: Scope, *, today: date, calendar: Calendar) -> list[Group]:
    """All groups whose last days lie in [first, until) (one query)."""
    earliest = first - LONGEST
    numbers = _numbered(calendar, earliest, max(until, today + timedelta(days=1)))
    values = {"first": first, "until": until, "before": earliest - timedelta(days=1), "numbers": numbers}
    limit = ""
    if scope.bodies is not None:
        limit, values["bodies"] = "AND d.owed_by_id = ANY(%(bodies)s)", sorted(scope.bodies)
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(limit=limit), values)
        return [Group(body, label, term, month, Tally(*rest)) for body, label, term, month, *rest in cursor]


def total(found: Iterable[Group]) -> Tally:
    tally = Tally()
    for group in found:
        tally.add(group.tally)
    return tally


def _numbered(calendar: Calendar, first: date, until: date) -> list[int]:
    """For each day the number of working days up to and including it: the difference of two is what lies between."""
    numbers, number = [], 0
    day = first
    while day < until:
        number += calendar.is_workday(day)
        numbers.append(number)
        day += timedelta(days=1)
    return numbers


# The condition is that of the index deadline_decided, which holds every column named here: the wide rows themselves are
# not read. The numbers of the days are an array and not a table to join, because a look-up costs next to nothing.
_DAY = "(%(numbers)s::int[])[(d.{column} AT TIME ZONE 'Asia/Shanghai')::date - %(before)s::date]"
_USED = f"{_DAY.format(column='closed_at')} - {_DAY.format(column='started_at')}"
_SQL = f"""
    SELECT owed_by_id, label, term_id, month,
           count(*), count(*) FILTER (WHERE on_time), count(*) FILTER (WHERE still_open), count(used),
           coalesce(sum(used), 0)
      FROM (SELECT d.owed_by_id, d.label, d.term_id, d.due_on - date_part('day', d.due_on)::int + 1 AS month,
                   d.breached_at IS NULL AS on_time, d.outcome = 'open' AS still_open,
                   CASE WHEN d.outcome = 'met' THEN {_USED} END AS used
              FROM {Deadline._meta.db_table} d
             WHERE d.on_pass = 'breach' AND (d.outcome = 'met' OR d.breached_at IS NOT NULL)
               AND d.due_on >= %(first)s AND d.due_on < %(until)s {{limit}}) decided
     GROUP BY 1, 2, 3, 4
"""
