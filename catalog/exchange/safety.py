"""What a file really is, and whether its inside is safe to open: looked into before any reader sees it.

A workbook is a zip of XML. Its parts are streamed once through a scan of their bytes: tags cannot hide from it,
because in well-formed XML a `<` is always a tag, and parts in another encoding than UTF-8 are refused. Document types
are refused (no entity can be defined), and the small parts that are parsed are parsed with a limit of depth. The
reader of the rows itself (calamine) neither expands entities nor recurses.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from catalog.exchange.refusals import BadFile

MEGABYTE = 1024 * 1024
#: Bytes of the file as sent, of all its parts unpacked, of one part for each packed byte; how many parts.
MOST_BYTES, MOST_UNPACKED, MOST_RATIO, MOST_PARTS = 20 * MEGABYTE, 256 * MEGABYTE, 250, 500
#: Rows with or without content in one sheet, columns, and cells of the rectangle that the reader lays out.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100_000, 256, 6_000_000
MOST_DEPTH = 24
#: Cells of one kind that are named one by one; the rest is counted.
MOST_NAMED = 2_000
_CHUNK = 1 << 20

RESAVE = "请用 Excel 或者 WPS 打开，选择“另存为”，类型选“Excel 工作簿（*.xlsx）”，再上传另存的文件"


@dataclass
class SheetScan:
    """What the scan found in one sheet; cells as (line, column), both from 0."""

    formulas: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: bool = False


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: tuple[tuple[bytes, str], ...] = (
    (_OLE, f"这是旧版 Excel（.xls）、WPS（.et）文件，或者是加了打开密码的工作簿，不能直接读取。{RESAVE}，不要加密码"),
    (b"%PDF", "这是 PDF 文件，不是表格。请上传原来的 Excel 文件，没有的请下载模板填写"),
    (b"\x89PNG", "这是图片，不是表格。请上传原来的 Excel 文件，没有的请下载模板填写"),
    (b"\xff\xd8\xff", "这是图片，不是表格。请上传原来的 Excel 文件，没有的请下载模板填写"),
    (b"Rar!", "这是 RAR 压缩包。请解压后逐个上传里面的 Excel 文件"),
    (b"7z\xbc\xaf", "这是 7z 压缩包。请解压后逐个上传里面的 Excel 文件"),
)  # fmt: skip


def kind_of(file: BinaryIO) -> str:
    """ "xlsx", "gz" or "text" by the first bytes, never by the name. Raises `BadFile` for every other kind."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if not head:
        raise BadFile("文件是空的，请重新选择")
    for mark, told in _KINDS:
        if head.startswith(mark):
            raise BadFile(told)
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    if head.startswith(b"PK"):
        _require_workbook(file)
        return "xlsx"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        raise BadFile(f"这是网页或者 XML 形式的表格，不是 Excel 工作簿。{RESAVE}")
    return "text"


def _require_workbook(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as package:
            names = package.namelist()
            kinds = package.read("mimetype")[:100] if "mimetype" in names[:1] else b""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise BadFile(f"文件已经损坏，或者没有传完。{RESAVE}") from error
    finally:
        file.seek(0)
    if b"opendocument" in kinds:
        raise BadFile(f"这是 OpenDocument 文件（.ods 等）。{RESAVE}")
    if "xl/workbook.bin" in names:
        raise BadFile(f"这是二进制工作簿（.xlsb）。{RESAVE}")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadFile(f"工作簿里有宏（.xlsm）。{RESAVE}，宏不会带过去")
    if "word/document.xml" in names:
        raise BadFile("这是 Word 文件，不是表格。请把内容填到下载的模板里")
    if "xl/workbook.xml" not in names:
        raise BadFile("这是压缩包或者其他文件，里面没有工作簿。请解压后上传里面的 Excel 文件")


def scan(file: BinaryIO) -> dict[str, SheetScan]:
    """Look through a workbook: {name of the sheet: what was found}. Raises `BadFile` for what makes it unusable."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            _require_sizes(package)
            _require_plain(package)
            sheets = _sheets(package)
            found = {}
            for part in package.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    scanned = _scan_sheet(package, part)
                    found |= {name: scanned for name, place in sheets.items() if place == part}
                elif part.endswith((".xml", ".rels", ".vml")):
                    for _block in _blocks(package, part):
                        pass
            return found
    except BadFile:
        raise
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        KeyError,
        ValueError,
    ) as error:
        raise BadFile(f"文件已经损坏，或者加了密码。{RESAVE}") from error
    finally:
        file.seek(0)


def _require_sizes(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise BadFile(f"工作簿由 {len(parts)} 个部分组成，最多 {MOST_PARTS} 个。{RESAVE}")
    if len({part.filename for part in parts}) != len(parts):
        raise BadFile(f"工作簿里有重名的部分，不能确定用哪一个。{RESAVE}")
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile(f"文件加了密码。{RESAVE}，不要加密码")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadFile(f"文件展开后超过 {MOST_UNPACKED // MEGABYTE} MB，没有打开。请分成几个文件上传")
    for part in parts:
        if part.file_size > MEGABYTE and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise BadFile(
                f"文件的压缩比超过 {MOST_RATIO} 倍，没有打开。{RESAVE}；表格末尾有大量空行的，请先删去空行"
            )


def _blocks(package: zipfile.ZipFile, part: str, end: bytes = b">") -> Iterator[bytes]:
    """The bytes of a part in blocks that each end with `end`; never more of them than the part declares."""
    rest, first, size = b"", True, 0
    declared = package.getinfo(part).file_size
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > declared:
                raise BadFile(f"文件声明的大小与实际不符，没有打开。{RESAVE}")
            if first:
                first = False
                if re.search(rb"""encoding\s*=\s*["'](?!utf-?8["'])""", chunk[:200], re.I):
                    raise BadFile(f"工作簿的内容不是 UTF-8 编码。{RESAVE}")
            if b"\x00" in chunk:
                raise BadFile(f"工作簿的内容不是 UTF-8 编码。{RESAVE}")
            block = rest + chunk
            if b"<!" in block and re.search(rb"<!(DOCTYPE|ENTITY|\[CDATA\[)", block, re.I):
                raise BadFile(f"工作簿里有文档类型声明，可能用来耗尽内存，没有打开。{RESAVE}")
            cut = block.rfind(end) + len(end)
            if cut >= len(end):
                yield block[:cut]
                rest = block[cut:]
            else:
                rest = block
            if len(rest) > 8 * MEGABYTE:
                raise BadFile(f"工作簿里有过长的内容，没有打开。{RESAVE}")
    if rest:
        yield rest


def _require_plain(package: zipfile.ZipFile) -> None:
    """No macros by declared kind, no data that lives outside the file."""
    kinds = package.read("[Content_Types].xml") if "[Content_Types].xml" in package.namelist() else b""
    if b"macroEnabled" in kinds or b"vbaProject" in kinds:
        raise BadFile(f"工作簿里有宏（.xlsm）。{RESAVE}，宏不会带过去")


def _sheets(package: zipfile.ZipFile) -> dict[str, str]:
    """{name of a sheet: its part}; refuses hidden sheets."""
    places: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship") and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            places[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )

    _parse(package, "xl/_rels/workbook.xml.rels", relation)
    found: dict[str, str] = {}
    hidden: list[str] = []

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rsplit(":", 1)[-1] != "sheet" or "name" not in attributes:
            return
        if attributes.get("state", "visible") != "visible":
            hidden.append(attributes["name"])
        key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        if key in places:
            found[attributes["name"]] = places[key]

    _parse(package, "xl/workbook.xml", sheet)
    if hidden:
        names = "、".join(f"“{name[:40]}”" for name in hidden[:5])
        raise BadFile(f"工作簿里有隐藏的工作表：{names}。请取消隐藏后核对内容，不需要的删去，再上传")
    if not found:
        raise BadFile(f"工作簿里没有工作表。{RESAVE}")
    return found


def _parse(package: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    """Parse a small part with a limit of depth and without document types."""
    data = b"".join(_blocks(package, part))
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise BadFile(f"工作簿的内部结构嵌套过深，没有打开。{RESAVE}")
        start(tag, attributes)

    def closed(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadFile(f"文件已经损坏：{part} 不完整。{RESAVE}") from error


_CELL = rb"""<c\b[^>]*?\sr="([A-Z]{1,3})([0-9]{1,7})"[^>]*>"""
_FORMULA = re.compile(_CELL + rb"\s*<f[\s/>]")
_ERROR = re.compile(rb"""<c\b(?=[^>]*\st="e")[^>]*?\sr="([A-Z]{1,3})([0-9]{1,7})\"""")
_HIDDEN_ROW = re.compile(rb"""<row\b(?=[^>]*\shidden="(?:1|true)")[^>]*?\sr="([0-9]{1,7})\"""")
_HIDDEN_COLUMN = re.compile(rb"""<col\b[^>]*\shidden="(?:1|true)\"""")
_ROW = re.compile(rb"""<row [^>]*?\br="([0-9]{1,9})\"""")
_PLACED = re.compile(rb"""<c\s[^>]*?\br="([A-Z]{1,4})[0-9]""")
#: Columns of two letters and more: few cells have them.
_FAR = re.compile(rb"""<c r="([A-Z]{2,4})[0-9]""")
_PREFIX = re.compile(rb"<(/?)\w+:")


def _scan_sheet(package: zipfile.ZipFile, part: str) -> SheetScan:
    """One sheet: how far it reaches, and what in it is not a plain value."""
    found = SheetScan()
    last, width, formulas = 0, 0, False
    for raw in _blocks(package, part, b"row>"):  # a cell and its formula stay together
        block = _plain(raw)
        last = max(last, max(map(int, _ROW.findall(block)), default=0))
        if last > MOST_ROWS:
            raise BadFile(
                f"工作表写到了第 {last:,} 行，最多 {MOST_ROWS:,} 行。"
                "只是末尾有空行的，请选中多余的行整行删除后保存；内容确实很多的，请分成几个文件"
            )
        width = max(width, _width(block))
        if b"<f" in block and re.search(rb"<f[\s/>]", block):
            formulas = True
            found.formulas += [_at(*place) for place in _FORMULA.findall(block)]
        if b't="e"' in block:
            found.errors += [_at(*place) for place in _ERROR.findall(block)]
        if b"hidden=" in block:
            found.hidden_rows += [int(line) - 1 for line in _HIDDEN_ROW.findall(block)]
            found.hidden_columns = found.hidden_columns or bool(_HIDDEN_COLUMN.search(block))
    if width > MOST_COLUMNS:
        raise BadFile(f"工作表写到了第 {width} 列，最多 {MOST_COLUMNS} 列。请删去多余的列后保存，再上传")
    if width * last > MOST_CELLS:
        raise BadFile(
            f"工作表有 {last:,} 行 {width} 列，超过 {MOST_CELLS:,} 格。请删去空行空列，或者分成几个文件"
        )
    if formulas and not found.formulas:
        raise BadFile(f"工作表里有不能定位的公式。{RESAVE}")
    return found


def _plain(block: bytes) -> bytes:
    """The same tags as most programs write them: without a prefix, with double quotes."""
    if b"'" in block and b"='" in block:
        block = re.sub(rb"='([^'<>\"]*)'", rb'="\1"', block)
    prefixed = b":" in block and (b":row" in block or b":worksheet" in block)
    return _PREFIX.sub(rb"<\1", block) if prefixed else block


def _width(block: bytes) -> int:
    """How many columns the cells of the block reach (at least 26); every cell has to say where it is."""
    # Where every tag that begins with c is a cell with its place first, as usual, only far columns need a look.
    if block.count(b'<c r="') == block.count(b"<c"):
        return max(map(_number, set(_FAR.findall(block))), default=25) + 1
    cells = block.count(b"<c ") + block.count(b"<c>") + block.count(b"<c/>")
    placed = _PLACED.findall(block)
    if len(placed) != cells:
        raise BadFile(f"工作表里有没有位置的单元格。{RESAVE}")
    return max(map(_number, set(placed)), default=25) + 1


def _at(letters: bytes, line: bytes) -> tuple[int, int]:
    return int(line) - 1, _number(letters)


def _number(letters: bytes) -> int:
    """A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
