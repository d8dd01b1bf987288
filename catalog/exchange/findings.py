"""One thing found wrong in a file, with the place where a person finds it."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.exchange.tables import Table
from catalog.models import ImportProblem

Kind = ImportProblem.Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` from 1 as the file shows it, `column` from 0 or -1; `value` is what stands there, cut."""

    sheet: str
    line: int
    column: int
    place: str
    label: str
    kind: str
    message: str
    value: str = ""
    blocking: bool = True
    cites: tuple[str, ...] = ()


def finding(
    table: Table,
    line: int,
    column: int,
    kind: str,
    message: str,
    *,
    value: object = "",
    blocking: bool = True,
    cites: tuple[str, ...] = (),
    label: str = "",
) -> Finding:
    """A finding at a cell of the table (`column` -1: the row)."""
    if not label and 0 <= column < len(table.header):
        label = table.header[column]
    return Finding(
        table.name,
        line,
        column,
        table.place(line),
        label[:60],
        str(kind),
        message,
        "" if value == "" else " ".join(str(value).split())[:60],
        blocking,
        cites,
    )
