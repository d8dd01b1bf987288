"""The marked workbook: the file as it was sent, its bad cells coloured and commented, all findings on one sheet more.

An XLSX keeps everything that was in it (openpyxl); CSV and JSON are put into a workbook first, as they were read.
"""

from __future__ import annotations

import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from typing import BinaryIO

import xlsxwriter
from django.core.files.base import File
from openpyxl import load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from catalog.exchange import adapters
from catalog.exchange.refusals import BadFile
from catalog.exchange.runs import AT_ONCE, opened
from catalog.exchange.tables import read_file
from catalog.models import ImportProblem, ImportRun

SHEET = "检查结果"
#: Cells with a comment; further ones are coloured, and all stand on the sheet of findings.
MOST_COMMENTS = 5_000
_MUST, _SHOULD = PatternFill("solid", fgColor="F8D7D3"), PatternFill("solid", fgColor="FBE8C6")
_AUTHOR = "渝数"
_WIDTHS = (10, 24, 24, 22, 24, 80, 24)
_HEAD = ("须改正", "位置", "列", "类别", "现在的内容", "问题和改法", "依据")


def is_wanted(run: ImportRun) -> bool:
    """Whether there is anything to hand back: findings to mark, or a foreign catalogue in the norm's form."""
    if run.state != ImportRun.State.CHECKED:
        return False
    return run.source != ImportRun.Source.NORM or bool(run.counts.get("blocking") or run.counts.get("rules"))


def keep(run: ImportRun) -> None:
    """Make the file that is handed back and keep it with the run."""
    with tempfile.TemporaryFile() as file:
        write(run, file)
        file.seek(0)
        run.marked.save(f"{run.sm3}-{ending(run)}", File(file), save=False)
        ImportRun.objects.filter(pk=run.pk).update(marked=run.marked.name)


def ending(run: ImportRun) -> str:
    return "核对结果.xlsx" if run.source == ImportRun.Source.NORM else "按规范整理.csv"


def ready(run: ImportRun) -> bool:
    """Whether it can be had at once: kept, or small enough to be made now."""
    return bool(run.marked) or run.size <= AT_ONCE


def write(run: ImportRun, to: BinaryIO) -> None:
    """Write the marked workbook of a checked run; of a foreign catalogue the list of its records."""
    if not run.file:
        raise BadFile("这次导入已经结束，文件没有保留")
    if run.source != ImportRun.Source.NORM:
        with opened(run) as file:
            for part in adapters.export(run, file):
                to.write(part)
        return
    problems = list(run.problems.order_by("position"))
    with opened(run) as file:
        if run.format == "xlsx":
            _mark(file, problems, to)
        else:
            with tempfile.TemporaryFile() as plain:
                _as_workbook(file, run.name, plain)
                plain.seek(0)
                _mark(plain, problems, to)


def _as_workbook(file: BinaryIO, name: str, to: BinaryIO) -> None:
    """The tables of a CSV or JSON file as sheets: the header above, every row on the line that it is known by."""
    book = xlsxwriter.Workbook(
        to, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    for table in read_file(file, name).tables:
        sheet = book.add_worksheet(table.name)
        shift = table.header_line == 0
        for place, label in enumerate(table.header):
            sheet.write_string(max(table.header_line - 1, 0), place, label)
        for line, cells in table.rows:
            for place, cell in enumerate(cells):
                if cell not in ("", None):
                    text = "、".join(map(str, cell)) if isinstance(cell, list) else str(cell)
                    sheet.write_string(line - 1 + shift, place, text[:32_767])
    book.close()


def _mark(file: BinaryIO, problems: Iterable[ImportProblem], to: BinaryIO) -> None:
    book = load_workbook(file)
    by_cell: dict[tuple[str, int, int], list[ImportProblem]] = defaultdict(list)
    for problem in problems:
        by_cell[problem.sheet, problem.line, problem.col].append(problem)
    commented = 0
    for (name, line, col), found in by_cell.items():
        if name not in book.sheetnames:
            continue
        cell = book[name].cell(_line(found[0], line), max(col, 0) + 1)
        cell = _anchor(book[name], cell)
        cell.fill = _MUST if any(problem.blocking for problem in found) else _SHOULD
        if commented < MOST_COMMENTS:
            text = "\n".join(problem.message for problem in found)
            if cell.comment is not None:
                text = f"{cell.comment.text}\n{text}"
            cell.comment = Comment(text[:2000], _AUTHOR, height=120, width=320)
            commented += 1
    if SHEET in book.sheetnames:
        del book[SHEET]
    _list(book.create_sheet(SHEET, 0), by_cell)
    book.active = 0
    book.save(to)


def _line(problem: ImportProblem, line: int) -> int:
    """The line in the workbook: the entries of a JSON file stand below a header that the file has not."""
    return max(line, 1) + (1 if problem.place.endswith("条") else 0)


def _anchor(sheet: Worksheet, cell: object) -> object:
    """A merged cell is written at its first."""
    for area in sheet.merged_cells.ranges:
        if cell.coordinate in area:  # type: ignore[attr-defined]
            return sheet.cell(area.min_row, area.min_col)
    return cell


def _list(sheet: Worksheet, by_cell: dict[tuple[str, int, int], list[ImportProblem]]) -> None:
    """Every finding as a row, in the order of the run."""
    sheet.append(_HEAD)
    for place, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    for problem in sorted((one for found in by_cell.values() for one in found), key=lambda one: one.position):
        cells = (
            "须改正" if problem.blocking else "发布前补正",
            problem.place,
            problem.label,
            problem.get_kind_display(),
            problem.value,
            problem.message,
            problem.cites,
        )
        sheet.append([_text(sheet, cell) for cell in cells])


def _text(sheet: Worksheet, value: object) -> object:
    """A cell that is text whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=str(value))
    cell.data_type = "s"
    return cell


def as_bytes(run: ImportRun) -> bytes:
    """What is handed back, made now."""
    buffer = io.BytesIO()
    write(run, buffer)
    return buffer.getvalue()
