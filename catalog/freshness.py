"""How often data was promised and when it last came (GOV19-18; CAT-24): the promise beside what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clock import SHANGHAI
from statutes.enforcement import enforces

from catalog.norm.vocabularies import vocabulary


@dataclass(frozen=True)
class Freshness:
    """`state`: none (no data yet), free (nothing measurable was promised), kept, late. `days` since the last load."""

    state: str
    promise: str
    days: int = 0
    expected: date | None = None  # the last day on which the next load keeps the promise
    late_by: int = 0  # days since the promise was broken


@enforces("CAT-24", what="条目页：承诺的更新周期与实际载入时间并列，超过周期的标明")
def freshness(cycle: str, loaded_at: datetime | None, at: datetime) -> Freshness:
    """The promise of `cycle` against the last load, on the day of `at` in Shanghai."""
    value = vocabulary("update-cycle").by_code.get(cycle)
    promise = value.label if value else ""
    if loaded_at is None:
        return Freshness("none", promise)
    loaded, today = (moment.astimezone(SHANGHAI).date() for moment in (loaded_at, at))
    passed = (today - loaded).days
    if value is None or not value.days:
        return Freshness("free", promise, passed)
    expected = loaded + timedelta(days=value.days)
    late = max(0, (today - expected).days)
    return Freshness("late" if late else "kept", promise, passed, expected, late)
