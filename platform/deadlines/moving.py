"""Moving running clocks to their new last day: computed, saved, recorded and told in one go.

A row already closed is only ever corrected in favour of the body that owed it: a breach that was none is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from accounts.actors import SYSTEM, Actor
from accounts.models import Role
from audit import trail
from notices.letters import Letter, post_letters

from deadlines import announce, listeners
from deadlines.actions import COMPUTED, compute
from deadlines.models import CalendarDay, CalendarNotice, Deadline, Term
from deadlines.queries import current_calendar
from deadlines.rows import Row
from deadlines.workdays import day_of, local

BATCH = 500


def move(ids: list[int], *, by: Actor, why: str, at: datetime, term: Term | None = None) -> set[int]:
    """Compute the rows by the newest calendar, save, record and tell. Returns the cases touched.

    `term` is the new version of a term, which the rows that rest on it then follow.
    """
    calendar = current_calendar()
    rows = _locked(ids)
    told = announce.Told([Row.of(row) for row in rows], at)
    entries: list[trail.Entry] = []
    messages: list[Letter] = []
    corrected: list[int] = []
    for row in rows:
        before, was_provisional, breach = row.due_on, row.provisional, row.breached_at
        if term is not None:
            _follow(row, term)
        compute(row, calendar, at=at)
        _settle(row, at)
        if row.breached_at != breach:
            corrected.append(row.pk)
        entries.append(_entry(row, before, was_provisional, breach, by=by, why=why, at=at, told=told))
        if row.due_on != before:
            subject, text = announce.moved(Row.of(row), before, why)
            messages += told.desk("deadline:moved", Row.of(row), subject, text)
            if row.case.filer_id and row.case.filer_id != row.owed_by_id:
                messages.append(
                    Letter(
                        "deadline:moved",
                        row.case_id,
                        subject,
                        text,
                        at,
                        organisation_id=row.case.filer_id,
                        role=Role.OFFICER.value,
                    )
                )
    Deadline.objects.bulk_update(
        rows, ["term", "extensions", "breached_at", "noticed_at", *COMPUTED], batch_size=BATCH
    )
    trail.record_many(entries)
    post_letters(messages)
    listeners.breached(corrected, at)
    return {row.case_id for row in rows}


def _settle(row: Deadline, at: datetime) -> None:
    """Make the breach agree with the new last day."""
    if row.outcome != Deadline.Outcome.OPEN:
        row.next_look = None
        if row.breached_at is not None and row.closed_at is not None and row.closed_at < row.due_at:
            row.breached_at = row.noticed_at = None
        elif row.breached_at is not None:
            row.breached_at = row.due_at
            row.next_look = at if row.noticed_at is None else None
        return
    if row.noticed_at is not None:
        if row.due_at > at:
            row.breached_at = row.noticed_at = None
        elif row.breached_at is not None:
            row.breached_at = row.due_at
    elif row.due_at <= at and row.next_look is not None:
        # The new last day is already past: due for the sweep at once, and its breach carries the computed moment.
        row.next_look = row.due_at


def _entry(
    row: Deadline,
    before: date,
    was_provisional: bool,
    breach: datetime | None,
    *,
    by: Actor,
    why: str,
    at: datetime,
    told: announce.Told,
) -> trail.Entry:
    def state(day: date, provisional: bool, breached: datetime | None) -> dict[str, Any]:
        return {
            "due_on": day.isoformat(),
            "provisional": provisional,
            "breached_at": local(breached) if breached else None,
        }

    return trail.Entry(
        action="deadline:recompute",
        actor=by,
        object_kind="case",
        object_id=row.case.number,
        at=at,
        organisation=told.body_name(Row.of(row)),
        before=state(before, was_provisional, breach),
        after={
            **state(row.due_on, row.provisional, row.breached_at),
            "deadline": row.pk,
            "clock": row.clock,
            "calendar": row.calendar_version,
            "reason": why,
        },
        cites=(row.basis,),
    )


def bring_up_to_date(rows: Sequence[Row], *, at: datetime) -> set[int]:
    """Compute anew those rows on whose days a notice newer than their own calendar has something to say.

    A clock may have been started while a notice was being loaded; the sweep asks this before it acts on a row.
    Returns the ids of the rows it has dealt with.
    """
    oldest = min(row.calendar_version for row in rows)
    newer = list(CalendarNotice.objects.filter(id__gt=oldest).values_list("id", "covers_year"))
    if not newer:
        return set()
    days: dict[int, list[date]] = {pk: [] for pk, _ in newer}
    for pk, day in CalendarDay.objects.filter(notice_id__in=days).values_list("notice_id", "date"):
        days[pk].append(day)
    for pk, year in newer:
        if year:
            days[pk] += [date(year, 1, 1), date(year, 12, 31)]
    reaches = {pk: (min(of), max(of)) for pk, of in days.items() if of}
    stale = [
        row.pk
        for row in rows
        if any(
            pk > row.calendar_version and first <= row.due_on and day_of(row.started_at) < last
            for pk, (first, last) in reaches.items()
        )
    ]
    if stale:
        move(stale, by=SYSTEM, why="按最新放假安排重算", at=at)
    return set(stale)


def _locked(ids: list[int]) -> list[Deadline]:
    """The rows, locked after their cases: the order in which acts on a case take their locks."""
    cases = Deadline._meta.get_field("case").related_model
    wanted = Deadline.objects.filter(id__in=ids)
    list(
        cases._base_manager.select_for_update(no_key=True)
        .filter(id__in=wanted.values("case_id"))
        .order_by("id")
        .values_list("id")
    )
    return list(
        wanted.select_for_update(of=("self",), no_key=True).select_related("case", "term").order_by("id")
    )


def _follow(row: Deadline, term: Term) -> None:
    """Let the row rest on the new version."""
    if row.term is not None and row.term.code == term.code:
        row.term = term
    row.extensions = [
        {
            **extension,
            "term_id": term.pk,
            "amount": term.amount,
            "unit": term.unit,
            "rolls": term.rolls,
            "basis": term.basis,
        }
        if extension["term"] == term.code
        else extension
        for extension in row.extensions
    ]
