"""Rows in and out by COPY, inside the caller's transaction: the cheapest way PostgreSQL has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import connection

_CHUNK = 1 << 16


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the rows (all values as text) with one statement; database errors arrive as Django's own."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(statement, _Source(_lines(rows)), _CHUNK)


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        line = "\t".join(row)
        # Most rows hold nothing to escape but the tabs just written: look once, and split the work only then.
        if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != len(row) - 1:
            line = "\t".join(map(_escaped, row))
        yield line + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class _Source:
    """The file that psycopg2 reads from: pulls lines only as the server takes them."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = b""

    def read(self, size: int) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while length < size:
            line = next(self._lines, None)
            if line is None:
                break
            data = line.encode()
            parts.append(data)
            length += len(data)
        whole = b"".join(parts)
        self._rest = whole[size:]
        return whole[:size]


def stream_rows(query: str, parameters: Sequence[object], take: Callable[[bytes], object]) -> None:
    """Call `take` with each row of the query, as COPY writes it (see `unescaped`), while the server makes the next."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        bound = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT", _Sink(take))


#: What stands for a NULL between the tabs.
NULL = b"\\N"

_ESCAPES = re.compile(rb"\\(.)", re.DOTALL)
_MEANING = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def unescaped(value: bytes) -> bytes:
    """One value of a row, between its tabs, as it is stored."""
    return _ESCAPES.sub(lambda found: _MEANING.get(found[1], found[1]), value) if b"\\" in value else value


class _Sink:
    """The file that psycopg2 writes to: one row each time, because the protocol promises one row a message."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self.write = take
