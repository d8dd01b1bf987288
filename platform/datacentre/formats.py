"""The forms in which a read leaves as a file: CSV, XLSX and JSON, written as the rows come.

Cells that begin like a formula are disarmed in text and code columns of CSV by a leading apostrophe, which
spreadsheets take as "this is text" (OWASP, CSV injection); numbers are numbers and stay untouched. XLSX needs no
such mark: its text cells are written as text. Codes are text in every form. A file cut short by the end of its grant
breaks off the transfer, so that half a file is never taken for a whole one.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

import xlsxwriter

from datacentre import proofs
from datacentre.delivery import Delivery
from datacentre.models import HoldingItem
from datacentre.provenance import provenance
from datacentre.refusals import TooLarge

Type = HoldingItem.Type

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
#: Rows of a worksheet, less the header.
XLSX_ROWS = 1_048_575
#: Digits that a spreadsheet's numbers hold exactly.
EXACT_DIGITS = 15

_CHUNK = 64 * 1024
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(delivery: Delivery) -> Iterator[bytes]:
    """The bytes of the file in the delivery's way. Refuses at once (`TooLarge`) what the form cannot hold."""
    way, count = delivery.read.way, delivery.version.rows
    if way == "xlsx" and count > XLSX_ROWS:
        refusal = TooLarge(f"本版共 {count:,} 行，超过 XLSX 一张表的 {XLSX_ROWS:,} 行，请下载 CSV")
        delivery.close(stopped=refusal.message)
        raise refusal
    return _send(delivery, {"csv": _csv, "xlsx": _xlsx, "json": _json}[way])


def _send(delivery: Delivery, form: Callable[[Delivery], Iterator[bytes]]) -> Iterator[bytes]:
    """Pass the bytes on and close the delivery at the end, or as cut off when left early."""
    try:
        for chunk in form(delivery):
            yield delivery.wrote(chunk)
    except GeneratorExit:
        delivery.close(stopped="接收方中断了下载")
        raise
    except BaseException as error:
        delivery.close(stopped=f"下载出错：{type(error).__name__}")
        raise
    delivery.close()


def disarm(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def rearm(text: str) -> str:
    """The text as it was before `disarm`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


def csv_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], armed: Sequence[bool] | None = None
) -> Iterator[bytes]:
    """A table as spreadsheets expect CSV: UTF-8 with a byte order mark, CRLF; in parts, as the rows come.

    `armed` says for each column whether a cell in it can be a formula and is disarmed; all are where it is left out.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([disarm(name) for name in header])
    for row in rows:
        if armed is None:
            writer.writerow([disarm(cell) for cell in row])
        else:
            writer.writerow([disarm(cell) if arm else cell for cell, arm in zip(row, armed, strict=True)])
        if buffer.tell() >= _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def header(delivery: Delivery) -> list[str]:
    """The names of the columns, with those of the proof where there is one."""
    return [item.name for item in delivery.items] + (
        [name for _, name in proofs.COLUMNS] if delivery.proven else []
    )


def _csv(delivery: Delivery) -> Iterator[bytes]:
    """Numbers and days are left as they are."""
    names = header(delivery)
    armed = [item.type in (Type.TEXT, Type.CODE) for item in delivery.items]
    armed += [True] * (len(names) - len(armed))
    return csv_table(names, delivery.rows(), armed)


def _json(delivery: Delivery) -> Iterator[bytes]:
    """An array of objects by item code, one a line; numbers as written, empty cells as null."""
    names = [item.code for item in delivery.items] + (
        [code for code, _ in proofs.COLUMNS] if delivery.proven else []
    )
    types = [item.type for item in delivery.items] + [Type.TEXT] * (len(names) - len(delivery.items))
    keys = [json.dumps(name, ensure_ascii=False) for name in names]
    held, pieces, before = 0, ["["], "\n"
    for row in delivery.rows():
        body = ",".join(
            f"{k}:{json_value(type_, cell)}" for k, type_, cell in zip(keys, types, row, strict=True)
        )
        piece = f"{before}{{{body}}}"
        pieces.append(piece)
        held, before = held + len(piece), ",\n"
        if held >= _CHUNK:
            yield "".join(pieces).encode()
            held, pieces = 0, []
    yield ("".join(pieces) + "\n]\n").encode()


def json_value(type_: str, text: str) -> str:
    """The cell as a JSON literal: a number keeps every digit it was loaded with."""
    if text == "":
        return "null"
    return text if type_ in (Type.INTEGER, Type.NUMBER) else json.dumps(text, ensure_ascii=False)


def _xlsx(delivery: Delivery) -> Iterator[bytes]:
    """A workbook written row by row to disk, then sent: the data, and a sheet that says where it comes from."""
    with tempfile.TemporaryFile() as file:
        _workbook(delivery, file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            delivery.require_open()
            yield chunk


def _workbook(delivery: Delivery, file: io.IOBase) -> None:
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("数据")
    for column, name in enumerate(header(delivery)):
        sheet.write_string(0, column, name, bold)
    types = [item.type for item in delivery.items]
    types += [Type.TEXT] * (len(header(delivery)) - len(types))
    for line, row in enumerate(delivery.rows(), 1):
        for column, (type_, cell) in enumerate(zip(types, row, strict=True)):
            if cell == "":
                continue
            if type_ in (Type.INTEGER, Type.NUMBER) and _exact(cell):
                sheet.write_number(line, column, float(cell))
            elif type_ == Type.DATE and cell >= "1900-03-01":
                sheet.write_datetime(
                    line, column, datetime.combine(date.fromisoformat(cell), datetime.min.time()), day
                )
            else:
                sheet.write_string(line, column, cell)
    about = book.add_worksheet("来源说明")
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 90)
    for line, (name, value) in enumerate(_flat(provenance(delivery.read))):
        about.write_string(line, 0, name, bold)
        about.write_string(line, 1, value)
    book.close()


def _exact(cell: str) -> bool:
    """Whether a spreadsheet's number holds all digits of the cell."""
    return sum(letter.isdigit() for letter in cell) <= EXACT_DIGITS and "e" not in cell.lower()


def _flat(facts: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if isinstance(value, dict):
            for inner, text in _flat(value):
                yield f"{name}：{inner}", text
        elif isinstance(value, list):
            yield name, "；".join(str(part) for part in value)
        else:
            yield name, str(value)
