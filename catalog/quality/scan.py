"""Counting in one load of data: empty cells, cells that are not what the catalogue declares, values that repeat.

It knows the data centre and nothing of the catalogue, so that the data centre can take it over with its own checks on
the way in. How a cell is checked is `datacentre.values`; what was checked so when it was loaded is not checked again.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import pairwise
from time import monotonic
from typing import Any

from datacentre import store
from datacentre.models import HoldingItem, HoldingVersion
from datacentre.values import BadValue, parse

#: So many rows are read at most, and for so long (seconds); where it stops, the result says so.
MOST_ROWS = 1_000_000
MOST_SECONDS = 240.0
#: Rows by number that a result names.
NAMED = 20
_BREATH = 2000


@dataclass(frozen=True)
class Declared:
    """What a column should hold. `type` and `identifier` as in `HoldingItem`, empty where nothing can be checked.

    `checked`: exactly this was checked of every cell when it was loaded. `key`: each value may occur once.
    """

    code: str
    type: str = ""
    identifier: str = ""
    checked: bool = False
    key: bool = False


@dataclass
class Column:
    """What was counted in one column; rows are numbered from 1, without the header."""

    empty: int = 0
    bad: int = 0
    bad_rows: list[int] = field(default_factory=list)
    repeats: int = 0


@dataclass
class Scanned:
    """`repeats` are rows that stand there already; `whole`: all rows were read."""

    rows: int = 0
    whole: bool = True
    repeats: int = 0
    columns: dict[str, Column] = field(default_factory=dict)

    def found(self) -> dict[str, Any]:
        return {code: asdict(column) for code, column in self.columns.items()}


def digest(declared: Sequence[Declared]) -> str:
    """Which declaration a result belongs to."""
    text = json.dumps([asdict(column) for column in declared], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def scan(
    version: HoldingVersion,
    declared: Sequence[Declared],
    *,
    most: int = MOST_ROWS,
    seconds: float = MOST_SECONDS,
    tick: Callable[[], float] = monotonic,
) -> Scanned:
    """Read the version once, a block at a time. Eight bytes a row are kept for each thing that may not repeat.

    A column that the version does not have is left out. Raises OSError when a block cannot be read.
    """
    places = {code: place for place, code in enumerate(version.items)}
    columns = [(places[one.code], one, Column()) for one in declared if one.code in places]
    checks = [
        (place, _check(one), column)
        for place, one, column in columns
        if (one.type or one.identifier) and not one.checked
    ]
    cells = [(place, column) for place, _one, column in columns]
    keys = [(place, column, array("q")) for place, one, column in columns if one.key]
    whole_rows = array("q")
    result, end = Scanned(), tick() + seconds
    for number, row in store.rows(version):
        if number >= most or (number % _BREATH == 0 and tick() > end):
            result.whole = False
            break
        result.rows += 1
        for place, column in cells:
            if not row[place]:
                column.empty += 1
        for place, check, column in checks:
            if row[place] and not check(row[place]):
                _note(column, number + 1)
        for place, _column, seen in keys:
            if row[place]:
                seen.append(hash(row[place]))
        whole_rows.append(hash(tuple(row)))
    for _place, column, seen in keys:
        column.repeats = _repeats(seen)
    result.repeats = _repeats(whole_rows)
    result.columns = {one.code: column for _place, one, column in columns}
    return result


def _check(declared: Declared) -> Callable[[str], bool]:
    """Whether a cell is what the column declares; of the last values each is asked about once."""
    item = HoldingItem(type=declared.type or HoldingItem.Type.TEXT, identifier=declared.identifier)

    @lru_cache(maxsize=4096)
    def right(text: str) -> bool:
        try:
            parse(item, text)
        except BadValue:
            return False
        return True

    return right


def _note(column: Column, row: int) -> None:
    column.bad += 1
    if len(column.bad_rows) < NAMED:
        column.bad_rows.append(row)


def _repeats(seen: array[int]) -> int:
    return sum(first == second for first, second in pairwise(sorted(seen)))
