"""Counting so many working days from a day, for anyone: the public page, the API and the command show the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from deadlines.explain import day_row, fold
from deadlines.sentences import rests, say, short, uncovered, with_weekday
from deadlines.workdays import DAY, Calendar, add_workdays, days_after

#: Two working years: more than any limit has, and few enough to count while somebody waits.
MOST = 500
YEARS = range(2000, 2101)


class CountRefused(ValueError):
    """The count cannot be made; the text says why and what can."""


def count(calendar: Calendar, start: date, n: int) -> dict[str, Any]:
    """The nth working day after the day (before it when n is negative), in the shape of a working (explain.py).

    Raises `CountRefused` outside ±500 days or the years 2000 to 2100.
    """
    if abs(n) > MOST:
        raise CountRefused(
            _("工作日数应在 -%(most)s 到 %(most)s 之间，现在是 %(n)s") % {"most": MOST, "n": n}
        )
    if start.year not in YEARS:
        raise CountRefused(_("日期应在 2000 年到 2100 年之间，现在是 %(day)s") % {"day": start})
    end = add_workdays(calendar, start, n)
    rows = _rows(calendar, start, end, n)
    return {
        "start": start.isoformat(),
        "n": n,
        "date": end.isoformat(),
        "due_on": end.isoformat(),
        "provisional": any(row["provisional"] for row in rows),
        "calendar": calendar.version,
        "sentences": _said(calendar, start, end, n, rows),
        "days": fold(rows),
    }


def _rows(calendar: Calendar, start: date, end: date, n: int) -> list[dict[str, Any]]:
    """Every day from the earlier to the later one; numbers grow away from the day of the event."""
    forward = n >= 0
    days = days_after(start, end) if forward else (start - i * DAY for i in range(1, (start - end).days + 1))
    rows, number = [day_row(calendar, start, "event", 0, 0)], 0
    for day in days:
        works = calendar.is_workday(day)
        number += works
        kind = "end" if day == end else "count" if works else "rest"
        rows.append(day_row(calendar, day, kind, number if works else 0, 0, True))
    return rows if forward else rows[::-1]


def _said(
    calendar: Calendar, start: date, end: date, n: int, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    if n == 0:
        return [say(f"{with_weekday(start)}，不往前也不往后数。")]
    side = "次日" if n > 0 else "前一日"
    first = start + DAY if n > 0 else start - DAY
    way = "" if n > 0 else "往回"
    said = [say(f"{with_weekday(start)}当天不计入，从{side} {short(first)}{way}起算。", "CIV-201")]
    said += rests(calendar, [row for row in rows if row["kind"] != "event"])
    till = "，到当日 24:00 止" if n > 0 else ""
    said.append(say(f"{way}第 {abs(n)} 个工作日是 {with_weekday(end)}{till}。", "CIV-203.2" if n > 0 else ""))
    if any(row["provisional"] for row in rows):
        said.append(uncovered(rows))
    said.append(say(f"按工作日历第 {calendar.version} 版计算。"))
    return said
