"""A file as tables: for each sheet its header, which column is which, and the rows below with their line numbers.

Values come as they lie in the file (text, number, date, true or false, a list from JSON); what they mean is read in
`reading`. Notes say what the reader decided for itself: the encoding, a sheet left aside, a title above the header.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import python_calamine as calamine
from datacentre.formats import rearm

from catalog.exchange.columns import ENTRY_COLUMNS, Column, Part, column_of
from catalog.exchange.refusals import BadFile
from catalog.exchange.safety import MOST_ROWS, RESAVE, SheetScan, kind_of, scan
from catalog.norm.elements import CONDITION_BY_NAME, ENTRY_BY_NAME, ITEM_BY_NAME

#: How far down a header is looked for: titles and notes may stand above it.
HEADER_WITHIN = 10
#: Sheets of the template that hold no rows.
HELP_SHEETS = ("填写说明", "代码表", "检查结果")


@dataclass
class Table:
    """One sheet. `rows` are (line, cells), lines counted from 1 as the file shows them."""

    name: str
    header: list[str]
    columns: list[Column | None]
    rows: list[tuple[int, Sequence[Any]]]
    header_line: int = 1
    scan: SheetScan = field(default_factory=SheetScan)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    unit: str = "行"

    def place(self, line: int) -> str:
        """Where a person finds it: 目录条目 第 5 行."""
        return f"{self.name} 第 {line} {self.unit}"

    @property
    def parts(self) -> set[Part]:
        return {column.part for column in self.columns if column is not None}

    @property
    def is_of_entries(self) -> bool:
        """A row for each entry, and nothing else in it."""
        return not self.parts & {Part.ITEM, Part.CONDITION}


@dataclass
class Read:
    """The whole file: its tables, of which format it was, and what to tell about the reading."""

    format: str
    tables: list[Table]
    notes: list[str] = field(default_factory=list)


def read_file(file: BinaryIO, name: str) -> Read:
    """The tables of a file in XLSX, CSV or JSON, told apart by content. Raises `BadFile`."""
    kind = kind_of(file)
    if kind == "xlsx":
        return _workbook(file)
    if kind == "gz":
        raise BadFile("这是压缩文件。请解压后上传里面的 Excel、CSV 或者 JSON 文件")
    text, notes = decoded(file.read())
    if text.lstrip()[:1] in ("{", "["):
        return Read("json", _json(text), notes)
    if name.lower().endswith((".json", ".xlsx", ".xls")):
        raise BadFile(f"文件的内容与扩展名不符，不是 {name.rsplit('.', 1)[-1].upper()}。{RESAVE}")
    return Read("csv", [_csv(text)], notes)


def decoded(raw: bytes) -> tuple[str, list[str]]:
    """The text and how it was read: UTF-8 with or without a mark, UTF-16 with one, else GB18030."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings, note = ("utf-16",), "文件按 UTF-16 编码读取"
    elif raw.startswith(b"\xef\xbb\xbf"):
        encodings, note = ("utf-8-sig",), "文件按 UTF-8 编码（带字节顺序标记）读取"
    else:
        encodings, note = ("utf-8", "gb18030"), "文件按 UTF-8 编码读取"
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            note = "文件按 GB18030 编码读取，请看一眼汉字是否正确"
            continue
        if "\x00" in text:
            break
        return text, [note]
    raise BadFile("文件的文字编码不能识别。请另存为“CSV UTF-8（逗号分隔）”或者 .xlsx 后上传")


def _workbook(file: BinaryIO) -> Read:
    scans = scan(file)
    try:
        book = calamine.load_workbook(file)
        names = [
            sheet.name for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        tables, notes = [], []
        for name in names:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            table = _table(name, rows)
            if table is None:
                if name not in HELP_SHEETS and any(map(any, rows)):
                    notes.append(f"工作表“{name}”里没有规范规定的表头，没有读取")
                continue
            table.scan = scans.get(name, SheetScan())
            table.merged = list(sheet.merged_cell_ranges or ())
            _require_plain_header(table)
            if table.header_line > 1:
                notes.append(f"工作表“{name}”以第 {table.header_line} 行为表头，上面的内容没有读取")
            tables.append(table)
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise BadFile(f"工作簿不能读取。{RESAVE}") from error
    if not tables:
        raise BadFile(
            "没有找到表头。表头一行应有“资源名称”或者“资源代码”，其余各列用规范的名称；可以下载模板对照"
        )
    return Read("xlsx", tables, notes)


def _require_plain_header(table: Table) -> None:
    """A merged header or a hidden column leaves it open which column is which."""
    line = table.header_line - 1
    if any(first[0] <= line <= last[0] for first, last in table.merged):
        raise BadFile(
            f"工作表“{table.name}”的表头（第 {table.header_line} 行）有合并的单元格，不能确定各列的名称。"
            "请取消合并，每一列写一个名称"
        )
    if table.scan.hidden_columns:
        raise BadFile(f"工作表“{table.name}”有隐藏的列。请取消隐藏后核对内容，不需要的删去，再上传")


def _table(name: str, rows: list[list[Any]]) -> Table | None:
    """The sheet as a table, or None when no header is found."""
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        columns = [column_of(cell) if isinstance(cell, str) and cell else None for cell in row]
        if {column.name for column in columns if column} & {"resource_code", "name"} and len(
            [column for column in columns if column]
        ) > 1:
            below = [(line, cells) for line, cells in enumerate(rows[place + 1 :], place + 2) if any(cells)]
            header = [str(cell).strip() for cell in row]
            while not header[-1] and not any(any(cells[len(header) - 1 :]) for _, cells in below):
                header.pop()
            return Table(name, header, columns[: len(header)], below, place + 1)
    return None


def _csv(text: str) -> Table:
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",\t;，", key=head.count)
    csv.field_size_limit(1 << 20)
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            # Our own CSV has an apostrophe before what a spreadsheet would run.
            rows.append([rearm(cell.strip()).strip() for cell in row])
            if len(rows) > MOST_ROWS:
                raise BadFile(f"文件超过 {MOST_ROWS:,} 行，请分成几个文件")
    except csv.Error as error:
        raise BadFile(
            f"CSV 第 {len(rows) + 1} 行读不下去：引号没有成对，或者一格过长。请改正后上传，或者改用 .xlsx"
        ) from error
    table = _table("CSV", rows)
    if table is None:
        raise BadFile(
            "没有找到表头。首行应有“资源名称”或者“资源代码”，其余各列用规范的名称；可以下载 CSV 模板对照"
        )
    return table


#: JSON names an entry's own code `code`, as the interface does.
_WHOSE = {"code": "resource_code", "resource_code": "resource_code", "provider": "provider", "uscc": "uscc"}


def _json(text: str) -> list[Table]:
    """A list of entries, or {"entries": […]}; keys are element names or labels, items and conditions inside."""
    try:
        said = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise BadFile("JSON 的嵌套层次过深") from None
    except json.JSONDecodeError as error:
        raise BadFile(f"JSON 在第 {error.lineno} 行第 {error.colno} 个字符处不完整，请改正后上传") from None
    except ValueError:
        raise BadFile("JSON 里有不能读取的数值（NaN、Infinity 或者过长的数字）") from None
    if isinstance(said, Mapping):
        said = said.get("entries")
    if not isinstance(said, list) or not all(isinstance(one, Mapping) for one in said):
        raise BadFile(
            'JSON 应为条目的列表，或者 {"entries": [ … ]}，每个条目是一个对象；可以下载 JSON 模板对照'
        )
    if len(said) > MOST_ROWS:
        raise BadFile(f"文件超过 {MOST_ROWS:,} 条，请分成几个文件")
    labels = {"entry": {**ENTRY_BY_NAME}, "item": {**ITEM_BY_NAME}, "condition": {**CONDITION_BY_NAME}}
    entries = _of_objects("目录条目", said, labels["entry"], _WHOSE, ("items", "conditions"))
    tables = [entries]
    for key, name, elements in (
        ("items", "信息项", labels["item"]),
        ("conditions", "共享条件", labels["condition"]),
    ):
        inner = list(_inner(said, key))
        if inner:
            tables.append(
                _of_objects(name, inner, elements, {"资源名称": "name", "资源代码": "resource_code"}, ())
            )
    return tables


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _inner(entries: list[Mapping[str, Any]], key: str) -> Iterator[dict[str, Any]]:
    """The rows below the entries, each with the name and the code of its own."""
    for number, entry in enumerate(entries, 1):
        rows = entry.get(key) or []
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise BadFile(f"第 {number} 条的“{key}”应为对象的列表")
        whose = {
            "资源名称": entry.get("name", entry.get("资源名称", "")),
            "资源代码": entry.get("code", entry.get("资源代码", "")),
        }
        for row in rows:
            yield {**row, **whose}


def _of_objects(
    name: str,
    objects: Sequence[Mapping[str, Any]],
    elements: Mapping[str, Any],
    whose: Mapping[str, str],
    without: Sequence[str],
) -> Table:
    """Objects as a table: their keys are its header, in the order in which they first occur."""
    by_name = {column.name: column for column in ENTRY_COLUMNS}
    known: dict[str, Column | None] = {}
    for key in (key for one in objects for key in one if key not in without):
        if key not in known:
            label = elements[key].label if key in elements else key
            known[key] = by_name[whose[key]] if key in whose else column_of(label)
    # A label and a name may mean the same column: it stands under the first of them.
    heads: dict[str, str] = {}
    for key, column in known.items():
        heads.setdefault(column.label if column is not None else f"?{key}", key)
    header = list(heads.values())
    place_of = {
        key: header.index(heads[column.label if column is not None else f"?{key}"])
        for key, column in known.items()
    }
    rows: list[tuple[int, Sequence[Any]]] = []
    for number, one in enumerate(objects, 1):
        cells: list[Any] = [""] * len(header)
        for key, value in one.items():
            if key in place_of:
                if cells[place_of[key]] not in ("", value):
                    raise BadFile(f"“{name}”第 {number} 条把“{key}”写了两次，内容不同，请留一处")
                cells[place_of[key]] = value
        rows.append((number, cells))
    return Table(name, header, [known[key] for key in header], rows, 0, unit="条")
