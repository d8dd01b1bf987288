"""期限条: the days of a limit, one cell each, from the working stored with the deadline (deadlines/explain.py).

What the working does not know is added here: today, the days that went by after the last one, and the day of the
answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from deadlines.workdays import WEEKDAYS, Calendar, days_after
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

#: So many cells stand in one row; more fold into weeks on every screen.
ONE_ROW = 18
#: So many days past the last one are drawn; a longer delay shows its end.
PAST_SHOWN = 14


@dataclass(frozen=True)
class Cell:
    """One day as it is drawn. `badge` is 班 or 休; `spoken` the sentence for those who do not see the strip."""

    day: date
    modifiers: str
    word: str
    spoken: str
    badge: str = ""


@dataclass(frozen=True)
class Gap:
    """Days in the middle of a long limit that are told and not drawn."""

    words: str


def cells(
    working: dict[str, Any],
    today: date,
    *,
    calendar: Calendar | None = None,
    closed_on: date | None = None,
    possible: dict[str, Any] | None = None,
    event: str = "收到",
) -> Iterator[Cell | Gap]:
    """The cells in order.

    `closed_on` is the day the limit was met. `possible` is the working as it would be after an extension: its days
    past the last one are drawn dashed. `calendar` is needed for a limit that has passed.
    """
    for row in working["days"]:
        yield _of(row, today, closed_on, event)
    due_on = date.fromisoformat(working["due_on"])
    end = closed_on or today
    if calendar and end > due_on:
        yield from _past(due_on, end, today, calendar, closed_on)
    elif possible and not closed_on:
        for row in possible["days"]:
            if row["date"] > working["due_on"]:
                yield _extension(row, today)


def _of(row: dict[str, Any], today: date, closed_on: date | None, event: str) -> Cell | Gap:
    if row["kind"] == "fold":
        return _gap(row)
    day = date.fromisoformat(row["date"])
    kind, n = row["kind"], row["n"]
    badge = "班" if row["makeup"] else ("休" if kind == "rest" else "")
    marks = [_modifier(kind, day, today, closed_on)]
    if row["provisional"]:
        marks.append("day--prov")
    if day == today and not closed_on:
        marks.append("is-today")
    word = {
        "event": event,
        "rest": row["name"] or "周末",
        "pause": "中止",
        "end": "截止",
        "ext": "原截止",
    }.get(kind, f"第 {n} 天")
    told = {
        "event": f"{event}当天，不计入",
        "rest": f"{row['name'] or '休息日'}，不计入",
        "pause": "中止计算，不计入",
        "end": f"第 {n} 天，最后一天",
        "ext": f"第 {n} 天，延长前的最后一天",
    }.get(kind, f"第 {n} 天")
    if row["makeup"]:
        told += f"，{row['name']}调休上班"
    if row["provisional"]:
        told += "，暂定"
    if closed_on and day == closed_on:
        word, told = "办结", f"{told}，已办结"
    elif closed_on and day > closed_on:
        word, told = ("截止" if kind == "end" else ""), "已办结，不再计"
    return Cell(day, " ".join(filter(None, marks)), word, told, badge)


def _modifier(kind: str, day: date, today: date, closed_on: date | None) -> str:
    if closed_on and day == closed_on:
        return "day--met"
    if kind in ("rest", "pause"):
        return "day--rest"
    if kind == "event":
        return "day--event"
    if closed_on and day > closed_on:
        return ""
    if kind == "end":
        return "day--end"
    return "day--count" if closed_on or day <= today else "day--left"


def _gap(row: dict[str, Any]) -> Gap:
    first, last = date.fromisoformat(row["date"]), date.fromisoformat(row["end"])
    counted = f"，其中计入 {row['counted']} 天" if row["counted"] != row["days"] else ""
    return Gap(
        f"{first.year} 年 {first.month} 月 {first.day} 日至 {last.year} 年 {last.month} 月 {last.day} 日，"
        f"共 {row['days']} 天{counted}"
    )


def _past(
    due_on: date, end: date, today: date, calendar: Calendar, closed_on: date | None
) -> Iterator[Cell | Gap]:
    days = list(days_after(due_on, end))
    left_out = max(0, len(days) - PAST_SHOWN)
    n = 0
    for index, day in enumerate(days):
        off = not calendar.is_workday(day)
        n += not off
        if index < left_out:
            continue
        if index == left_out and left_out:
            yield Gap(f"逾期后的 {left_out} 天")
        known = calendar.special.get(day)
        badge = "休" if off else ("班" if known and not known.off else "")
        if closed_on and day == closed_on:
            word, told, modifier = "办结", f"逾期第 {n} 个工作日，已办结", "day--over"
        elif off:
            word, told, modifier = (known.name if known else "周末"), "休息日，不计入", "day--rest"
        else:
            word, told, modifier = f"逾期 {n}", f"逾期第 {n} 个工作日", "day--over"
        now = " is-today" if day == today and not closed_on else ""
        yield Cell(day, modifier + now, word, told, badge)


def _extension(row: dict[str, Any], today: date) -> Cell | Gap:
    if row["kind"] == "fold":
        return _gap(row)
    plain = _of(row, today, None, "")
    assert isinstance(plain, Cell)
    if row["kind"] == "end":
        return Cell(plain.day, "day--ext2", "可延至", f"如延长，第 {row['n']} 天，最后一天", plain.badge)
    if row["kind"] == "rest":
        return plain
    return Cell(plain.day, "day--ext", plain.word, f"如延长，{plain.spoken}", plain.badge)


def draw(drawn: list[Cell | Gap], label: str) -> SafeString:
    """The list as HTML: one row, or weeks when it is long or has a gap."""
    weeks = " strip--weeks" if len(drawn) > ONE_ROW or any(isinstance(c, Gap) for c in drawn) else ""
    parts = [f'<ol class="strip{weeks}" aria-label="{conditional_escape(label)}">']
    previous: date | None = None
    for cell in drawn:
        if isinstance(cell, Gap):
            parts.append(f'<li class="day day--gap">{conditional_escape(cell.words)}</li>')
            previous = None
            continue
        parts.append(_cell(cell, previous))
        previous = cell.day
    parts.append("</ol>")
    return mark_safe("".join(parts))


def _cell(cell: Cell, previous: date | None) -> str:
    day, weekday = cell.day, WEEKDAYS[cell.day.weekday()]
    start = "" if previous else f" at-{day.weekday() + 1}"
    number = f"{day.day}" if previous and previous.month == day.month else f"{day.month}/{day.day}"
    badge = f' data-b="{cell.badge}"' if cell.badge else ""
    return (
        f'<li class="day{" " if cell.modifiers else ""}{cell.modifiers}{start}"{badge}><span aria-hidden="true">'
        f'<i><span class="zhou">周</span>{weekday}</i><b>{number}</b><em>{conditional_escape(cell.word)}</em></span>'
        f'<span class="vh">{day.month} 月 {day.day} 日（星期{weekday}），{conditional_escape(cell.spoken)}</span></li>'
    )
