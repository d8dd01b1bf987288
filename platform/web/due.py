"""How long is left, as the `.due` component: the number large, the state in words as well as in colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from web.icons import icon

SOON = 2  # working days left from which the limit counts as near

_PROVISIONAL = mark_safe(' <span class="tag tag--prov">暂定</span>')


class State(StrEnum):
    RUNNING = "running"
    TODAY = "today"
    OVER = "over"
    MET = "met"
    LATE = "late"
    ENDED = "ended"


@dataclass(frozen=True)
class Due:
    """A limit as a reader meets it.

    `days` are working days (or `unit`): left while running, past while over, used when met, late by when
    late. None where the number is not known: the words then stand without it.
    """

    state: State
    days: int | None = None
    provisional: bool = False
    unit: str = "个工作日"

    @classmethod
    def running(cls, left: int, *, provisional: bool = False, unit: str = "个工作日") -> Due:
        """From the signed count of days left; today does not count, so 0 is due today and -1 one day over."""
        if left < 0:
            return cls(State.OVER, -left, provisional, unit)
        if left == 0:
            return cls(State.TODAY, 0, provisional, unit)
        return cls(State.RUNNING, left, provisional, unit)

    @property
    def modifier(self) -> str:
        if self.state in (State.OVER, State.LATE):
            return " due--over"
        if self.state == State.MET:
            return " due--met"
        if self.state == State.TODAY or (self.state == State.RUNNING and (self.days or 0) <= SOON):
            return " due--soon"
        return ""

    @property
    def words(self) -> str:
        """The same as plain text, for a title, a mail or a label: `剩 2 个工作日`."""
        number = "" if self.days is None else f" {self.days} {self.unit}"
        return {
            State.RUNNING: f"剩{number}",
            State.TODAY: "今天 24:00 前",
            State.OVER: f"逾期{number}",
            State.MET: "按时办结" + (f"，用时{number}" if number else ""),
            State.LATE: "逾期办结" + (f"，逾期{number}" if number else ""),
            State.ENDED: "已终止计算",
        }[self.state]

    def __html__(self) -> SafeString:
        provisional = _PROVISIONAL if self.provisional else ""
        if self.state == State.TODAY:
            inside = mark_safe("<b>今天</b><small>24:00 前</small>")
        elif self.state in (State.RUNNING, State.OVER) and self.days is not None:
            word = "剩" if self.state == State.RUNNING else "逾期"
            inside = format_html("{} <b>{}</b><small>{}</small>", word, self.days, self.unit)
        elif self.state == State.MET:
            used = (
                format_html("<small>用时 {} {}</small>", self.days, self.unit)
                if self.days is not None
                else ""
            )
            inside = format_html("{}按时办结{}", icon("check"), used)
        elif self.state == State.LATE:
            late = (
                format_html("<small>逾期 {} {}</small>", self.days, self.unit)
                if self.days is not None
                else ""
            )
            inside = format_html("逾期办结{}", late)
        else:
            inside = format_html("{}", self.words)
        return format_html('<span class="due{}">{}{}</span>', self.modifier, inside, provisional)

    def __str__(self) -> str:
        return self.words
