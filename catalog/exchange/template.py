"""The workbook in which a body compiles, empty or with what it has, and the same in CSV and JSON.

Written from the declaration of the norm: a column for each element, a drop-down for each code list, a sheet that says
what is meant and on which article it rests. Nothing in it is hidden and nothing is a formula, so it can be read again.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlsxwriter
from accounts.models import Organisation
from datacentre.formats import csv_table
from statutes.law import cite

from catalog.exchange.columns import CODE, SHEETS, WIDE, Column, Part
from catalog.exchange.safety import MOST_ROWS
from catalog.models import Draft, Entry
from catalog.norm import vocabularies
from catalog.norm.content import Content, shown
from catalog.norm.elements import Kind
from catalog.publishing import content_of

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
#: Rows of the empty template that have drop-downs.
_OFFERED = 20_000
_CHUNK = 64 * 1024


@dataclass
class Filled:
    """One entry to write into the workbook."""

    content: Content
    code: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def of_body(provider: Organisation) -> Iterator[Filled]:
    """All that the body has: its published entries as its open drafts would have them, and its new drafts."""
    drafts = {
        draft.entry_id or -draft.pk: draft
        for draft in Draft.objects.open().filter(provider=provider).exclude(kind=Draft.Kind.REMOVE)
    }
    published = Entry.objects.published().filter(provider=provider).order_by("code")
    for entry in published.prefetch_related("items", "conditions").iterator(chunk_size=500):
        draft = drafts.pop(entry.pk, None)
        yield Filled(Content.of(draft.content) if draft is not None else content_of(entry), entry.code)
    for draft in sorted(drafts.values(), key=lambda draft: draft.name):
        yield Filled(Content.of(draft.content))


def workbook(filled: Iterable[Filled], on: date) -> Iterator[bytes]:
    """The bytes of the workbook with its entries, or empty."""
    with tempfile.TemporaryFile() as file:
        _write(filled, on, file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _write(filled: Iterable[Filled], on: date, file: io.IOBase) -> None:
    book = xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # In this type face and size a Chinese character is as wide as two digits.
    head = {"bold": True, "bg_color": "#E8EEF2", "border": 1, "text_wrap": True, "valign": "vcenter"}
    formats = {
        "head": book.add_format(head),
        "needed": book.add_format({**head, "bg_color": "#CFE0EA"}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
    }
    sheets = {part: book.add_worksheet(name) for name, part, _ in SHEETS}
    help_sheet = book.add_worksheet("填写说明")
    codes = book.add_worksheet("代码表")
    ranges = _codes(codes, formats, on)
    for _name, part, columns in SHEETS:
        _head(sheets[part], columns, formats, ranges)
    _help(help_sheet, formats, on)
    lines = dict.fromkeys(Part, 1)
    for one in filled:
        for part, row in _rows(one):
            for place, text in enumerate(row):
                if text:
                    sheets[part].write_string(lines[part], place, text, formats["text"])
            lines[part] += 1
    sheets[Part.ENTRY].activate()
    book.close()


def _rows(one: Filled) -> Iterator[tuple[Part, list[str]]]:
    content = one.content
    parts: tuple[tuple[Part, list[dict[str, Any]]], ...] = (
        (Part.ENTRY, [content.entry]),
        (Part.ITEM, content.items),
        (Part.CONDITION, content.conditions),
    )
    for (_name, part, columns), (_, said) in zip(SHEETS, parts, strict=True):
        for row in said:
            yield part, [_cell(column, part, row, one) for column in columns]


def _cell(column: Column, part: Part, row: Mapping[str, Any], one: Filled) -> str:
    if column is CODE:
        return one.code
    if column.part == Part.WHOSE:
        return one.extra.get(column.name, "")
    said = row if column.part == part else one.content.entry
    assert column.element is not None
    return shown(column.element, said[column.name])


def _head(
    sheet: Any, columns: tuple[Column, ...], formats: Mapping[str, Any], ranges: Mapping[str, str]
) -> None:
    """The header with its comments, the widths, and a drop-down for what has a list."""
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    for place, column in enumerate(columns):
        element = column.element
        needed = element is not None and element.needed
        sheet.write_string(0, place, column.label, formats["needed" if needed else "head"])
        sheet.set_column(place, place, _width(column), formats["text"])
        if element is None or not (element.vocabulary or element.kind == Kind.FLAG):
            continue
        several = element.kind == Kind.CODES
        sheet.data_validation(
            1, place, _OFFERED, place,
            {
                "validate": "list",
                "source": ranges[element.vocabulary] if element.vocabulary else ["是", "否"],
                "ignore_blank": True,
                "show_error": not several,
                "error_title": column.label[:32],
                "error_message": "请从列表中选一个；列表见“代码表”",
                "show_input": several,
                "input_title": column.label[:32] if several else None,
                "input_message": "可以写几个，用顿号隔开" if several else None,
            },
        )  # fmt: skip


def _width(column: Column) -> int:
    kind = column.element.kind if column.element is not None else Kind.TEXT
    wide = {Kind.LONG: 40, Kind.FLAG: 10, Kind.NUMBER: 8, Kind.CODE: 16, Kind.CODES: 20, Kind.WORDS: 20}
    return max(wide.get(kind, 18), 2 * len(column.label) + 2, 30 if column.name == "name" else 0)


def _codes(sheet: Any, formats: Mapping[str, Any], on: date) -> dict[str, str]:
    """Every code list in a column of its own; {vocabulary: where the drop-downs find it}."""
    ranges = {}
    for place, name in enumerate(vocabularies.names()):
        listed = vocabularies.vocabulary(name)
        labels = [label for _code, label in listed.choices(on)]
        sheet.write_string(0, place, listed.label, formats["bold"])
        sheet.set_column(place, place, max(14, *(2 * len(label) for label in labels)))
        for line, label in enumerate(labels, 1):
            sheet.write_string(line, place, label)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        ranges[name] = f"=代码表!${letter}$2:${letter}${len(labels) + 1}"
    return ranges


def _help(sheet: Any, formats: Mapping[str, Any], on: date) -> None:
    for place, width in enumerate((14, 26, 10, 46, 30, 60)):
        sheet.set_column(place, place, width)
    line = 0
    for text in RULES:
        sheet.write_string(line, 0, text)
        line += 1
    line += 1
    for place, text in enumerate(("工作表", "列", "发布时必填", "怎样填写", "依据", "可填的内容")):
        sheet.write_string(line, place, text, formats["head"])
    for name, _part, columns in SHEETS:
        for column in columns:
            line += 1
            for place, text in enumerate((name, *_explained(column, on))):
                sheet.write_string(line, place, text, formats["wrap"])


#: What one has to know before filling it in; the page says the same.
RULES = (
    "“目录条目”一个条目一行，“信息项”一个信息项一行，“共享条件”一个条件一行；后两张表用资源名称或者资源代码指明属于哪个条目。",
    "更新已发布的条目请填写资源代码；没有代码的按资源名称认定，本单位有同名的就更新它，没有的新增。",
    "文件里没有的列保持原有内容；有这一列而单元格空着，表示清空。没有写信息项的条目保持原有信息项。",
    "列的次序可以调整，列名不能改；不要合并单元格，不要隐藏行、列和工作表，不要写公式。",
    f"一个文件最多 {MOST_ROWS:,} 行、20 MB。涉密事项不在本平台编目。",
)


def _explained(column: Column, on: date) -> tuple[str, str, str, str, str]:
    element = column.element
    if element is None:
        return column.label, "", column.help, "", ""
    offered = ""
    if element.vocabulary:
        offered = "、".join(label for _, label in vocabularies.vocabulary(element.vocabulary).choices(on))
    elif element.kind == Kind.FLAG:
        offered = "是、否（空着为否）"
    limits = {
        Kind.TEXT: f"最多 {element.most:,} 个字",
        Kind.LONG: f"最多 {element.most:,} 个字，可以换行",
        Kind.CODES: "可以写几个，用顿号隔开",
        Kind.WORDS: f"最多 {element.most} 个，用顿号隔开",
        Kind.NUMBER: "整数",
    }.get(element.kind, "")
    about = "。".join(filter(None, (element.help.rstrip("。"), limits)))
    return (
        column.label,
        "是" if element.needed else "",
        about,
        "；".join(cite(text).short for text in element.cites),
        offered,
    )


def wide_csv(filled: Iterable[Filled]) -> Iterator[bytes]:
    """One table: a row for each item; the entry on the first of its rows, its conditions beside the items."""
    return csv_table([column.label for column in WIDE], _wide(filled))


def _wide(filled: Iterable[Filled]) -> Iterator[list[str]]:
    for one in filled:
        content = one.content
        for number in range(max(1, len(content.items), len(content.conditions))):
            parts = {
                Part.ENTRY: content.entry if number == 0 else {"name": content.entry["name"]},
                Part.ITEM: content.items[number] if number < len(content.items) else {},
                Part.CONDITION: content.conditions[number] if number < len(content.conditions) else {},
            }
            row = []
            for column in WIDE:
                said = parts.get(column.part, {})
                known = column.element is not None and column.name in said
                row.append(
                    one.code if column is CODE else shown(column.element, said[column.name]) if known else ""
                )
            yield row


def as_json(filled: Iterable[Filled]) -> Iterator[bytes]:
    """{"entries": […]} by element names, values as codes; an empty one holds a single entry with every element."""
    before = '{"entries": ['
    for one in filled:
        said = {"code": one.code, **one.content.as_json()}
        said["conditions"] = [{"text": c["text"], "basis": c["basis"]} for c in one.content.conditions]
        yield f"{before}\n{json.dumps(said, ensure_ascii=False)}".encode()
        before = ","
    yield (f"{before}\n]}}\n" if before != "," else "\n]}\n").encode()
