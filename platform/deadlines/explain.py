"""Why that day: the working of a due date, stored with the deadline and drawn on the case page.

Shape of a working (everything JSON has, dates as ISO text):

    due_on, provisional, calendar (version), rules_on
    parts      [{kind: base|extension|pause, label, start, end, cites}]
    days       [{date, weekday 0-6, kind: event|count|rest|pause|end|ext, n, name, makeup, provisional, part}]
               or, in place of a long middle, {kind: fold, date, end, days, counted}
    sentences  [{text, cites: [..]}]

`n` is the number of the counted day (an extension in the same unit counts on); `name` the holiday's; `ext` marks the last day of a part that was
then extended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from clock import SHANGHAI

from deadlines.count import Span, chain, is_provisional
from deadlines.models import Term
from deadlines.workdays import DAY, WEEKDAYS, Calendar, Pause, add_months, day_of, days_after

FOLD_ABOVE = 40
KEPT_EACH_END = 12

Working = dict[str, Any]


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


def work_out(
    calendar: Calendar,
    started_at: datetime,
    parts: Sequence[Part],
    stops: Sequence[Stop] = (),
    *,
    rules_on: date,
    code: str = "",
) -> Working:
    """Compute the last day and say why. Parts: the term, then each extension."""
    start = day_of(started_at)
    pauses = [Pause(stop.start, stop.end) for stop in stops if stop.end is not None]
    spans = [part.span for part in parts]
    ends = chain(calendar, start, spans, pauses)
    provisional = is_provisional(calendar, start, spans, ends)
    days = _days(calendar, start, spans, ends, pauses)
    return {
        "due_on": ends[-1].isoformat(),
        "provisional": provisional,
        "calendar": calendar.version,
        "rules_on": rules_on.isoformat(),
        "parts": _parts(start, parts, ends, stops),
        "sentences": _sentences(calendar, started_at, parts, ends, stops, days, provisional, code, rules_on),
        "days": fold(days),
    }


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


def _parts(
    start: date, parts: Sequence[Part], ends: Sequence[date], stops: Sequence[Stop]
) -> list[dict[str, Any]]:
    rows = []
    for number, (part, end) in enumerate(zip(parts, ends, strict=True)):
        rows.append(
            {
                "kind": "extension" if number else "base",
                "label": ("延长 " if number else "") + length(part.span),
                "start": start.isoformat(),
                "end": end.isoformat(),
                "cites": part.basis,
                "reason": part.reason,
            }
        )
        start = end
    for stop in stops:
        rows.append(
            {
                "kind": "pause",
                "label": "中止计算",
                "start": stop.start.isoformat(),
                "end": stop.end.isoformat() if stop.end else None,
                "cites": stop.cites,
                "reason": stop.why,
            }
        )
    return rows


def _days(
    calendar: Calendar, start: date, spans: Sequence[Span], ends: Sequence[date], pauses: Sequence[Pause]
) -> list[dict[str, Any]]:
    rows = [_row(calendar, start, "event", 0, 0)]
    n = 0
    for part, (span, end) in enumerate(zip(spans, ends, strict=True)):
        workdays = span.fixed_on is None and span.unit == Term.Unit.WORKDAYS
        if part and span.unit != spans[part - 1].unit:
            n = 0
        for day in days_after(start, end):
            if any(pause.holds(day) for pause in pauses) and day != end:
                kind = "pause"
            elif workdays and not calendar.is_workday(day):
                kind = "rest"
            else:
                n += 1
                kind = "count"
            if day == end:
                kind = "end" if part == len(ends) - 1 else "ext"
            rows.append(
                _row(calendar, day, kind, n if kind in ("count", "end", "ext") else 0, part, workdays)
            )
        start = end
    return rows


def _row(
    calendar: Calendar, day: date, kind: str, n: int, part: int, workdays: bool = False
) -> dict[str, Any]:
    known = calendar.special.get(day)
    return {
        "date": day.isoformat(),
        "weekday": day.weekday(),
        "kind": kind,
        "n": n,
        "name": known.name if known else "",
        "makeup": bool(known and not known.off),
        "provisional": workdays and not calendar.is_covered(day),
        "part": part,
    }


def fold(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A long run of days with its middle put into one row; both ends and every part's last day stay."""
    if len(rows) <= FOLD_ABOVE:
        return rows
    kept = {*range(KEPT_EACH_END), *range(len(rows) - KEPT_EACH_END, len(rows))}
    kept |= {index for index, row in enumerate(rows) if row["kind"] == "ext"}
    folded: list[dict[str, Any]] = []
    for keep, run in groupby(enumerate(rows), key=lambda item: item[0] in kept):
        days = [row for _, row in run]
        if keep:
            folded.extend(days)
        else:
            folded.append(
                {
                    "kind": "fold",
                    "date": days[0]["date"],
                    "end": days[-1]["date"],
                    "days": len(days),
                    "counted": sum(row["kind"] == "count" for row in days),
                    "provisional": any(row["provisional"] for row in days),
                    "part": days[0]["part"],
                }
            )
    return folded


def _sentences(
    calendar: Calendar,
    started_at: datetime,
    parts: Sequence[Part],
    ends: Sequence[date],
    stops: Sequence[Stop],
    days: Sequence[dict[str, Any]],
    provisional: bool,
    code: str,
    rules_on: date,
) -> list[dict[str, Any]]:
    start = day_of(started_at)
    local = started_at.astimezone(SHANGHAI)
    said = [
        _say(
            f"{with_weekday(start)}{local:%H:%M} 发生起算事由。当天不计入，从次日 {short(start + DAY)}起算。",
            "CIV-201",
        )
    ]
    for stop in stops:
        until = f"{full(stop.end)}恢复，其间各日不计" if stop.end else "尚未恢复，截止日待恢复后确定"
        said.append(_say(f"{full(stop.start)}起因{stop.why}中止计算，{until}。", stop.cites))
    for number, (part, end) in enumerate(zip(parts, ends, strict=True)):
        rows = [row for row in days if row["part"] == number and row["kind"] != "event"]
        if number:
            why = f"（理由：{part.reason}）" if part.reason else ""
            said.append(_say(f"延长 {length(part.span)}，从 {short(start)}的次日起续算{why}。", part.basis))
        if part.span.fixed_on is None and part.span.unit == Term.Unit.WORKDAYS:
            said.extend(_rests(calendar, rows))
        said.append(_end(calendar, part, start, end, total=_total(parts[: number + 1])))
        start = end
    if provisional:
        said.append(_provisional(calendar, days))
    if code:
        said.append(
            _say(
                f"按期限条款 {code}（适用 {full(rules_on)}有效的版本）和工作日历第 {calendar.version} 版计算。"
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
        return _say(f"最后一日由文书写明，为 {with_weekday(end)}，到当日 24:00 止。", part.basis, "CIV-203.2")
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
        text += "这一天是休息日，期限不因此顺延，请提前办理。"
    return _say(text, *cites)


def _rests(calendar: Calendar, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
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
            said.append(_say(f"{_range(dates)}{name}放假{source}，不计入。"))
        elif kind == "makeup":
            number = calendar.special[dates[0]].notice
            said.append(_say(f"{_range(dates, weekday=True)}因{name}调休上班（{number}），计入。"))
    if weekends:
        if len(weekends) > 6:
            text = f"其间的周六、周日共 {len(weekends)} 天休息，不计入。"
        else:
            text = (
                "、".join(f"{short(day)}（星期{WEEKDAYS[day.weekday()]}）" for day in weekends)
                + "休息，不计入。"
            )
        said.insert(0, _say(text))
    return said


def _range(dates: Sequence[date], *, weekday: bool = False) -> str:
    if len(dates) == 1:
        day = f"（星期{WEEKDAYS[dates[0].weekday()]}）" if weekday else ""
        return f"{short(dates[0])}{day}"
    return f"{short(dates[0])}至 {short(dates[-1])}"


def _provisional(calendar: Calendar, days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    years = sorted({int(row["date"][:4]) for row in days if row["provisional"]}) or [
        int(days[-1]["date"][:4])
    ]
    named = "、".join(str(year) for year in years)
    return _say(
        f"暂定：国务院办公厅关于 {named}\u00a0年放假安排的通知尚未载入，暂按周一至周五上班、法定节日休息计算；"
        "通知载入后自动重算，日期有变即通知各方。"
    )


def _say(text: str, *cites: str) -> dict[str, Any]:
    return {"text": text, "cites": [cite for cite in cites if cite]}
