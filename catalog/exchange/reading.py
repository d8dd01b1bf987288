"""Rows of tables as entries: every cell read against the norm, every row put to the entry that it speaks of.

One rule for all forms of a file: a row names its entry by code or name; its entry columns say what the entry is, its
item columns are one item, its condition columns one condition. So three sheets, one wide table and JSON read alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Organisation
from statutes.enforcement import enforces

from catalog import rules
from catalog.exchange.cells import Bad, Cells
from catalog.exchange.columns import Part, nearest
from catalog.exchange.findings import Finding, Kind, finding
from catalog.exchange.safety import MOST_NAMED
from catalog.exchange.tables import Read, Table
from catalog.norm.content import MOST_CONDITIONS, MOST_ITEMS

Place = tuple[Table, int]
#: Called now and then with how many rows are read.
Progress = Callable[[int], None]
_STEP = 2000


@dataclass(slots=True)
class Row:
    """One entry of the file: what was said of it and where. `columns` are the elements that its table has."""

    table: Table
    line: int
    code: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()
    has_entry: bool = False
    items: list[dict[str, Any]] = field(default_factory=list)
    item_places: list[Place] = field(default_factory=list)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    condition_places: list[Place] = field(default_factory=list)
    bad: bool = False

    @property
    def name(self) -> str:
        return str(self.said.get("name", ""))

    @property
    def place(self) -> str:
        return self.table.place(self.line)


@dataclass
class Rows:
    """All entries of a file in its order, what is wrong, and which columns it has in all."""

    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    has_conditions: bool = False


def read_rows(read: Read, provider: Organisation, on: date, progress: Progress | None = None) -> Rows:
    """The entries of the file. Raises `rules.SecretMatter` for what is marked as a state secret, naming nothing."""
    return _Reading(provider, on, progress).all(read)


class _Reading:
    def __init__(self, provider: Organisation, on: date, progress: Progress | None) -> None:
        self.progress = progress
        self.cells = Cells(provider, on)
        self.out = Rows()
        self.by_code: dict[str, Row] = {}
        self.by_name: dict[str, Row] = {}
        self.at: dict[tuple[int, int], Row] = {}
        self.done = 0

    def all(self, read: Read) -> Rows:
        for table in sorted(read.tables, key=lambda table: not table.is_of_entries):
            self._header(table)
            self._table(table)
            self._marks(table)
        return self.out

    # The header and what is not in the cells' values

    def _add(self, table: Table, line: int, column: int, kind: str, message: str, **more: Any) -> None:
        self.out.findings.append(finding(table, line, column, kind, message, **more))
        row = self.at.get((id(table), line))
        if row is not None:
            row.bad = True

    def _header(self, table: Table) -> None:
        line = table.header_line
        seen: dict[str, int] = {}
        for place, (label, column) in enumerate(zip(table.header, table.columns, strict=True)):
            if column is None and label:
                close = nearest(label)
                hint = f"是不是“{close}”？请改成这个名称，" if close else "请对照模板改名，"
                message = f"规范中没有“{label[:40]}”这一列。{hint}不需要的请删去这一列"
                self._add(table, line, place, Kind.HEADER, message)
            elif column is None and any(place < len(cells) and cells[place] != "" for _, cells in table.rows):
                self._add(
                    table, line, place, Kind.HEADER, f"第 {place + 1} 列有内容而没有列名，请写上列名，或者删去这一列",
                    label=f"第 {place + 1} 列",
                )  # fmt: skip
            elif column is not None and column.label in seen:
                message = f"“{column.label}”与第 {seen[column.label] + 1} 列重复，请删去一列"
                self._add(table, line, place, Kind.HEADER, message)
            elif column is not None:
                seen[column.label] = place
        if {Part.ENTRY} & table.parts:
            self.out.columns |= {c.name for c in table.columns if c is not None and c.part == Part.ENTRY}
        self.out.has_conditions = self.out.has_conditions or Part.CONDITION in table.parts

    def _marks(self, table: Table) -> None:
        """Formulas, error values, merged cells, hidden rows: each named at its place."""
        last = len(table.header)
        told: tuple[tuple[str, str, list[tuple[int, int]]], ...] = (
            (Kind.FORMULA, "单元格是公式。请复制这一格，用“选择性粘贴—数值”粘贴回去", table.scan.formulas),
            (Kind.ERROR, "单元格是错误值（如 #N/A、#REF!）。请填写实际的内容", table.scan.errors),
            (
                Kind.MERGED,
                "单元格是合并的，不能确定属于哪几行。请取消合并，每一行都填写",
                [first for first, _ in table.merged],
            ),
            (Kind.HIDDEN, "这一行被隐藏或者筛选掉了。请取消隐藏和筛选，不需要的行整行删去",
             [(line, -1) for line in table.scan.hidden_rows]),
        )  # fmt: skip
        lines = {line for line, _ in table.rows}
        for kind, message, places in told:
            found = [
                (line + 1, column)
                for line, column in places
                if line + 1 >= table.header_line
                and column < last
                and (kind != Kind.HIDDEN or line + 1 in lines)
            ]
            for line, column in found[:MOST_NAMED]:
                self._add(table, line, column, kind, message)
            if len(found) > MOST_NAMED:
                rest = len(found) - MOST_NAMED
                self._add(
                    table,
                    table.header_line,
                    -1,
                    kind,
                    f"{message}（还有 {rest:,} 处相同的问题，没有逐一列出）",
                )

    # The rows

    @enforces("CAT-09", what="批量导入：逐格核对，错误写明位置和改法")
    def _table(self, table: Table) -> None:
        plans = self.cells.plans(table)
        elements = frozenset(c.name for c in table.columns if c is not None and c.part == Part.ENTRY)
        alone = table.is_of_entries
        only_rows = not alone and elements <= {"name"}
        width = len(table.columns)
        for line, cells in table.rows:
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            wrong: list[tuple[int, Bad, Any]] = []
            whose = self.cells.read(plans[Part.WHOSE], cells, wrong)
            said = self.cells.read(plans[Part.ENTRY], cells, wrong)
            row = self._row(table, line, whose.get("resource_code", ""), said, elements, alone, only_rows)
            if plans[Part.ITEM]:
                self._item(
                    table,
                    line,
                    row,
                    self.cells.read(plans[Part.ITEM], cells, wrong),
                    only_rows and not plans[Part.CONDITION],
                )
            if plans[Part.CONDITION]:
                self._condition(table, line, row, self.cells.read(plans[Part.CONDITION], cells, wrong))
            for place, bad, cell in wrong:
                self._add(table, line, place, bad.kind, bad.message, value=cell)
            self.done += 1
            if self.progress is not None and self.done % _STEP == 0:
                self.progress(self.done)

    def _row(
        self,
        table: Table,
        line: int,
        code: str,
        said: dict[str, Any],
        elements: frozenset[str],
        alone: bool,
        only_rows: bool,
    ) -> Row | None:
        """The entry that the row speaks of; a second entry row for it is a duplicate."""
        name = said.get("name", "")
        if "密" in name or "密" in code:
            rules.refuse_secret(False, name, code)
        row = (self.by_code.get(code) if code else None) or (self.by_name.get(name) if name else None)
        if not code and not name:
            self._add(
                table, line, -1, Kind.MISSING, "这一行没有“资源名称”，也没有“资源代码”，不知道说的是哪个条目"
            )
            return None
        if row is None:
            row = Row(table, line, code, {"name": name} if name else {})
            self.out.rows.append(row)
            if name:
                self.by_name[name] = row
        if code:
            row.code = row.code or code
            self.by_code.setdefault(code, row)
        self.at[id(table), line] = row
        if only_rows:
            return row
        if not row.has_entry:
            row.table, row.line, row.said, row.columns, row.has_entry = table, line, said, elements, True
            return row
        if alone:
            key = f"资源代码 {code}" if code and self.by_code.get(code) is row else f"资源名称“{name}”"
            self._add(
                table,
                line,
                -1,
                Kind.DUPLICATE,
                f"与第 {row.line} {table.unit}重复（{key}）。同一条目只写一行",
            )
            return row
        for element, value in said.items():
            if row.said.get(element, value) != value:
                place = next(n for n, c in enumerate(table.columns) if c and c.name == element)
                self._add(
                    table, line, place, Kind.DUPLICATE,
                    f"同一条目在第 {row.line} {table.unit}写的内容不同，请改成一致，或者只在第一行填写",
                )  # fmt: skip
        return row

    def _item(self, table: Table, line: int, row: Row | None, said: dict[str, Any], needed: bool) -> None:
        if not said:
            if needed and row is not None:
                self._add(table, line, -1, Kind.MISSING, "这一行没有信息项的内容，请填写，或者整行删去")
            return
        if row is None:
            return
        if len(row.items) >= MOST_ITEMS:
            self._add(table, line, -1, Kind.LONG, f"一个条目最多 {MOST_ITEMS} 个信息项")
            return
        row.items.append(said)
        row.item_places.append((table, line))

    def _condition(self, table: Table, line: int, row: Row | None, said: dict[str, Any]) -> None:
        if row is None or not said:
            return
        if len(row.conditions) >= MOST_CONDITIONS:
            self._add(table, line, -1, Kind.LONG, f"一个条目最多 {MOST_CONDITIONS} 个共享条件")
            return
        row.conditions.append(said)
        row.condition_places.append((table, line))
