"""Computing running clocks anew when a calendar notice or a term changes: first shown, then saved.

The preview and the saving walk the same path (`_plan`), so what was shown is what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.actors import Actor
from audit import trail
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from deadlines.actions import spans_of
from deadlines.changes import CalendarChange, Change, TermChange, calendar_after
from deadlines.count import Span, chain, is_provisional
from deadlines.models import Deadline, Term
from deadlines.moving import BATCH, move
from deadlines.queries import current_calendar
from deadlines.workdays import Calendar, day_of, end_of

#: A row's escalation lies after its last day, so rows that ended shortly before a changed day are looked at too.
AFTER_END = timedelta(days=14)


@dataclass(frozen=True)
class Move:
    """One deadline whose last day moves."""

    deadline: int
    case: int
    number: str
    label: str
    before: date
    after: date
    overdue: bool  # not overdue by the old day, overdue by the new one


@dataclass(frozen=True)
class Preview:
    """What a change will do. `settled`: provisional days that become certain; `unsettled`: the other way."""

    moves: tuple[Move, ...]
    settled: int
    unsettled: int
    looked_at: int

    @property
    def overdue(self) -> int:
        return sum(move.overdue for move in self.moves)

    @property
    def earlier(self) -> int:
        return sum(move.after < move.before for move in self.moves)

    def __str__(self) -> str:
        if not self.moves and not self.settled and not self.unsettled:
            return _("没有在办期限变动")
        said = [_("%(n)s 件在办期限变动") % {"n": len(self.moves)}]
        if self.earlier:
            said.append(_("其中 %(n)s 件提前") % {"n": self.earlier})
        said.append(_("%(n)s 件将逾期") % {"n": self.overdue} if self.overdue else _("没有因此逾期的"))
        if self.settled:
            said.append(_("%(n)s 件不再是暂定") % {"n": self.settled})
        if self.unsettled:
            said.append(_("%(n)s 件变为暂定") % {"n": self.unsettled})
        return "，".join(said)


def preview(change: Change, *, at: datetime) -> Preview:
    """What the change will do to running clocks; nothing is saved."""
    change.check()
    calendar = calendar_after(change)
    moves, settled, unsettled, seen = [], 0, 0, 0
    term = change.row() if isinstance(change, TermChange) else None
    for planned in _plan(change, term, calendar):
        seen += 1
        row = planned.row
        settled += row.provisional and not planned.provisional
        unsettled += planned.provisional and not row.provisional
        if planned.due_on != row.due_on:
            moves.append(
                Move(
                    row.pk,
                    row.case_id,
                    row.case.number,
                    row.label,
                    row.due_on,
                    planned.due_on,
                    overdue=end_of(planned.due_on) <= at < row.due_at,
                )
            )
    moves.sort(key=lambda move: (move.after, move.number, move.deadline))
    return Preview(tuple(moves), settled, unsettled, seen)


def apply(
    change: Change, *, by: Actor, reason: str, at: datetime, after: Callable[[list[int]], None]
) -> Preview:
    """Save the change, move what it moves, record and tell; all of it or nothing.

    `after` gets the ids of the cases that have a changed deadline, inside the transaction (procedures refreshes what it
    derived from them). Changes are made one at a time, so versions are numbered in the order in which they take effect.
    """
    change.check()
    if not reason.strip():
        raise ValueError(_("变更日历或期限条款须写明理由"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE deadlines_calendarnotice, deadlines_term IN SHARE ROW EXCLUSIVE MODE")
        shown = preview(change, at=at)
        _record_change(change, by=by, reason=reason, at=at, shown=shown)
        saved = change.save(reason=reason, at=at)
        term = saved if isinstance(saved, Term) else None
        cases: set[int] = set()
        why = f"{change.describe()}，{reason}"
        planned = [plan.row.pk for plan in _plan(change, term, current_calendar(), changed=True)]
        for first in range(0, len(planned), BATCH):
            cases |= move(planned[first : first + BATCH], by=by, why=why, at=at, term=term)
        if cases:
            after(sorted(cases))
    return shown


@dataclass(frozen=True)
class _Planned:
    row: Deadline
    due_on: date
    provisional: bool


def _plan(
    change: Change, term: Term | None, calendar: Calendar, *, changed: bool = False
) -> Iterator[_Planned]:
    """The rows that the change touches with their new last day; only those that differ when `changed`.

    Equal questions are answered once: a million rows ask some thousands.
    """
    known: dict[Any, tuple[date, bool]] = {}
    for row in _touched(change, term).iterator(chunk_size=2000):
        spans, pauses = spans_of(row)
        if term is not None:
            spans = _with_term(row, spans, term)
        key = (day_of(row.started_at), tuple(spans), tuple(pauses))
        if key not in known:
            ends = chain(calendar, key[0], spans, pauses)
            known[key] = ends[-1], is_provisional(calendar, key[0], spans, ends)
        due_on, provisional = known[key]
        if changed and due_on == row.due_on and provisional == row.provisional and term is None:
            continue
        yield _Planned(row, due_on, provisional)


def _touched(change: Change, term: Term | None) -> QuerySet[Deadline]:
    rows = (
        Deadline.objects.filter(Q(outcome=Deadline.Outcome.OPEN) | Q(breached_at__isnull=False))
        .select_related("case", "term")
        .order_by("id")
    )
    if isinstance(change, CalendarChange):
        first, last = change.reach()
        counts = Q(term__unit=Term.Unit.WORKDAYS) | Q(term__rolls=True) | ~Q(extensions=[])
        return rows.filter(counts, due_on__gte=first - AFTER_END, started_at__lt=end_of(last)).filter(
            Q(fixed_on__isnull=True) | ~Q(extensions=[])
        )
    begun = Q(rules_on__gte=change.valid_from)
    if term is not None and term.valid_to is not None:
        begun &= Q(rules_on__lt=term.valid_to)
    uses = Q(term__code=change.code, fixed_on__isnull=True) | Q(extensions__contains=[{"term": change.code}])
    return rows.filter(begun, uses)


def _with_term(row: Deadline, spans: list[Span], term: Term) -> list[Span]:
    """The row's spans with the new version in the places where its term stands."""
    codes = [row.term.code if row.term and row.fixed_on is None else None]
    codes += [extension["term"] for extension in row.extensions]
    return [Span.of(term) if code == term.code else span for code, span in zip(codes, spans, strict=True)]


def _record_change(change: Change, *, by: Actor, reason: str, at: datetime, shown: Preview) -> None:
    after: dict[str, Any] = {"reason": reason, "effect": str(shown)}
    before: dict[str, Any] = {}
    if isinstance(change, CalendarChange):
        after |= {
            "number": change.number,
            "covers_year": change.covers_year,
            "days": {day.date.isoformat(): f"{'休' if day.off else '班'} {day.name}" for day in change.days},
        }
        kind, key, action = "calendar", change.number, "calendar:load"
    else:
        known = change.before()
        before = _term(TermChange.of(known)) if known else {}
        after |= _term(change)
        kind, key, action = "term", change.code, "term:change"
    trail.record(
        trail.Entry(
            action=action, actor=by, object_kind=kind, object_id=key, at=at, before=before, after=after
        )
    )


def _term(change: TermChange) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in (*TermChange.FIELDS, "valid_from")}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
