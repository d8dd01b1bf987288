"""The figures as tables for further work: UTF-8 with its mark, so that spreadsheets read the Chinese."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from accounts.models import Organisation
from deadlines.models import Deadline
from deadlines.workdays import day_of

from security.pages import OverdueRow
from security.queries.tally import Group

FIGURES = ("月份", "单位", "期限", "到期", "按时", "逾期", "其中未办结", "按时率（%）", "平均用时（工作日）")
OVERDUE = (
    "办件",
    "单位",
    "期限",
    "依据",
    "最后一日",
    "办结日",
    "逾期（工作日）",
    "逾期原因（单位填报）",
    "线索",
)


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """CSV, line by line."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([_safe(value) for value in row])


def _safe(value: Any) -> str:
    """As text; what a spreadsheet would run as a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def figures(found: list[Group]) -> Iterator[list[Any]]:
    """One line a month, body and kind of limit."""
    bodies = Organisation.objects.in_bulk({group.body for group in found if group.body is not None})
    for group in sorted(found, key=lambda one: (one.month, one.body or 0, one.label)):
        body, tally = bodies.get(group.body), group.tally
        yield [
            f"{group.month:%Y-%m}",
            body.name if body else "",
            group.label,
            tally.due,
            tally.on_time,
            tally.overdue,
            tally.still_open,
            tally.rate,
            tally.average,
        ]


def overdue(rows: Iterable[OverdueRow]) -> Iterator[list[Any]]:
    """One line a breach."""
    for row in rows:
        deadline: Deadline = row.deadline
        closed: date | None = day_of(deadline.closed_at) if deadline.closed_at else None
        yield [
            deadline.case.number,
            deadline.owed_by.name if deadline.owed_by else "",
            deadline.label,
            deadline.basis,
            deadline.due_on,
            closed,
            row.days,
            row.note.cause if row.note else "",
            row.lead.get_status_display() if row.lead else "",
        ]
