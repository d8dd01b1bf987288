"""How many cases wait, for the head of the worklist. Counts stop at `MOST`: beyond it the page says 999+."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.actors import Actor
from deadlines.workdays import day_of
from django.db import connection
from django.db.models import QuerySet
from procedures.queries import turns_of, waits_of

MOST = 1000
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Counts:
    """How many turns are the person's, by their limit. `capped` when there are more than were counted."""

    by_day: Counter[date | None]
    capped: bool

    @property
    def total(self) -> int:
        return sum(self.by_day.values())

    def between(self, first: date | None, last: date) -> int:
        """Limits that end on a day from `first` to `last`, both included."""
        return sum(
            n
            for day, n in self.by_day.items()
            if day is not None and (first is None or first <= day) and day <= last
        )


def counts(actor: Actor) -> Counts:
    """轮到我, by last day: one query, which reads at most `MOST` rows of each part."""
    branches = [
        part.order_by("due_at", "case_id").values_list("due_at", flat=True)[:MOST] for part in turns_of(actor)
    ]
    if not branches:
        return Counts(Counter(), False)
    statement, params = _together(branches)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT due_at, count(*) FROM ({statement}) t GROUP BY due_at", params)
        rows = cursor.fetchall()
    by_day = Counter({day_of(due - MICROSECOND) if due else None: n for due, n in rows})
    return Counts(by_day, sum(by_day.values()) >= MOST)


def waiting(actor: Actor) -> int:
    """How many wait for others, counted up to `MOST` (one query)."""
    parts = [part.order_by("due_at", "case_id").values("pk")[:MOST] for part in waits_of(actor)]
    return min(_count(parts), MOST)


def _count(parts: list[QuerySet[Any]]) -> int:
    """How many rows the parts have (one query; none for no parts)."""
    if not parts:
        return 0
    statement, params = _together(parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({statement}) t", params)
        return int(cursor.fetchone()[0])


def _together(parts: list[QuerySet[Any]]) -> tuple[str, list[Any]]:
    """The parts as one statement that leaves nothing out and sorts nothing."""
    statements, params = [], []
    for part in parts:
        sql, values = part.query.sql_with_params()
        statements.append(f"({sql})")
        params += values
    return " UNION ALL ".join(statements), params
