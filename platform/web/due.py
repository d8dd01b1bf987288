"""How long is left, as the `.due` component: the number large, the state in words as well as in colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from deadlines.models import Deadline
from deadlines.queries import days_left
from deadlines.workdays import Calendar, day_of, workdays_between
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from web.icons import icon

SOON = 2  # working days left from which the limit counts as near
FAR = 90  # calendar days; a limit farther off (three years' validity) is told in days, not in working days
WORKDAYS, DAYS = "个工作日", "日"

_PROVISIONAL = mark_safe(' <span class="tag tag--prov">暂定</span>')


class State(StrEnum):
    RUNNING = "running"
    TODAY = "today"
    OVER = "over"
    PAUSED = "paused"
    MET = "met"
    LATE = "late"
    ENDED = "ended"


@dataclass(frozen=True)
class Due:
    """A limit as a reader meets it.

    `days` (in `unit`): left while running or paused, past while over, used when met, late by when late.
    """

    state: State
    days: int = 0
    provisional: bool = False
    unit: str = WORKDAYS

    @classmethod
    def running(cls, left: int, *, provisional: bool = False, unit: str = WORKDAYS) -> Due:
        """From the signed count of days left; today does not count, so 0 is due today and -1 one day over."""
        if left < 0:
            return cls(State.OVER, -left, provisional, unit)
        return cls(State.RUNNING if left else State.TODAY, left, provisional, unit)

    @classmethod
    def on(cls, due_on: date, today: date, calendar: Calendar, *, provisional: bool = False) -> Due:
        """Of a limit that is open and ends with the day `due_on`.

        A limit that ends on a day off has no working day left from the last one on, and yet is not over.
        """
        if abs((due_on - today).days) > FAR:
            return cls.running((due_on - today).days, provisional=provisional, unit=DAYS)
        left = workdays_between(calendar, today, due_on)
        if left == 0 and due_on != today:
            return cls.running((due_on - today).days, provisional=provisional, unit=DAYS)
        return cls.running(left, provisional=provisional)

    @classmethod
    def of(cls, deadline: Deadline, today: date, calendar: Calendar) -> Due:
        """Of a deadline in any state."""
        if deadline.outcome == Deadline.Outcome.ENDED:
            return cls(State.ENDED)
        if deadline.outcome == Deadline.Outcome.MET and deadline.closed_at:
            closed = day_of(deadline.closed_at)
            if deadline.breached_at or closed > deadline.due_on:
                return cls(State.LATE, workdays_between(calendar, deadline.due_on, closed))
            return cls(State.MET, workdays_between(calendar, day_of(deadline.started_at), closed))
        if deadline.paused:
            return cls(State.PAUSED, days_left(deadline, today, calendar), deadline.provisional)
        return cls.on(deadline.due_on, today, calendar, provisional=deadline.provisional)

    @property
    def modifier(self) -> str:
        if self.state in (State.OVER, State.LATE):
            return " due--over"
        if self.state == State.MET:
            return " due--met"
        near = self.state == State.RUNNING and self.days <= SOON
        return " due--soon" if near or self.state == State.TODAY else ""

    @property
    def words(self) -> str:
        """The same as plain text, for a title, a mail or a label: `剩 2 个工作日`."""
        number = f"{self.days}\u00a0{self.unit}"
        return {
            State.RUNNING: f"剩 {number}",
            State.TODAY: "今天 24:00 前",
            State.OVER: f"逾期 {number}",
            State.PAUSED: f"中止计算，剩 {number}",
            State.MET: f"按时办结，用时 {number}" if self.days else "按时办结，当天办结",
            State.LATE: f"逾期 {number}办结" if self.days else "逾期办结",
            State.ENDED: "已终止计算",
        }[self.state]

    def __html__(self) -> SafeString:
        inside = _INSIDE.get(self.state, _plain)(self)
        provisional = _PROVISIONAL if self.provisional else ""
        return format_html('<span class="due{}">{}{}</span>', self.modifier, inside, provisional)

    def __str__(self) -> str:
        return self.words


def _number(due: Due) -> SafeString:
    word = {State.RUNNING: "剩", State.OVER: "逾期", State.PAUSED: "中止计算，剩"}[due.state]
    return format_html("{} <b>{}</b><small>{}</small>", word, due.days, due.unit)


def _today(due: Due) -> SafeString:
    return mark_safe("<b>今天</b><small>24:00 前</small>")


def _met(due: Due) -> SafeString:
    used = f"用时 {due.days} {due.unit}" if due.days else "当天办结"
    return format_html("{}按时办结<small>{}</small>", icon("check"), used)


def _late(due: Due) -> SafeString:
    return format_html("逾期办结<small>逾期 {} {}</small>", due.days, due.unit) if due.days else _plain(due)


def _plain(due: Due) -> SafeString:
    return format_html("{}", due.words)


_INSIDE = {
    State.RUNNING: _number,
    State.OVER: _number,
    State.PAUSED: _number,
    State.TODAY: _today,
    State.MET: _met,
    State.LATE: _late,
}


def last_day(value: date | datetime) -> date:
    """The last day of a limit, from the day itself or from its end (24:00, the first instant that is too late)."""
    return day_of(value - timedelta(microseconds=1)) if isinstance(value, datetime) else value
