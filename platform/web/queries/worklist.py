"""The lists of cases: which rows, in what order, how many. Every list is read along an index, a page at a time.

Turns are read in parts (`procedures.queries.turns_of`), so many rows of each, and merged; a page continues after the
last row's (limit, case). Counts stop at `MOST`: beyond it the page says 999+.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
from procedures.queries import done_by, turns_of, turns_of_bodies, waiting_for_others

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
    """One page of a list: four queries for turns, three for cases."""
    if wanted.tab in ("mine", "body"):
        parts = turns_of(actor) if wanted.tab == "mine" else turns_of_bodies(actor)
        lines = _turn_lines(parts, wanted, span, size + 1)
    else:
        lines = _case_lines(wanted, actor, span, size + 1)
    more = len(lines) > size
    lines = lines[:size]
    _add_parties(lines)
    last = lines[-1] if more else None
    return Page(lines, (last.due_at, last.case.pk) if last else None)


def _turn_lines(parts: list[QuerySet[Turn]], wanted: Wanted, span: Span | None, size: int) -> list[Line]:
    branches: list[QuerySet[Any]] = []
    for part in parts:
        narrowed = _narrow(part, wanted, "case__")
        for after in _after(narrowed, wanted, "case_id"):
            bounded = _within(after, span)
            branches.append(
                bounded.order_by("due_at", "case_id").values_list("pk", "due_at", "case_id")[:size]
            )
    if not branches:
        return []
    merged = (
        branches[0].union(*branches[1:], all=True).order_by("due_at", "case_id")[:size]
        if branches[1:]
        else branches[0]
    )
    found = list(merged)
    keys = [pk for pk, _due, _case in found]
    turns = {turn.pk: turn for turn in rows_in(Turn, "id", keys)}
    cases = {case.pk: case for case in rows_in(Case, "id", [key for _pk, _due, key in found])}
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
        for key in keys
        if (turn := turns.get(key)) is not None
    ]


def _case_lines(wanted: Wanted, actor: Actor, span: Span | None, size: int) -> list[Line]:
    if wanted.tab == "done":
        rows = _narrow(done_by(actor), wanted, "").order_by("-closed_at", "-id")
        if wanted.after and wanted.after[0] is not None:
            moment, key = wanted.after
            rows = rows.filter(closed_at__lte=moment).filter(Q(closed_at__lt=moment) | Q(pk__lt=key))
        return [Line(case, case.closed_at, False) for case in rows[:size]]
    lines: list[Line] = []
    for rows in _after(_narrow(waiting_for_others(actor), wanted, ""), wanted, "id"):
        bounded = _within(rows, span).order_by("due_at", "id")[: size - len(lines)]
        lines += [Line(case, case.due_at, case.provisional) for case in bounded]
        if len(lines) >= size:
            break
    turns: dict[int, list[Turn]] = {}
    for turn in Turn.objects.filter(case__in=[line.case.pk for line in lines]).select_related("organisation"):
        turns.setdefault(turn.case_id, []).append(turn)
    for line in lines:
        line.turns = turns.get(line.case.pk, [])
        line.clock = next((turn.clock for turn in line.turns if turn.due_at == line.due_at), "")
    return lines


def _after(rows: QuerySet[Any], wanted: Wanted, key: str) -> list[QuerySet[Any]]:
    """What comes after the cursor, as ranges of the index; rows without a limit come last."""
    if wanted.after is None:
        return [rows]
    due_at, case = wanted.after
    none = rows.filter(due_at__isnull=True)
    if due_at is None:
        return [none.filter(**{f"{key}__gt": case})]
    later = rows.filter(due_at__gte=due_at).filter(Q(due_at__gt=due_at) | Q(**{f"{key}__gt": case}))
    return [later, none]


def _within(rows: QuerySet[Any], span: Span | None) -> QuerySet[Any]:
    if span is None:
        return rows
    if span.start is not None:
        rows = rows.filter(due_at__gt=span.start)
    return rows.filter(due_at__lte=span.end) if span.end is not None else rows


def _narrow(rows: QuerySet[Any], wanted: Wanted, prefix: str) -> QuerySet[Any]:
    if wanted.kind:
        rows = rows.filter(**{f"{prefix}kind": wanted.kind})
    if wanted.state:
        rows = rows.filter(**{f"{prefix}state": wanted.state})
    if wanted.text:
        title, number = (f"{prefix}{name}__icontains" for name in ("title", "number"))
        rows = rows.filter(Q(**{title: wanted.text}) | Q(**{number: wanted.text}))
    if wanted.party:
        named = Q(organisation__short_name__icontains=wanted.party) | Q(
            organisation__name__icontains=wanted.party
        )
        case = OuterRef("case_id" if prefix else "pk")
        rows = rows.filter(Exists(Party.objects.filter(named, case=case)))
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
    statements, params = [], []
    for branch in branches:
        sql, values = branch.query.sql_with_params()
        statements.append(f"({sql})")
        params += values
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT due_at, count(*) FROM ({' UNION ALL '.join(statements)}) t GROUP BY due_at", params
        )
        rows = cursor.fetchall()
    by_day = Counter({day_of(due - MICROSECOND) if due else None: n for due, n in rows})
    return Counts(by_day, sum(by_day.values()) >= MOST)


def waiting(actor: Actor) -> int:
    """How many wait for others, counted up to `MOST` (one query)."""
    return waiting_for_others(actor).order_by("due_at", "id").values("pk")[:MOST].count()


def leads(actor: Actor) -> list[int]:
    """The bodies whose cases the person may give to somebody."""
    return sorted({p.organisation_id for p in actor.posts if p.role in (Role.LEAD, Role.PRINCIPAL)})
