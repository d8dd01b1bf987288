"""What a search found, taken along as a table: the entries the actor sees, in the order of the search."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain

import xlsxwriter
from accounts.actors import Actor
from datacentre.formats import csv_table
from django.db.models import Prefetch
from django.utils import timezone

from catalog.models import Entry, EntryItem
from catalog.models.entries import Sight
from catalog.norm.content import shown
from catalog.norm.elements import ENTRY
from catalog.search.find import Asked, Search, ask, keys_of, said

#: Entries of one file, and of one reading on the way.
MOST, PART = 20_000, 500
_CHUNK = 64 * 1024
#: The elements that stand in the table, in the order of the norm.
_SHOWN = frozenset(
    {
        "name", "summary", "subject", "keywords", "gathered", "formats", "delivery", "update_cycle", "sharing_type",
        "sharing_basis", "opening_type", "opening_basis", "security_level", "use_requirements",
    }
)  # fmt: skip
ELEMENTS = [element for element in ENTRY if element.name in _SHOWN]
HEADER = ["资源代码", "提供单位", *(e.label for e in ELEMENTS), "信息项", "目录版本", "最近变更"]


@dataclass(frozen=True)
class Taken:
    """One taking: what was searched for, by whom, when."""

    search: Search
    actor: Actor | None
    at: datetime

    @cached_property
    def _sight(self) -> Sight:
        return Sight.of(self.actor)

    @cached_property
    def asked(self) -> Asked:
        return ask(self.search, self._sight)

    def rows(self) -> Iterator[list[str]]:
        """The table without its header, read in parts."""
        keys = keys_of(self.search, self.asked, self._sight, 0, MOST)
        for start in range(0, len(keys), PART):
            part = keys[start : start + PART]
            entries = (
                Entry.objects.seen_with(self._sight)
                .select_related("provider")
                .prefetch_related(Prefetch("items", EntryItem.objects.only("entry_id", "name", "position")))
                .in_bulk(part)
            )
            for key in part:
                if key in entries:
                    yield _row(entries[key])

    def remark(self) -> str:
        """What the file is, and that it is not all where it is not."""
        measured = self.asked.measured
        told = f"渝数公共数据目录，{timezone.localtime(self.at):%Y-%m-%d %H:%M} 导出"
        if self.search.text:
            told += f"，搜索“{self.search.text}”"
        if self.asked.dropped:
            told += f"，未考虑“{'”“'.join(self.asked.dropped)}”"
        if measured.count > MOST:
            told += f"；{_how_many(measured.count, measured.exact)} 条，本文件是前 {MOST:,} 条"
        return told


def _how_many(count: int, exact: bool) -> str:
    return f"共 {said(count, exact)}" if exact else said(count, exact)


def _row(entry: Entry) -> list[str]:
    return [
        entry.code,
        entry.provider.name,
        *(shown(element, getattr(entry, element.name)) for element in ELEMENTS),
        "、".join(item.name for item in entry.items.all()),
        str(entry.version),
        f"{timezone.localtime(entry.changed_at):%Y-%m-%d}",
    ]


def _csv(taken: Taken) -> Iterator[bytes]:
    """The table; its last line is the remark."""
    return csv_table(HEADER, chain(taken.rows(), [[taken.remark()]]))


def _xlsx(taken: Taken) -> Iterator[bytes]:
    """A workbook written row by row to disk, then sent: the table, and a sheet with the remark."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(file, options)
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("目录")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADER, bold)
        for number, row in enumerate(taken.rows(), 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        book.add_worksheet("说明").write_string(0, 0, taken.remark())
        book.close()
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


FORMS = {"csv": _csv, "xlsx": _xlsx}
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
