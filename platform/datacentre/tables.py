"""A table on its way in: from a CSV file or from mappings, to rows of canonical values in column order."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from datacentre.models import HoldingItem
from datacentre.refusals import BadTable, CellError
from datacentre.values import BadValue, parse, shown

#: A row as it stands in the source: its number as a spreadsheet counts (the header is 1) and its cells.
Numbered = tuple[int, Sequence[str]]


class Digesting(io.RawIOBase):
    """A file that takes the SM3 of all that is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sm3 = file, hashlib.new("sm3")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        read = self._file.read(len(buffer))
        buffer[: len(read)] = read
        self._sm3.update(read)
        return len(read)

    @property
    def sm3(self) -> str:
        return self._sm3.hexdigest()


def from_csv(file: io.RawIOBase) -> Iterator[Numbered]:
    """The lines of a UTF-8 CSV (a byte order mark is allowed), numbered from 1. Blank lines are no rows.

    Raises `BadTable` at the first line that is not UTF-8 or not CSV: what follows it cannot be trusted.
    """
    text = io.TextIOWrapper(io.BufferedReader(file, 1 << 16), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if row:
                yield number, row
    except UnicodeDecodeError:
        wrong = "文件不是 UTF-8 编码。用电子表格打开后另存为“CSV UTF-8”，再载入"
        raise BadTable([CellError(number + 1, "", wrong)], 1) from None
    except csv.Error as error:
        wrong = f"不是完整的 CSV（引号不成对，或者单元格过长）：{error}"
        raise BadTable([CellError(number + 1, "", wrong)], 1) from None


def from_mappings(items: Sequence[HoldingItem], rows: Iterable[Mapping[str, str]]) -> Iterator[Numbered]:
    """Rows given by item code, with a header before them; a key that is no item is refused with its row."""
    codes = [item.code for item in items]
    yield 1, codes
    known = set(codes)
    for number, row in enumerate(rows, 2):
        if strange := set(row) - known:
            raise BadTable([CellError(number, sorted(strange)[0], "这不是本数据实体的信息项")], 1)
        yield number, [row.get(code, "") for code in codes]


def read(items: Sequence[HoldingItem], lines: Iterator[Numbered]) -> Iterator[list[str]]:
    """Rows of canonical values in the order of `items`.

    The header may use codes or names, in any order, but must name each item once and nothing else. Every bad cell
    of the table is found before `BadTable` is raised at its end; a caller must keep nothing until then.
    """
    header = next(lines, None)
    if header is None:
        raise BadTable([CellError(1, "", "文件是空的，第一行应为信息项的代码或名称")], 1)
    order = _columns(items, header[1])
    errors: list[CellError] = []
    count = total = 0
    for number, cells in lines:
        total += 1
        if len(cells) != len(order):
            count += 1
            _note(errors, CellError(number, "", f"应有 {len(order)} 列，现在是 {len(cells)} 列"))
            continue
        values = []
        for item, position in zip(items, order, strict=True):
            try:
                values.append(parse(item, cells[position]))
            except BadValue as error:
                count += 1
                _note(errors, CellError(number, item.name, str(error)))
        if not count:
            yield values
    if count:
        raise BadTable(errors, count)
    if not total:
        raise BadTable([CellError(2, "", "表中没有数据行")], 1)


def _note(errors: list[CellError], error: CellError) -> None:
    if len(errors) < BadTable.LISTED:
        errors.append(error)


def _columns(items: Sequence[HoldingItem], header: Sequence[str]) -> list[int]:
    """For each item, the position of its column."""
    position: dict[str, int] = {}
    errors = []
    by_label = {label: item.code for item in items for label in (item.code, item.name)}
    for place, cell in enumerate(header):
        label = cell.strip()
        code = by_label.get(label)
        if code is None:
            errors.append(CellError(1, shown(label) or f"第 {place + 1} 列", "这不是本数据实体的信息项"))
        elif code in position:
            errors.append(CellError(1, shown(label), "同一信息项出现了两次"))
        else:
            position[code] = place
    errors += [CellError(1, item.name, "缺少这一列") for item in items if item.code not in position]
    if errors:
        raise BadTable(errors, len(errors))
    return [position[item.code] for item in items]
