"""What a clock would show if a step were taken now: said beside the button, before it is pressed. Nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deadlines.actions import compute
from deadlines.clocks import Clock
from deadlines.models import Deadline
from deadlines.queries import current_calendar, term_and_calendar
from deadlines.workdays import add_workdays


@dataclass(frozen=True)
class Moved:
    """The last day of a limit before and after an extension, with the working of the latter."""

    before: date
    after: date
    provisional: bool
    working: dict[str, Any]


def start_day(clock: Clock, *, rules_on: date, at: datetime) -> date:
    """The last day that a clock with a term would have if it began now."""
    return beginning(clock, rules_on=rules_on, at=at).due_on


def beginning(clock: Clock, *, rules_on: date, at: datetime) -> Deadline:
    """The deadline, with its working, that a clock with a term would set if it began now; it is not saved."""
    term, calendar = term_and_calendar(clock.term or "", rules_on)
    row = Deadline(
        label=clock.label,
        term=term,
        basis=clock.cites,
        event=clock.event,
        started_at=at,
        rules_on=rules_on,
        on_pass=clock.on_pass,
        on_pass_step=clock.step,
    )
    compute(row, calendar, at=at)
    return row


def extension(deadline: Deadline, clock: Clock, *, at: datetime) -> Moved:
    """How an open deadline would move if it were extended now. The deadline itself is left as it is."""
    by, calendar = term_and_calendar(clock.extension or "", deadline.rules_on)
    twin = Deadline(
        label=deadline.label,
        term=deadline.term,
        basis=deadline.basis,
        event=deadline.event,
        started_at=deadline.started_at,
        rules_on=deadline.rules_on,
        fixed_on=deadline.fixed_on,
        pauses=deadline.pauses,
        on_pass=deadline.on_pass,
        on_pass_step=deadline.on_pass_step,
    )
    twin.extensions = [
        {"amount": by.amount, "unit": by.unit, "rolls": by.rolls, "basis": by.basis, "reason": ""}
    ]
    compute(twin, calendar, at=at)
    return Moved(deadline.due_on, twin.due_on, twin.provisional, twin.working)


def workday_after(day: date, number: int) -> date:
    """The day that is so many working days after the day."""
    return add_workdays(current_calendar(), day, number)
