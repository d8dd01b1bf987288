"""Rows into a table by COPY, inside the caller's transaction: the cheapest way PostgreSQL has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

_CHUNK = 1 << 16


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the rows (all values as text) with one statement; database errors arrive as Django's own."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(statement, _Source(_lines(rows)), size=_CHUNK)


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
