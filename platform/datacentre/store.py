"""Rows in the store: blocks of canonical CSV, each one compressed object, read back in order.

One block is in memory at a time, whatever the size of the version; a page or a query opens only the blocks it needs.
Nothing here asks for more than the plain file storage interface, so a folder and an S3 bucket serve alike.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from datacentre.models import HoldingItem, HoldingPart, HoldingVersion
from datacentre.models.holdings import holdings_storage
from datacentre.values import ORDERED, key

#: Rows in a block: small enough to hold and to skip, large enough to compress.
BLOCK = 5_000

Row = list[str]


def line(values: Sequence[str]) -> bytes:
    """One row of canonical CSV: UTF-8, comma, LF, quotes only where they are needed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue().encode()


@dataclass
class Writer:
    """Takes rows of canonical values in column order and writes blocks; `discard` takes all of them back."""

    items: Sequence[HoldingItem]
    folder: str
    rows: int = 0
    size: int = 0
    parts: list[HoldingPart] = field(default_factory=list)
    _lines: list[bytes] = field(default_factory=list)
    _low: dict[str, str] = field(default_factory=dict)
    _high: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ordered = [
            (i, item.code, item.type) for i, item in enumerate(self.items) if item.type in ORDERED
        ]
        self._sm3, self._sha256 = hashlib.new("sm3"), hashlib.sha256()
        self._count(line([item.code for item in self.items]))

    def add(self, values: Sequence[str]) -> None:
        encoded = line(values)
        self._count(encoded)
        self._lines.append(encoded)
        for position, code, type_ in self._ordered:
            value = values[position]
            if not value:
                continue
            if code not in self._low:
                self._low[code] = self._high[code] = value
            elif key(type_, value) < key(type_, self._low[code]):
                self._low[code] = value
            elif key(type_, value) > key(type_, self._high[code]):
                self._high[code] = value
        if len(self._lines) == BLOCK:
            self._flush()

    def close(self) -> None:
        if self._lines:
            self._flush()

    @property
    def sm3(self) -> str:
        return self._sm3.hexdigest()

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def discard(self) -> None:
        """Delete what was written: the load failed."""
        for part in self.parts:
            holdings_storage().delete(part.file.name)

    def _count(self, encoded: bytes) -> None:
        self.size += len(encoded)
        self._sm3.update(encoded)
        self._sha256.update(encoded)

    def _flush(self) -> None:
        content = gzip.compress(b"".join(self._lines), compresslevel=6, mtime=0)
        number = len(self.parts)
        name = holdings_storage().save(f"{self.folder}/{number:06d}.csv.gz", ContentFile(content))
        self.parts.append(
            HoldingPart(
                number=number,
                first_row=self.rows,
                rows=len(self._lines),
                file=name,
                sm3=hashlib.new("sm3", content).hexdigest(),
                low=self._low,
                high=self._high,
            )
        )
        self.rows += len(self._lines)
        self._lines, self._low, self._high = [], {}, {}


def new_folder(code: str) -> str:
    """A folder that no other load uses, so that a load cut off by a crash leaves only unreferenced objects."""
    return f"{code}/{uuid.uuid4().hex}"


@dataclass(frozen=True)
class Filter:
    """One question about one item. `op` is one of eq, gt, gte, lt, lte; `value` is canonical."""

    item: HoldingItem
    op: str
    value: str

    def holds(self, text: str) -> bool:
        """Whether a cell answers the question; an empty cell answers only a question for the empty value."""
        if not self.value:
            return text == ""
        if not text:
            return False
        wanted, found = key(self.item.type, self.value), key(self.item.type, text)
        return {
            "eq": found == wanted,
            "gt": found > wanted,
            "gte": found >= wanted,
            "lt": found < wanted,
            "lte": found <= wanted,
        }[self.op]

    def may_be_in(self, low: Mapping[str, str], high: Mapping[str, str]) -> bool:
        """Whether a block with these bounds can hold an answer."""
        if self.item.type not in ORDERED or not self.value:
            return True
        if self.item.code not in low:
            return False  # every cell of the block is empty
        wanted = key(self.item.type, self.value)
        least, greatest = key(self.item.type, low[self.item.code]), key(self.item.type, high[self.item.code])
        match self.op:
            case "eq":
                return least <= wanted <= greatest
            case "gt":
                return greatest > wanted
            case "gte":
                return greatest >= wanted
            case "lt":
                return least < wanted
            case _:
                return least <= wanted


def scan(
    version: HoldingVersion, *, start: int = 0, filters: Sequence[Filter] = ()
) -> Iterator[tuple[int, Row | None]]:
    """(row number, values in the version's column order) from row `start` on; None for a row that does not answer.

    A block that cannot hold an answer is passed over without being opened, as one (its last row number, None).
    """
    columns = {code: position for position, code in enumerate(version.items)}
    asked = [(columns[f.item.code], f) for f in filters]
    for part in _parts(version, start):
        if not all(f.may_be_in(part.low, part.high) for f in filters):
            yield part.first_row + part.rows - 1, None
            continue
        for number, row in enumerate(_open(part), part.first_row):
            if number < start:
                continue
            yield number, row if all(f.holds(row[position]) for position, f in asked) else None


def rows(version: HoldingVersion) -> Iterator[tuple[int, Row]]:
    """Every row of the version with its number."""
    for number, row in scan(version):
        assert row is not None
        yield number, row


def _parts(version: HoldingVersion, start: int) -> Iterator[HoldingPart]:
    wanted: QuerySet[HoldingPart] = version.parts.filter(first_row__gt=start - BLOCK).order_by("number")
    return wanted.iterator(chunk_size=100)


def _open(part: HoldingPart) -> Iterator[Row]:
    with part.file.open("rb") as stored, gzip.open(stored, "rt", encoding="utf-8", newline="") as text:
        yield from csv.reader(text)
