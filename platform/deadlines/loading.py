"""Loading what is delivered with the program: State Council notices 2019 to 2026, and the terms of the law.

Idempotent: what is there already is left alone, so an administrator's later change is never undone by an update.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from accounts.actors import SYSTEM
from statutes import law

from deadlines import statutory
from deadlines.changes import CalendarChange, TermChange, read_notices
from deadlines.listeners import changed
from deadlines.models import CalendarNotice, Term
from deadlines.recompute import apply
from deadlines.workdays import Calendar, Special

C = TypeVar("C", CalendarChange, TermChange)

NOTICES = Path(__file__).parent / "data" / "notices.json"
REASON = "随程序交付"


def bundled_notices() -> list[CalendarChange]:
    """The notices delivered, in the order in which they were issued."""
    return read_notices(NOTICES)


def bundled_calendar() -> Calendar:
    """The calendar of the notices delivered, for counting where no database is at hand; its version is 0."""
    special: dict[date, Special] = {}
    covered = {change.covers_year for change in bundled_notices() if change.covers_year}
    for change in bundled_notices():
        special |= {day.date: Special(day.off, day.name, change.number) for day in change.days}
    statutory_days = {
        day: Special(True, name, "") for day, name in statutory.days().items() if day.year not in covered
    }
    return Calendar(0, statutory_days | special, frozenset(covered))


def bundled_terms() -> list[TermChange]:
    """The terms delivered. The law's data names the last day a term may begin a limit; a row ends the day after."""
    return [
        TermChange(
            code=seed.code,
            name=seed.name,
            amount=seed.amount,
            unit=str(seed.unit),
            rolls=False,
            basis=str(seed.basis),
            standing=str(seed.standing),
            valid_from=seed.valid_from,
            valid_to=seed.valid_to + timedelta(days=1) if seed.valid_to else None,
            note=seed.reason,
        )
        for seed in law.terms()
    ]


def load_notices(at: datetime) -> list[CalendarChange]:
    """Load the notices that are not there yet; returns them."""
    there = set(CalendarNotice.objects.values_list("number", flat=True))
    return _load((change for change in bundled_notices() if change.number not in there), at)


def load_terms(at: datetime) -> list[TermChange]:
    """Load the versions of terms that are not there yet; returns them."""
    there = set(Term.objects.values_list("code", "valid_from"))
    return _load((change for change in bundled_terms() if (change.code, change.valid_from) not in there), at)


def _load(changes: Iterable[C], at: datetime) -> list[C]:
    loaded = []
    for change in changes:
        apply(change, by=SYSTEM, reason=REASON, at=at, after=changed)
        loaded.append(change)
    return loaded
