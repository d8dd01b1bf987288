"""Records of a foreign file one by one: JSON lines, one array, or arrays one behind the other; packed or not."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from catalog.exchange.refusals import BadFile
from catalog.exchange.safety import MEGABYTE, kind_of
from catalog.exchange.tables import decoded

#: How much a packed file may unpack to.
MOST_UNPACKED = 200 * MEGABYTE
MOST_RECORDS = 500_000


def records_of(file: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """(number from 1, the record, or the reason why it cannot be read). Raises `BadFile`."""
    kind = kind_of(file)
    if kind == "xlsx":
        raise BadFile("这种来源接收 JSON：门户接口返回的清单，或者每行一条的 JSON 文件（可以用 gzip 压缩）")
    text, _notes = decoded(_unpacked(file) if kind == "gz" else file.read())
    number = 0
    for one in _lines(text) if _is_lines(text) else _values(text):
        for record in _rows_in(one):
            number += 1
            if number > MOST_RECORDS:
                raise BadFile(f"文件超过 {MOST_RECORDS:,} 条，请分成几个文件")
            yield number, record
    if not number:
        raise BadFile("文件里没有记录。应为 JSON 对象的列表，或者每行一个 JSON 对象")


def _unpacked(file: BinaryIO) -> bytes:
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            data = packed.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile("压缩文件已经损坏，或者没有传完，请重新压缩后上传") from error
    if len(data) > MOST_UNPACKED:
        raise BadFile(f"文件解压后超过 {MOST_UNPACKED // MEGABYTE} MB，没有打开。请分成几个文件")
    return data


def _is_lines(text: str) -> bool:
    """Whether the first line is a whole object and another follows it."""
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("{") or not rest.strip():
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(text: str) -> Iterator[Any]:
    for line in text.splitlines():
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                yield f"不是完整的 JSON：{error}"[:200]


def _values(text: str) -> Iterator[Any]:
    """One JSON value after the other, with nothing or blanks between: [..][..] is read as two lists."""
    decoder = json.JSONDecoder()
    at = 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,;\ufeff":
            at += 1
        if at >= len(text):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except RecursionError:
            raise BadFile("JSON 的嵌套层次过深") from None
        except ValueError as error:
            line = text.count("\n", 0, at) + 1
            raise BadFile(f"JSON 从第 {line} 行起不完整（{str(error)[:80]}），请核对文件是否传完") from None
        yield value


def _rows_in(value: Any) -> Iterator[Mapping[str, Any] | str]:
    """The records of one value: itself, those of a list, or those that an answer wraps."""
    if isinstance(value, list):
        for one in value:
            yield one if isinstance(one, Mapping | str) else "不是一条记录"
    elif isinstance(value, Mapping) and (inner := _wrapped(value)) is not None:
        yield from _rows_in(inner)
    elif isinstance(value, Mapping | str):
        yield value
    else:
        yield "不是一条记录"


def _wrapped(value: Mapping[str, Any], depth: int = 0) -> list[Any] | None:
    """The list of records inside an interface's answer, such as {"data": {"list": {"content": […]}}}."""
    if depth > 5:
        return None
    for inner in value.values():
        listed = isinstance(inner, list) and inner and all(isinstance(one, Mapping) for one in inner)
        if listed and any(key in inner[0] for key in ("resourceName", "title")):
            return inner
        if isinstance(inner, Mapping) and (found := _wrapped(inner, depth + 1)) is not None:
            return found
    return None
