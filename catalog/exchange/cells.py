"""Cells: each one read against the element of its column, alike ones once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from accounts.codes import check_uscc
from accounts.models import Organisation

from catalog import rules
from catalog.exchange.columns import Column, Part
from catalog.exchange.findings import Kind
from catalog.exchange.tables import Table
from catalog.norm.content import Unreadable, value_of
from catalog.norm.elements import Kind as ElementKind

#: What is read of one part of a table: place of the column, the column, what its texts were read as before.
Plan = list[tuple[int, Column, dict[str, Any]]]
#: Words of classification where a level of security should stand.
_LEVELS = ("绝密", "机密", "秘密")


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong with a cell."""

    kind: str
    message: str


class Cells:
    """Reads the cells of one file on behalf of a body."""

    def __init__(self, provider: Organisation, on: date) -> None:
        self.provider, self.on = provider, on
        self.own_names = {provider.name, provider.short_name, provider.code}
        self.memos: dict[tuple[Part, str], dict[str, Any]] = {}

    def plans(self, table: Table) -> dict[Part, Plan]:
        """The columns of the table that hold anything, by what they speak of; of two of a name the first."""
        filled = [
            any(cells) or 0 in cells for cells in zip_longest(*(row for _, row in table.rows), fillvalue="")
        ]
        plans: dict[Part, Plan] = {part: [] for part in Part}
        seen: set[str] = set()
        for place, column in enumerate(table.columns):
            if column is not None and column.label not in seen:
                seen.add(column.label)
                if place >= len(filled) or not filled[place]:
                    continue
                memo = self.memos.setdefault((column.part, column.name), {})
                plans[column.part].append((place, column, memo))
        return plans

    def read(
        self,
        plan: Plan,
        cells: Sequence[Any],
        wrong: list[tuple[int, Bad, Any]],
    ) -> dict[str, Any]:
        """What the cells of one part say, by element; what cannot be read goes to `wrong`."""
        said: dict[str, Any] = {}
        for place, column, memo in plan:
            cell = cells[place]
            if type(cell) is str:
                if not cell:
                    continue
                value = memo.get(cell)
                if value is None:
                    value = memo[cell] = self._value(column, cell)
            elif cell is None:
                continue
            else:
                value = self._value(column, cell)
            if type(value) is Bad:
                wrong.append((place, value, cell))
            else:
                said[column.name] = value
        return said

    def _value(self, column: Column, cell: Any) -> Any:
        """The value of one cell, or what is wrong with it."""
        try:
            text = _plain(column, cell)
        except Unreadable as told:
            return Bad(Kind.DATE, str(told))
        if column.element is None:
            return self._whose(column, text)
        limited = column.element.kind in (ElementKind.TEXT, ElementKind.LONG)
        if limited and isinstance(text, str) and len(text.strip()) > column.element.most:
            told = f"“{column.label}”最多 {column.element.most:,} 个字，现在是 {len(text):,} 个字"
            return Bad(Kind.LONG, told)
        try:
            return value_of(column.element, text, self.on)
        except Unreadable as told:
            if column.name == "security_level" and any(word in str(text) for word in _LEVELS):
                raise rules.SecretMatter from None
            return Bad(Kind.UNREADABLE, str(told))

    def _whose(self, column: Column, text: Any) -> Any:
        said = str(text).strip()
        if len(said) > column.most:
            return Bad(Kind.LONG, f"“{column.label}”最多 {column.most} 个字，现在是 {len(said):,} 个字")
        if column.name == "uscc" and said:
            try:
                code = check_uscc(said)
            except ValueError as wrong:
                return Bad(Kind.IDENTIFIER, str(wrong))
            if self.provider.uscc and code != self.provider.uscc:
                return Bad(
                    Kind.IDENTIFIER,
                    f"{self.provider.short_name}的统一社会信用代码是 {self.provider.uscc}，这一行是 {code}",
                )
        if column.name == "provider" and said and said not in self.own_names:
            return Bad(
                Kind.TARGET,
                f"这次以{self.provider.name}的名义导入，这一行的提供单位是“{said[:40]}”。请删去这一行，或者以该单位的名义另行导入",
            )
        return said


def _plain(column: Column, cell: Any) -> Any:
    """A cell as the norm reads it. Raises `Unreadable` for what a spreadsheet turned into something else."""
    if isinstance(cell, str):
        return cell
    kind = column.element.kind if column.element is not None else ElementKind.TEXT
    if isinstance(cell, bool):
        if kind == ElementKind.FLAG:
            return cell
        raise Unreadable(f"“{column.label}”应为文本，现在是逻辑值。请把这一列设为文本格式后重新填写")
    if isinstance(cell, datetime | date | time | timedelta):
        raise Unreadable(
            f"“{column.label}”应为文本，表格软件把它变成了日期（{_shown(cell)}）。请把这一列设为文本格式后重新填写"
        )
    if isinstance(cell, int | float):
        if abs(cell) >= 10**15:
            raise Unreadable(
                f"“{column.label}”是 15 位以上的数字，表格软件会丢掉末几位。请把这一列设为文本格式后重新填写"
            )
        return str(int(cell)) if cell == int(cell) else repr(cell)
    several = kind in (ElementKind.CODES, ElementKind.WORDS)
    if isinstance(cell, list) and several and all(isinstance(part, str) for part in cell):
        return cell
    raise Unreadable(f"“{column.label}”应为文本，现在是列表或者对象")


def _shown(cell: object) -> str:
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell)
