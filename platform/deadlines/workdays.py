"""Counting days. Pure functions over a `Calendar` value: the same question always has the same answer.

The day of the event never counts (民法典 201). The last day runs to 24:00 (民法典 203.2), so the first instant that
is too late is the start of the day after it: `end_of(day)`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clock import SHANGHAI

DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Special:
    """What a notice says of one day. `notice` is its number; empty for a statutory day of a year not yet arranged."""

    off: bool
    name: str
    notice: str


@dataclass(frozen=True)
class Calendar:
    """The days off and make-up workdays known in one version, and the years whose arrangement is complete."""

    version: int
    special: Mapping[date, Special]
    covered: frozenset[int]

    def is_workday(self, day: date) -> bool:
        known = self.special.get(day)
        return day.weekday() < 5 if known is None else not known.off

    def is_covered(self, day: date) -> bool:
        return day.year in self.covered


@dataclass(frozen=True)
class Pause:
    """Days that do not count: those after `start`, up to and including `end` (民法典 201: neither event's own day)."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        return self.start < day <= self.end


def end_of(day: date) -> datetime:
    """24:00 of the day, as the first instant of the next, in Asia/Shanghai."""
    return datetime.combine(day + DAY, time(), SHANGHAI)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def day_of(instant: datetime) -> date:
    """The day an aware instant falls on in Asia/Shanghai."""
    if instant.tzinfo is None:
        raise ValueError("a moment without a zone is on no particular day")
    return instant.astimezone(SHANGHAI).date()


def local(instant: datetime) -> str:
    """The instant as text in Shanghai time: the database hands instants back in UTC."""
    return instant.astimezone(SHANGHAI).isoformat()


def is_workday(calendar: Calendar, day: date) -> bool:
    return calendar.is_workday(day)


def add_workdays(calendar: Calendar, day: date, n: int) -> date:
    """The nth working day after the day; before it when n is negative; the day itself for 0."""
    step = DAY if n > 0 else -DAY
    left = abs(n)
    while left:
        day += step
        left -= calendar.is_workday(day)
    return day


def workdays_between(calendar: Calendar, a: date, b: date) -> int:
    """Working days after `a` up to and including `b`; negative, counted the other way, when b is before a."""
    if b < a:
        return -workdays_between(calendar, b, a)
    return sum(calendar.is_workday(day) for day in days_after(a, b))


def days_after(a: date, b: date) -> Iterator[date]:
    """The days after `a` up to and including `b`."""
    day = a
    while day < b:
        day += DAY
        yield day


def add_months(day: date, n: int) -> date:
    """The same day of the month n months on, or that month's last day where it has no such day (民法典 202)."""
    index = day.year * 12 + day.month - 1 + n
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, n: int) -> date:
    """The same calendar day n years on; 28 February for the 29th (民法典 202; matrix Gap19)."""
    return add_months(day, 12 * n)


def last_day_extended_to_workday(calendar: Calendar, day: date) -> date:
    """The day, or the first working day after it when it is a day off (民法典 203.1).

    Used only for terms that say so (`Term.rolls`): periods in years and dates named as calendar dates stay (Gap20).
    """
    while not calendar.is_workday(day):
        day += DAY
    return day


def window_before(last_day: date, days: int) -> tuple[date, date]:
    """First and last day of the window of so many calendar days before a last valid day, to its end (T18).

    届满前 60 日 can be counted with or without the last day itself; the window opens on the earlier of the two.
    """
    return last_day - days * DAY, last_day


def workday_window_before(calendar: Calendar, last_day: date, n: int) -> tuple[date, date]:
    """The same window counted in working days."""
    return add_workdays(calendar, last_day, -n), last_day


def chinese(day: date) -> str:
    """12 月 30 日（星期三）, the way a date is written in prose."""
    return f"{day.month}\u00a0月 {day.day}\u00a0日（星期{WEEKDAYS[day.weekday()]}）"
