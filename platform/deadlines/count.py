"""From (event, term, extensions, pauses, calendar) to the last day: one pure function, the same for new and old rows.

A limit is a chain of segments, the first from the term, each extension from the last day of the one before. A segment
counts its days forward, leaving out paused days; months and years are turned into their number of calendar days
first, so a pause gives back exactly the days it took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from deadlines.models import Term
from deadlines.workdays import (
    DAY,
    Calendar,
    Pause,
    add_months,
    add_years,
    days_after,
    last_day_extended_to_workday,
)


@dataclass(frozen=True)
class Span:
    """One segment's length: `amount` of a `Term.Unit`, or a fixed last day."""

    amount: int
    unit: str
    rolls: bool = False
    fixed_on: date | None = None

    @classmethod
    def of(cls, term: Term) -> Span:
        return cls(term.amount, term.unit, term.rolls)


def last_day(calendar: Calendar, start: date, span: Span, pauses: Sequence[Pause] = ()) -> date:
    """The last day of one segment that starts after `start`."""
    if span.fixed_on is not None:
        end = _skip(start, (span.fixed_on - start).days, pauses)
    elif span.unit == Term.Unit.WORKDAYS:
        end = _workdays(calendar, start, span.amount, pauses)
    elif span.unit == Term.Unit.DAYS:
        end = _skip(start, span.amount, pauses)
    elif span.unit == Term.Unit.MONTHS:
        end = _skip(start, (add_months(start, span.amount) - start).days, pauses)
    elif span.unit == Term.Unit.YEARS:
        end = _skip(start, (add_years(start, span.amount) - start).days, pauses)
    else:
        raise ValueError("a term that ends on a given date needs that date")
    return last_day_extended_to_workday(calendar, end) if span.rolls else end


def chain(calendar: Calendar, start: date, spans: Sequence[Span], pauses: Sequence[Pause] = ()) -> list[date]:
    """The last day of each segment in turn; the limit's own last day is the last of them.

    A limit stopped on its last day has no whole day left: it then ends with the day on which it goes on (in working
    days: the first one from there), so that what was left of that day is not lost.
    """
    ends: list[date] = []
    for span in spans:
        start = last_day(calendar, start, span, pauses)
        ends.append(start)
    stopped = [pause.end for pause in pauses if pause.start == start]
    if stopped:
        ends[-1] = max(stopped)
        if spans[-1].unit == Term.Unit.WORKDAYS:
            ends[-1] = last_day_extended_to_workday(calendar, ends[-1])
    return ends


def is_provisional(calendar: Calendar, start: date, spans: Sequence[Span], ends: Sequence[date]) -> bool:
    """Whether working days, or a last day that may roll, lie in a year whose notice is not loaded."""
    for span, end in zip(spans, ends, strict=True):
        if span.fixed_on is None and span.unit == Term.Unit.WORKDAYS:
            if not all(year in calendar.covered for year in range((start + DAY).year, end.year + 1)):
                return True
        elif span.rolls and not calendar.is_covered(end):
            return True
        start = end
    return False


def _workdays(calendar: Calendar, day: date, amount: int, pauses: Sequence[Pause]) -> date:
    while amount:
        day += DAY
        amount -= calendar.is_workday(day) and not any(pause.holds(day) for pause in pauses)
    return day


def _skip(start: date, days: int, pauses: Sequence[Pause]) -> date:
    """Calendar days after `start`, paused ones left out."""
    end = start + days * DAY
    for pause in sorted(pauses, key=lambda pause: pause.start):
        # Only the part of a pause that falls inside the running limit gives days back.
        if pause.start < end:
            end += sum(1 for day in days_after(pause.start, pause.end) if day > start) * DAY
    return end
