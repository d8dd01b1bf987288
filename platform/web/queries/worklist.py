"""The lists of cases: which rows, in what order, how many. Every list is read along an index, a page at a time.

Turns are read in parts (`procedures.queries.turns_of`), so many rows of each, and merged; a page continues after the
last row's (limit, case).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation, Role
from clock import SHANGHAI
from deadlines.workdays import Calendar, add_workdays
from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from procedures.models import Case, Party, Turn
from procedures.queries import done_by, turns_of, turns_of_bodies, waits_of

PAGE = 50
#: A text that at most so many cases have is searched for from those cases, any other from the list's own rows.
FEW = 200


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
    """A case in a list, with the limit by which it is sorted and the turn that puts it there (if one does).

    `parties` are its bodies in their order, `acting` those whose turn it is, as (key, short name).
    """

    case: int
    number: str
    title: str
    kind: str
    state: str
    due_at: datetime | None
    provisional: bool = False
    clock: str = ""
    role: str = ""
    handler: str = ""
    parties: list[tuple[int, str]] = field(default_factory=list)
    acting: list[str] = field(default_factory=list)


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
    return Page(lines, (last.due_at, last.case) if last else None)


# The rows of a page are read by statements written by hand: composing them anew for every page, and a model instance
# for each of three hundred rows, would cost more than all that the database does.
_TURNS = """
SELECT c.id, c.number, c.title, c.kind, c.state, t.due_at, t.provisional, t.clock, t.role, coalesce(u.name, '')
FROM procedures_turn t JOIN procedures_case c ON c.id = t.case_id LEFT JOIN accounts_user u ON u.id = t.handler_id
WHERE t.id = ANY(%s) ORDER BY t.due_at, t.case_id
"""
_CASES = """
SELECT id, number, title, kind, state, {moment}, provisional FROM procedures_case WHERE id = ANY(%s)
ORDER BY {moment} {direction}, id {direction}
"""
_WAITING = _CASES.format(moment="due_at", direction="ASC")
_DONE = _CASES.format(moment="closed_at", direction="DESC")
_ACTING = """
SELECT t.case_id, t.due_at, t.clock, o.short_name
FROM procedures_turn t JOIN accounts_organisation o ON o.id = t.organisation_id
WHERE t.case_id = ANY(%s) ORDER BY t.id
"""
_PARTIES = """
SELECT p.case_id, o.id, o.short_name
FROM procedures_party p JOIN accounts_organisation o ON o.id = p.organisation_id
WHERE p.case_id = ANY(%s) ORDER BY p.id
"""


def _turns(parts: list[QuerySet[Turn]], wanted: Wanted, span: Span | None, size: int) -> list[Line]:
    keys = [pk for pk, _due, _case in _keys(parts, wanted, span, size)]
    return [Line(*row) for row in _rows(_TURNS, keys)]


def _waiting(parts: list[QuerySet[Party]], wanted: Wanted, span: Span | None, size: int) -> list[Line]:
    keys = [key for _pk, _due, key in _keys(parts, wanted, span, size)]
    lines = {row[0]: Line(*row) for row in _rows(_WAITING, keys)}
    for case, due_at, clock, body in _rows(_ACTING, keys):
        line = lines[case]
        line.acting.append(body)
        if due_at == line.due_at and not line.clock:
            line.clock = clock
    return list(lines.values())


def _done(actor: Actor, wanted: Wanted, size: int) -> list[Line]:
    rows = _narrowed([done_by(actor)], wanted)[0].order_by("-closed_at", "-case_id")
    if wanted.after and wanted.after[0] is not None:
        moment, key = wanted.after
        rows = rows.filter(closed_at__lte=moment).filter(Q(closed_at__lt=moment) | Q(case_id__lt=key))
    keys = list(rows.values_list("case_id", flat=True)[:size])
    return [Line(*row) for row in _rows(_DONE, keys)]


def _rows(statement: str, keys: list[int]) -> list[tuple[Any, ...]]:
    """The rows of the keys; no query for none."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys])
        return list(cursor.fetchall())


def neighbour(actor: Actor, case: Case, *, back: bool) -> str:
    """The number of the case before or after this one in 轮到我; empty when there is none (two queries and one).

    A case that is not the person's turn (any more) has no place in the list: after it comes the first.
    """
    parts = turns_of(actor)
    if not parts:
        return ""
    own = [part.filter(case=case).values_list("due_at", flat=True) for part in parts]
    place = list(own[0].union(*own[1:], all=True))
    if back:
        if not place:
            return ""
        found = [
            row
            for part in parts
            for rows in _before(part, place[0], case.pk)
            for row in _first(rows, back=True)
        ]
        return max(found, key=_order)[2] if found else ""
    wanted = Wanted(after=(place[0], case.pk) if place else None)
    found = [row for part in parts for rows in _after(part, wanted) for row in _first(rows, back=False)]
    return min(found, key=_order)[2] if found else ""


def _first(rows: QuerySet[Turn], *, back: bool) -> list[tuple[datetime | None, int, str]]:
    order = (
        (F("due_at").desc(nulls_first=True), "-case_id")
        if back
        else (F("due_at").asc(nulls_last=True), "case_id")
    )
    return list(rows.order_by(*order).values_list("due_at", "case_id", "case__number")[:1])


def _order(row: tuple[datetime | None, int, str]) -> tuple[bool, float, int]:
    return row[0] is None, row[0].timestamp() if row[0] else 0.0, row[1]


def _keys(
    parts: Sequence[QuerySet[Any]], wanted: Wanted, span: Span | None, size: int
) -> list[tuple[int, datetime | None, int]]:
    """The first rows of all parts as (row, limit, case), in the order of the limits (one query)."""
    branches = [
        _within(after, span).order_by("due_at", "case_id").values_list("pk", "due_at", "case_id")[:size]
        for part in _narrowed(parts, wanted)
        for after in _after(part, wanted)
    ]
    if not branches:
        return []
    if len(branches) == 1:
        return list(branches[0])
    return list(branches[0].union(*branches[1:], all=True).order_by("due_at", "case_id")[:size])


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


def _before(rows: QuerySet[Turn], due_at: datetime | None, case: int) -> list[QuerySet[Turn]]:
    """What comes before a row, as ranges of the index."""
    if due_at is None:
        return [rows.filter(due_at__isnull=True, case_id__lt=case), rows.filter(due_at__isnull=False)]
    return [rows.filter(due_at__lte=due_at).filter(Q(due_at__lt=due_at) | Q(case_id__lt=case))]


def _within(rows: QuerySet[Any], span: Span | None) -> QuerySet[Any]:
    if span is None:
        return rows
    if span.start is not None:
        rows = rows.filter(due_at__gt=span.start)
    return rows.filter(due_at__lte=span.end) if span.end is not None else rows


def _narrowed(parts: Sequence[QuerySet[Any]], wanted: Wanted) -> list[QuerySet[Any]]:
    """The parts by everything that is asked for but the limit."""
    bodies = _named(wanted.party) if wanted.party else []
    told = _told(wanted.text) if wanted.text else Q()
    return [_narrow(part, wanted, bodies).filter(told) for part in parts]


def _told(text: str) -> Q | Subquery:
    """Cases with the text in their title or number, as a condition on a list's rows (one query).

    A text that few cases have is looked up in the index of titles, and the rows are found by those cases. Of a text
    that many have, most are other people's and ended long ago: then each row of the list is looked at in its turn.
    The scalar subquery keeps the database from going through all titles first.
    """
    has = Q(title__icontains=text) | Q(number__icontains=text)
    few = list(Case.objects.filter(has).values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return Q(case__in=few)
    hit = Case.objects.filter(pk=OuterRef("case_id")).values(hit=ExpressionWrapper(has, BooleanField()))
    return Subquery(hit, output_field=BooleanField())


def _narrow(rows: QuerySet[Any], wanted: Wanted, bodies: list[int]) -> QuerySet[Any]:
    own = "" if rows.model is Turn else "case__"
    if wanted.kind:
        rows = rows.filter(**{f"{own}kind": wanted.kind})
    if wanted.state:
        rows = rows.filter(**{f"{own}state": wanted.state})
    if wanted.party:
        part = Party.objects.filter(case=OuterRef("case_id"), organisation__in=bodies)
        rows = rows.filter(Exists(part))
    return rows


def _named(text: str) -> list[int]:
    """The bodies whose name has the text; asked beforehand, because the list is planned better for knowing them."""
    named = Q(short_name__icontains=text) | Q(name__icontains=text)
    return list(Organisation.objects.filter(named).values_list("pk", flat=True))


def _add_parties(lines: Iterable[Line]) -> None:
    """Give every line its parties (one query for any number)."""
    by_case = {line.case: line.parties for line in lines}
    for case, body, name in _rows(_PARTIES, list(by_case)):
        by_case[case].append((body, name))


def leads(actor: Actor) -> list[int]:
    """The bodies whose cases the person may give to somebody."""
    return sorted({p.organisation_id for p in actor.posts if p.role in (Role.LEAD, Role.PRINCIPAL)})
