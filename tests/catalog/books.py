"""Files for the import tests: workbooks built in memory, from rows as a person would type them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.exchange import runs
from catalog.models import ImportProblem, ImportRun
from tests.cast import Cast
from tests.shelf import AT

HEAD = (
    "资源名称", "摘要", "主题", "汇聚范围", "格式", "提供方式", "更新周期", "共享类型", "开放类型", "标识", "使用要求",
)  # fmt: skip
#: A row that is complete.
ROW = (
    "水质监测数据", "各断面每月水质", "生态环境", "全市国控断面", "电子表格 CSV", "文件下载", "每月", "无条件共享",
    "无条件开放", "地理编码", "注明来源",
)  # fmt: skip
ITEM_HEAD = ("资源名称", "信息项名称", "信息项代码", "信息项类型", "长度")
ITEM_ROW = ("水质监测数据", "断面编号", "section", "代码", "12")

Rows = Sequence[Sequence[Any]]


def row(name: str = ROW[0], **other: str) -> tuple[str, ...]:
    """A complete row of that name, `other` by column in place."""
    cells = dict(zip(HEAD, ROW, strict=True)) | {"资源名称": name} | other
    return tuple(cells[label] for label in HEAD)


def book(sheets: dict[str, Rows], touch: Callable[[Any, dict[str, Any]], None] | None = None) -> bytes:
    """A workbook; dates are written as dates, numbers as numbers. `touch` gets the book and its sheets."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    written = {}
    for name, rows in sheets.items():
        written[name] = sheet = made.add_worksheet(name)
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(line, place, cell)
                elif isinstance(cell, str):
                    sheet.write_string(line, place, cell) if cell else None
                else:
                    sheet.write(line, place, cell)
    if touch is not None:
        touch(made, written)
    made.close()
    return buffer.getvalue()


def entries(*rows: Sequence[Any], head: Sequence[str] = HEAD, items: Rows = ()) -> bytes:
    """A workbook of entries, with items where there are any."""
    sheets: dict[str, Rows] = {"目录条目": [head, *rows]}
    if items:
        sheets["信息项"] = [ITEM_HEAD, *items]
    return book(sheets)


def altered(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The package with one part written differently."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content.decode()) if info.filename == part else content)
    return buffer.getvalue()


def added(data: bytes, part: str, content: bytes) -> bytes:
    """The package with one part more."""
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(part, content)
    return buffer.getvalue()


def upload(
    cast: Cast, data: bytes, name: str = "目录.xlsx", *, body: str = "provider", at: datetime = AT, **how: Any
) -> ImportRun:
    """The file uploaded and checked in the body's name."""
    run = runs.start(
        cast.organisation(body), SimpleUploadedFile(name, data), at=at, by=cast.actor(body, at), **how
    )
    return runs.check(run, at=at)


def found(run: ImportRun, **which: Any) -> list[tuple[str, str, str, str]]:
    """The problems that block, in order: (place, column, kind, message)."""
    problems = ImportProblem.objects.filter(run=run, **({"blocking": True} | which)).order_by("position")
    return [(one.place, one.label, one.kind, one.message) for one in problems]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)
