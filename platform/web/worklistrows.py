"""The rows of the worklist: their words, and their HTML.

Fifty rows are most of the page, so they are composed in Python: the same through the template's nodes takes ten times
as long. What many rows share (a limit's day, a procedure's label) is worked out once a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from html import escape

from accounts.actors import Actor
from accounts.models import Role
from deadlines.workdays import Calendar
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from procedures import registry
from procedures.queries import working_bodies

from web import dates
from web.due import Due, State, last_day
from web.queries.worklist import Line

_CSS = {State.OVER: "over", State.TODAY: "today"}


@dataclass(frozen=True)
class Row:
    """A case as one row; dates and words ready."""

    pk: int
    href: str
    number: str
    title: str
    kind: str
    parties: str
    step: str
    note: str
    clock: str
    handler: str
    limit: Limit
    day: str


@dataclass(frozen=True)
class Limit:
    """What a row says of its limit: how long is left, as a value and as HTML, and its last day."""

    due: Due | None = None
    html: str = '<span class="muted">不限</span>'
    day: str = ""

    @property
    def css(self) -> str:
        return _CSS.get(self.due.state, "") if self.due else ""


class Rows:
    """The rows of one list, for one reader on one day."""

    def __init__(self, actor: Actor, tab: str, today: date, calendar: Calendar) -> None:
        self.tab, self.today, self.calendar = tab, today, calendar
        self.own = set(working_bodies(actor))
        self.limits: dict[tuple[datetime | None, bool], Limit] = {}

    def row(self, line: Line) -> Row:
        procedure, closed = registry.get(line.kind), self.tab == "done"
        others = [name for body, name in line.parties if body not in self.own]
        if self.tab == "waiting":
            note = f"等{'、'.join(dict.fromkeys(line.acting))}"
        else:
            note = "文稿待签发" if line.role in (Role.LEAD, Role.PRINCIPAL) else ""
        limit = Limit() if closed else self._limit(line.due_at, line.provisional)
        return Row(
            pk=line.case,
            href=f"{_cases()}{line.number}/",
            number=line.number,
            title=line.title,
            kind=procedure.label,
            parties="、".join(dict.fromkeys(others)) or "本单位",
            step=procedure.states[line.state].label,
            note=note,
            clock=line.clock,
            handler=line.handler,
            limit=limit,
            day=dates.day_short(line.due_at, self.today) if closed and line.due_at else limit.day,
        )

    def _limit(self, due_at: datetime | None, provisional: bool) -> Limit:
        known = self.limits.get((due_at, provisional))
        if known is None:
            known = Limit()
            if due_at is not None:
                day = last_day(due_at)
                due = Due.on(day, self.today, self.calendar, provisional=provisional)
                known = Limit(due, due.__html__(), dates.day_short(day, self.today))
            self.limits[due_at, provisional] = known
        return known


@cache
def _cases() -> str:
    """What stands before the number in a case's address; reversed once, not for every row."""
    return reverse("web:case", args=["X"]).removesuffix("X/")


def drawn(rows: list[Row], *, closed: bool, ticked: bool, handlers: bool) -> SafeString:
    """The rows as HTML. `closed`: by the day of their end; `ticked`: with a box each; `handlers`: who has them."""
    return mark_safe("".join(_drawn(row, closed, ticked, handlers) for row in rows))


def _drawn(row: Row, closed: bool, ticked: bool, handlers: bool) -> str:
    css = f' class="{row.limit.css}"' if row.limit.css else ""
    number = escape(row.number)
    tick = (
        f'<td><label class="choice"><input type="checkbox" name="case" value="{row.pk}" form="bulk">'
        f'<span class="vh">选择 {number}</span></label></td>'
        if ticked
        else ""
    )
    due = "" if closed else f'<td class="w-due">{row.limit.html}</td>'
    note = f'<div class="d">{escape(row.note)}</div>' if row.note else ""
    term = "" if closed else f'<td class="soft w-term" data-l="期限">{escape(row.clock)}</td>'
    hand = f'<td class="w-hand" data-l="经办人">{escape(row.handler) or "未指定"}</td>' if handlers else ""
    return (
        f'\n<tr{css}>{tick}{due}<td class="soft nw w-date" data-l="{"办结" if closed else "截止"}">{row.day}</td>'
        f'<td class="w-t"><a class="t" href="{escape(row.href)}">{escape(row.title)}</a>'
        f'<div class="d">{escape(row.kind)}　{number}</div></td>'
        f'<td class="w-who" data-l="当事方">{escape(row.parties)}</td>'
        f'<td class="w-step" data-l="步骤">{escape(row.step)}{note}</td>{term}{hand}</tr>'
    )
