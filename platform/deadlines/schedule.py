"""When the sweep has to look at a row: its reminders, the end of its last day, the escalation after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from deadlines.models import Deadline, Term
from deadlines.workdays import DAY, Calendar, add_workdays, start_of

#: Working days after a breach until the principal is told. A product default without force of law.
ESCALATE_AFTER = 3
#: The hour of the day at which reminders are given: a body's desk reads them when it opens.
REMIND_AT = timedelta(hours=8)


def schedule(
    calendar: Calendar, due_on: date, before: Iterable[int], *, workdays: bool, escalates: bool
) -> list[list[str | int]]:
    """[ISO day, days before the last day] by day; the escalation has a negative number."""
    days = {n: add_workdays(calendar, due_on, -n) if workdays else due_on - n * DAY for n in before}
    if escalates:
        days[-ESCALATE_AFTER] = add_workdays(calendar, due_on, ESCALATE_AFTER)
    return [[day.isoformat(), n] for n, day in sorted(days.items(), key=lambda item: (item[1], -item[0]))]


def moment(entry: Iterable[str | int]) -> datetime:
    """The instant of one entry of a schedule."""
    day, _ = entry
    return start_of(date.fromisoformat(str(day))) + REMIND_AT


def next_look(reminders: list[list[str | int]], due_at: datetime, after: datetime) -> datetime | None:
    """The first moment later than `after` at which there is something to do; None when there is nothing any more."""
    moments = [moment(entry) for entry in reminders]
    return min((look for look in [*moments, due_at] if look > after), default=None)


def in_workdays(unit: str | None) -> bool:
    return unit == Term.Unit.WORKDAYS


def escalates(on_pass: str, step: str) -> bool:
    """Only a breach that leaves the row waiting for a person goes up a further level."""
    return on_pass == Deadline.OnPass.BREACH and not step


def reminded_before(deadline: Deadline) -> list[int]:
    """The days before the last day on which this row reminds."""
    return [int(n) for _, n in deadline.reminders if int(n) >= 0]
