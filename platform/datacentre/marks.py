"""What stands beside data while somebody has doubts about it: pages and interface read it here, an app above fills it.

Data in doubt is delivered as before; whoever receives it learns which item, and which record where a value names it
(GOV19-19.3).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from datacentre.models import Grant, Holding


@dataclass(frozen=True)
class Mark:
    """A doubt about a holding's data.

    `item` is the code of the item in doubt, empty for the whole record; `key_item` and `key_value` name the record by
    one of its values, both empty where it cannot be told so. `notice` is the verification code of its notice.
    """

    item: str
    key_item: str
    key_value: str
    label: str
    since: datetime
    notice: str = ""

    def concerns(self, codes: Sequence[str], row: Sequence[str]) -> bool:
        """Whether the row, its cells in the order of the items' codes, is the record in doubt."""
        return self.key_item in codes and row[codes.index(self.key_item)] == self.key_value


Marks = Callable[[Holding], list[Mark]]
#: Where to go with a doubt about data under a grant, as (label, address).
Ways = Callable[[Grant], list[tuple[str, str]]]

_marks: list[Marks] = []
_ways: list[Ways] = []


def register(marks: Marks, ways: Ways) -> None:
    """Take part in what is told beside data; registering twice counts once."""
    if marks not in _marks:
        _marks.append(marks)
    if ways not in _ways:
        _ways.append(ways)


def marks_on(holding: Holding, items: Collection[str]) -> list[Mark]:
    """The doubts that concern a reader of these items; a record is not named by a value that the reader may not see."""
    found = [mark for source in _marks for mark in source(holding)]
    return [
        mark if mark.key_item in items else replace(mark, key_item="", key_value="")
        for mark in found
        if not mark.item or mark.item in items
    ]


def ways_from(grant: Grant) -> list[tuple[str, str]]:
    return [way for source in _ways for way in source(grant)]


def flags(marks: Sequence[Mark], codes: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each cell of each row the label of the doubt about it; a doubt about a whole record is at its key."""
    told = []
    for row in rows:
        cells = [""] * len(row)
        for mark in marks:
            if mark.concerns(codes, row):
                cells[codes.index(mark.item or mark.key_item)] = mark.label
        told.append(cells)
    return told
