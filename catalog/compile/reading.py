"""What the forms send, as mappings that `norm.content.read` takes. Nothing is judged here and nothing is lost.

The rows of items and conditions are named by a key of their own (`row` lists the keys in the order of the page), so
that a row may be moved or taken away in the browser without renaming its fields.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from catalog.models import Condition
from catalog.norm.elements import CONDITION, ENTRY, ITEM, Element, Kind
from catalog.norm.vocabularies import fold

#: Columns of a pasted block without a heading line, in the order in which departments keep them.
PASTED = ("name", "code", "type", "length", "description")
_LABELS = {
    fold(spelling): element.name
    for element in ITEM
    for spelling in (element.label, element.label.removeprefix("信息项"), element.name)
}


def elements(posted: QueryDict) -> dict[str, Any]:
    """The elements of the entry itself."""
    return {element.name: _said(element, posted, element.name) for element in ENTRY}


def items(posted: QueryDict) -> list[dict[str, Any]]:
    """The rows of items on the page, without those in which nothing was written."""
    return _rows(posted, "item", ITEM, blank=frozenset({"type", "sharing_type", "opening_type"}))


def conditions(posted: QueryDict) -> list[dict[str, Any]]:
    """The sharing conditions, each with the parameter of its kind of check."""
    found = []
    for key in posted.getlist("condition"):
        row = _row(posted, key, CONDITION)
        row["check_kind"] = posted.get(f"{key}-check_kind", Condition.Check.MANUAL)
        row["parameter"] = parameter(row["check_kind"], posted, key)
        if row["text"].strip() or row["basis"].strip() or row["parameter"]:
            found.append(row)
    return found


def parameter(kind: str, posted: QueryDict, key: str) -> dict[str, Any]:
    """The parameter of a check as `Condition` describes it; what was left empty is not in it."""
    if kind == Condition.Check.FUNCTION:
        return _kept(words=_words(posted.get(f"{key}-words", "")))
    if kind == Condition.Check.PURPOSE:
        return _kept(kinds=[k for k in posted.getlist(f"{key}-kinds") if k in ("duty", "service")])
    if kind == Condition.Check.PERIOD:
        return _kept(months=_whole(posted.get(f"{key}-months", "")))
    if kind == Condition.Check.MODE:
        found = _kept(modes=[m for m in posted.getlist(f"{key}-modes") if m in ("file", "api")])
        return {**found, "batch": False} if posted.get(f"{key}-single") else found
    if kind == Condition.Check.ITEMS:
        return _kept(
            codes=_words(posted.get(f"{key}-codes", "")), together=_whole(posted.get(f"{key}-together", ""))
        )
    return {}


def pasted(text: str) -> list[dict[str, Any]]:
    """Rows of a block copied from a spreadsheet: cells parted by tabs, quoted where they hold line ends.

    A first line of column names orders the columns; columns of other names are left out. Without it the columns are
    name, code, type, length, description.
    """
    lines = [
        [cell.strip() for cell in line]
        for line in csv.reader(io.StringIO(text.replace("\x00", "")), delimiter="\t")
        if any(cell.strip() for cell in line)
    ]
    if not lines:
        return []
    named = [_LABELS.get(fold(cell), "") for cell in lines[0]]
    columns: Iterable[str] = PASTED
    if "name" in named or "code" in named:
        columns, lines = named, lines[1:]
    return [{part: cell for part, cell in zip(columns, line, strict=False) if part} for line in lines]


def _rows(
    posted: QueryDict, what: str, elements: Iterable[Element], blank: frozenset[str]
) -> list[dict[str, Any]]:
    rows = (_row(posted, key, elements) for key in posted.getlist(what))
    return [row for row in rows if any(value for name, value in row.items() if name not in blank)]


def _row(posted: QueryDict, key: str, elements: Iterable[Element]) -> dict[str, Any]:
    return {element.name: _said(element, posted, f"{key}-{element.name}") for element in elements}


def _said(element: Element, posted: QueryDict, name: str) -> Any:
    if element.kind == Kind.CODES:
        return posted.getlist(name)
    if element.kind == Kind.FLAG:
        return bool(posted.get(name))
    return posted.get(name, "")


def _words(text: str) -> list[str]:
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(word.strip()[:60] for word in text.split("、") if word.strip()))[:50]


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _kept(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in ([], None)}
