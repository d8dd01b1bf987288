"""The sentences of a working: each says one thing and cites what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from clock import SHANGHAI

from deadlines.count import Span
from deadlines.models import Term
from deadlines.workdays import DAY, WEEKDAYS, Calendar, add_months, day_of

STAYS = "这一天是休息日，期限不因此顺延，请提前办理。"


@dataclass(frozen=True)
class Part:
    """One segment with what is to be said of it."""

    span: Span
    basis: str
    reason: str = ""


@dataclass(frozen=True)
class Stop:
    """A pause with its reason; `end` is None while it lasts."""

    start: date
    end: date | None
    why: str
    cites: str


def length(span: Span) -> str:
    """5 个工作日, 30 日, 3 年."""
    if span.fixed_on is not None:
        return f"至 {full(span.fixed_on)}"
    unit = {"wd": "个工作日", "cd": "日", "month": "个月", "year": "年"}[span.unit]
    return f"{span.amount}\u00a0{unit}"


def full(day: date) -> str:
    """2026 年 12 月 30 日."""
    return f"{day.year}\u00a0年 {day.month}\u00a0月 {day.day}\u00a0日"


def short(day: date) -> str:
    """12 月 30 日."""
    return f"{day.month}\u00a0月 {day.day}\u00a0日"


def with_weekday(day: date) -> str:
    """2026 年 12 月 30 日（星期三）."""
    return f"{full(day)}（星期{WEEKDAYS[day.weekday()]}）"


def sentences(
    calendar: Calendar,
    started_at: datetime,
    parts: Sequence[Part],
    ends: Sequence[date],
    stops: Sequence[Stop],
    days: Sequence[dict[str, Any]],
    provisional: bool,
    term: str,
    event: str,
    rules_on: date,
) -> list[dict[str, Any]]:
    start = day_of(started_at)
    local = started_at.astimezone(SHANGHAI)
    said = [
        say(
            f"{with_weekday(start)}{local:%H:%M} {event or '起算'}。当天不计入，从次日 {short(start + DAY)}起算。",
            "CIV-201",
        )
    ]
    for stop in stops:
        until = f"{full(stop.end)}恢复，其间各日不计" if stop.end else "尚未恢复，截止日待恢复后确定"
        said.append(say(f"{full(stop.start)}起因{stop.why}中止计算，{until}。", stop.cites))
    for number, (part, end) in enumerate(zip(parts, ends, strict=True)):
        rows = [row for row in days if row["part"] == number and row["kind"] != "event"]
        if number:
            why = f"（理由：{part.reason}）" if part.reason else ""
            said.append(say(f"延长 {length(part.span)}，从 {short(start)}的次日起续算{why}。", part.basis))
        if part.span.fixed_on is None and part.span.unit == Term.Unit.WORKDAYS:
            said.extend(rests(calendar, rows))
        said.append(_end(calendar, part, start, end, total=_total(parts[: number + 1])))
        start = end
    if provisional:
        said.append(uncovered(days))
    if term:
        said.append(
            say(
                f"按期限条款“{term}”（适用 {full(rules_on)}有效的版本）和工作日历第 {calendar.version} 版计算。"
                "日历或条款变更时自动重算，并通知各方。"
            )
        )
    return said


def _total(parts: Sequence[Part]) -> int:
    """The length so far when all parts count in the same unit; 0 when there is only one, or the units differ."""
    same = len({part.span.unit for part in parts}) == 1
    return sum(part.span.amount for part in parts) if same and len(parts) > 1 else 0


def _end(calendar: Calendar, part: Part, start: date, end: date, *, total: int) -> dict[str, Any]:
    span = part.span
    if span.fixed_on is not None:
        text = f"最后一日由文书写明，为 {with_weekday(end)}，到当日 24:00 止。"
        return say(text + ("" if calendar.is_workday(end) else STAYS), part.basis, "CIV-203.2")
    if span.unit == Term.Unit.WORKDAYS:
        which = f"第 {total or span.amount} 个工作日是"
    elif span.unit == Term.Unit.DAYS:
        which = f"第 {total or span.amount} 日是"
    else:
        which = f"满 {length(span)}的对应日是"
    text = f"{which} {with_weekday(end)}，到当日 24:00 止。"
    cites = [part.basis, "CIV-203.2"]
    if span.unit in (Term.Unit.MONTHS, Term.Unit.YEARS):
        cites.insert(1, "CIV-202")
        months = span.amount * (12 if span.unit == Term.Unit.YEARS else 1)
        if add_months(start, months).day != start.day:
            text = f"到期月没有 {start.day}\u00a0日，以月末日为准。" + text
    if span.rolls:
        text += "最后一日是休息日的，顺延至其后第一个工作日。"
        cites.append("CIV-203.1")
    elif span.unit != Term.Unit.WORKDAYS and not calendar.is_workday(end):
        text += STAYS
    return say(text, *cites)


def rests(calendar: Calendar, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One sentence a run of days off with the same cause, and one a make-up workday."""
    said = []

    def cause(row: dict[str, Any]) -> tuple[str, str]:
        return row["kind"] if row["kind"] == "rest" else ("makeup" if row["makeup"] else ""), row["name"]

    weekends: list[date] = []
    for (kind, name), run in groupby(rows, key=cause):
        dates = [date.fromisoformat(row["date"]) for row in run]
        if kind == "rest" and not name:
            weekends.extend(dates)
        elif kind == "rest":
            number = calendar.special[dates[0]].notice
            source = f"（{number}）" if number else "（法定节日，调休安排尚未公布）"
            said.append(say(f"{_range(dates)}{name}放假{source}，不计入。"))
        elif kind == "makeup":
            number = calendar.special[dates[0]].notice
            said.append(say(f"{_range(dates, weekday=True)}因{name}调休上班（{number}），计入。"))
    if weekends:
        if len(weekends) > 6:
            text = f"其间的周六、周日共 {len(weekends)} 天休息，不计入。"
        else:
            text = (
                "、".join(f"{short(day)}（星期{WEEKDAYS[day.weekday()]}）" for day in weekends)
                + "休息，不计入。"
            )
        said.insert(0, say(text))
    return said


def _range(dates: Sequence[date], *, weekday: bool = False) -> str:
    if len(dates) == 1:
        day = f"（星期{WEEKDAYS[dates[0].weekday()]}）" if weekday else ""
        return f"{short(dates[0])}{day}"
    return f"{short(dates[0])}至 {short(dates[-1])}"


def uncovered(days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Why a date is provisional and what happens next."""
    years = sorted({int(row["date"][:4]) for row in days if row["provisional"]}) or [
        int(days[-1]["date"][:4])
    ]
    named = "、".join(str(year) for year in years)
    return say(
        f"暂定：国务院办公厅关于 {named}\u00a0年放假安排的通知尚未载入，暂按周一至周五上班、法定节日休息计算；"
        "通知载入后自动重算，日期有变即通知各方。"
    )


def say(text: str, *cites: str) -> dict[str, Any]:
    """One sentence with what it rests on."""
    return {"text": text, "cites": [cite for cite in cites if cite]}
