"""The lists of cases: which rows, in what order, how many. Every list is read along an index, a page at a time.

Turns are read in parts (`procedures.queries.turns_of`), so many rows of each, and merged; a page continues after the
last row's (limit, case). Counts stop at `MOST`: beyond it the page says 999+.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation, Role, User
from clock import SHANGHAI
from deadlines.workdays import Calendar, add_workdays, day_of
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from procedures.models import Case, Party, Turn
from procedures.queries import done_by, turns_of, turns_of_bodies, waits_of

from web.queries.rows import rows_in

PAGE = 50
MOST = 1000
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the list, its filters, and the row after which the page begins."""

    tab: str = "mine"
    text: str = ""
    kind: str = ""
    state: str = ""
    party: str = ""
    due: str = ""
    after: tuple[datetime | None, int] | None = None


@dataclass(frozen=True)
class Span:
    """A part of time: limits that end after `start` up to and including `end` (instants; None is open)."""

    start: datetime | None
    end: datetime | None


@dataclass
class Line:
    """A case in a list, with the turn that puts it there (none in the lists of cases)."""

    case: Case
    due_at: datetime | None
    provisional: bool
    clock: str = ""
    role: str = ""
    handler: str = ""
    parties: list[Party] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    next: tuple[datetime | None, int] | None


def spans(today: date, calendar: Calendar) -> dict[str, Span]:
    """The filters by limit: overdue, today, the next three working days, the next seven."""
    begins = _end(today - timedelta(days=1))
    third, seventh = (_end(add_workdays(calendar, today, n)) for n in (3, 7))
    return {
        "over": Span(None, begins),
        "today": Span(begins, _end(today)),
        "three": Span(_end(today), third),
        "seven": Span(begins, seventh),
    }


def _end(day: date) -> datetime:
    """24:00 of the day, as `due_at` holds it."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)


def page(wanted: Wanted, actor: Actor, *, span: Span | None, size: int = PAGE) -> Page:
    """One page of a list, in the same few queries however many rows there are."""
    if wanted.tab == "done":
        lines = _done(actor, wanted, size + 1)
    elif wanted.tab == "waiting":
        lines = _waiting(waits_of(actor), wanted, span, size + 1)
    else:
        parts = turns_of(actor) if wanted.tab == "mine" else turns_of_bodies(actor)
        lines = _turns(parts, wanted, span, size + 1)
    more = len(lines) > size
    lines = lines[:size]
    _add_parties(lines)
    last = lines[-1] if more else None
    return Page(lines, (last.due_at, last.case.pk) if last else None)


def _turns(parts: list[QuerySet[Turn]], wanted: Wanted, span: Span | None, size: int) -> list[Line]:
    keys = _keys(parts, wanted, span, size)
    turns = {turn.pk: turn for turn in rows_in(Turn, "id", [pk for pk, _due, _case in keys])}
    cases = _cases(key for _pk, _due, key in keys)
    handlers = {turn.handler_id for turn in turns.values() if turn.handler_id}
    names = {user.pk: user.name for user in rows_in(User, "id", handlers, only=("name",))}
    return [
        Line(
            cases[turn.case_id],
            turn.due_at,
            turn.provisional,
            turn.clock,
            turn.role,
            names.get(turn.handler_id, ""),
        )
        for pk, _due, _case in keys
        if (turn := turns.get(pk)) is not None
    ]


def _waiting(parts: list[QuerySet[Party]], wanted: Wanted, span: Span | None, size: int) -> list[Line]:
    keys = [key for _pk, _due, key in _keys(parts, wanted, span, size)]
    cases, by_case = _cases(keys), {key: list[Turn]() for key in keys}
    for turn in rows_in(Turn, "case", keys):
        by_case[turn.case_id].append(turn)
    acting = {turn.organisation_id for turns in by_case.values() for turn in turns}
    bodies = {body.pk: body for body in rows_in(Organisation, "id", acting)}
    lines = []
    for key in keys:
        for turn in by_case[key]:
            turn.organisation = bodies[turn.organisation_id]
        case, turns = cases[key], by_case[key]
        clock = next((turn.clock for turn in turns if turn.due_at == case.due_at), "")
        lines.append(Line(case, case.due_at, case.provisional, clock, turns=turns))
    return lines


def _done(actor: Actor, wanted: Wanted, size: int) -> list[Line]:
    rows = _narrow(done_by(actor), wanted).order_by("-closed_at", "-case_id")
    if wanted.after and wanted.after[0] is not None:
        moment, key = wanted.after
        rows = rows.filter(closed_at__lte=moment).filter(Q(closed_at__lt=moment) | Q(case_id__lt=key))
    keys = list(rows.values_list("case_id", flat=True)[:size])
    cases = _cases(keys)
    return [Line(cases[key], cases[key].closed_at, False) for key in keys]


def _keys(
    parts: Sequence[QuerySet[Any]], wanted: Wanted, span: Span | None, size: int
) -> list[tuple[int, datetime | None, int]]:
    """The first rows of all parts as (row, limit, case), in the order of the limits (one query)."""
    branches = [
        _within(after, span).order_by("due_at", "case_id").values_list("pk", "due_at", "case_id")[:size]
        for part in parts
        for after in _after(_narrow(part, wanted), wanted)
    ]
    if not branches:
        return []
    if len(branches) == 1:
        return list(branches[0])
    return list(branches[0].union(*branches[1:], all=True).order_by("due_at", "case_id")[:size])


def _cases(keys: Iterable[int]) -> dict[int, Case]:
    return {case.pk: case for case in rows_in(Case, "id", keys)}


def _after(rows: QuerySet[Any], wanted: Wanted) -> list[QuerySet[Any]]:
    """What comes after the cursor, as ranges of the index; rows without a limit come last."""
    if wanted.after is None:
        return [rows]
    due_at, case = wanted.after
    none = rows.filter(due_at__isnull=True)
    if due_at is None:
        return [none.filter(case_id__gt=case)]
    later = rows.filter(due_at__gte=due_at).filter(Q(due_at__gt=due_at) | Q(case_id__gt=case))
    return [later, none]


def _within(rows: QuerySet[Any], span: Span | None) -> QuerySet[Any]:
    if span is None:
        return rows
    if span.start is not None:
        rows = rows.filter(due_at__gt=span.start)
    return rows.filter(due_at__lte=span.end) if span.end is not None else rows


def _narrow(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    own = "" if rows.model is Turn else "case__"
    if wanted.kind:
        rows = rows.filter(**{f"{own}kind": wanted.kind})
    if wanted.state:
        rows = rows.filter(**{f"{own}state": wanted.state})
    if wanted.text:
        rows = rows.filter(Q(case__title__icontains=wanted.text) | Q(case__number__icontains=wanted.text))
    if wanted.party:
        named = Q(organisation__short_name__icontains=wanted.party) | Q(
            organisation__name__icontains=wanted.party
        )
        rows = rows.filter(Exists(Party.objects.filter(named, case=OuterRef("case_id"))))
    return rows


def _add_parties(lines: Iterable[Line]) -> None:
    """Give every line its parties with their bodies (two queries for any number)."""
    by_case: dict[int, list[Party]] = {}
    for party in rows_in(Party, "case", [line.case.pk for line in lines]):
        by_case.setdefault(party.case_id, []).append(party)
    wanted = {party.organisation_id for parties in by_case.values() for party in parties}
    bodies = {body.pk: body for body in rows_in(Organisation, "id", wanted)}
    for line in lines:
        line.parties = by_case.get(line.case.pk, [])
        for party in line.parties:
            party.organisation = bodies[party.organisation_id]


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


def leads(actor: Actor) -> list[int]:
    """The bodies whose cases the person may give to somebody."""
    return sorted({p.organisation_id for p in actor.posts if p.role in (Role.LEAD, Role.PRINCIPAL)})
