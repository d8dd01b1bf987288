"""Why that day: the working of a due date, stored with the deadline and drawn on the case page.

Shape of a working (everything JSON has, dates as ISO text):

    due_on, provisional, calendar (version), rules_on
    parts      [{kind: base|extension|pause, label, start, end, cites}]
    days       [{date, weekday 0-6, kind: event|count|rest|pause|end|ext, n, name, makeup, provisional, part}]
               or, in place of a long middle, {kind: fold, date, end, days, counted}
    sentences  [{text, cites: [..]}]

`n` is the number of the counted day (an extension in the same unit counts on); `name` the holiday's; `ext` marks the
last day of a part that was then extended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from deadlines.count import Span, chain, is_provisional
from deadlines.models import Term
from deadlines.sentences import Part, Stop, length, sentences
from deadlines.workdays import Calendar, Pause, day_of, days_after

FOLD_ABOVE = 40
KEPT_EACH_END = 12

Working = dict[str, Any]


def work_out(
    calendar: Calendar,
    started_at: datetime,
    parts: Sequence[Part],
    stops: Sequence[Stop] = (),
    *,
    rules_on: date,
    term: str = "",
    event: str = "",
) -> Working:
    """Compute the last day and say why. Parts: the term, then each extension.

    `term` is the name of the term in force, `event` what set the clock going, both as people say them.
    """
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
        "sentences": sentences(
            calendar, started_at, parts, ends, stops, days, provisional, term, event, rules_on
        ),
        "days": fold(days),
    }


def _parts(
    start: date, parts: Sequence[Part], ends: Sequence[date], stops: Sequence[Stop]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
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
    rows = [day_row(calendar, start, "event", 0, 0)]
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
                day_row(calendar, day, kind, n if kind in ("count", "end", "ext") else 0, part, workdays)
            )
        start = end
    return rows


def day_row(
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
