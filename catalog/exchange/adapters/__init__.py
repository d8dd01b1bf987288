"""Other catalogues through the same run: source records → norm → cleansing report and export.

What a foreign record says of another place or body is never written here: only records that name the run's own body
become drafts when the run is committed. Everything else ends in the report and in the export in the norm's form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO

from datacentre.formats import csv_table
from statutes.enforcement import enforces

from catalog import rules
from catalog.exchange.adapters.cleansing import EXAMPLES, LISTED, Report
from catalog.exchange.adapters.foreign import ORIGIN, Adapter, Foreign
from catalog.exchange.adapters.national import NATIONAL
from catalog.exchange.adapters.portal import PORTAL
from catalog.exchange.adapters.records import records_of
from catalog.exchange.columns import ENTRY_COLUMNS, Part
from catalog.exchange.findings import Finding
from catalog.exchange.matching import Planned, plan
from catalog.exchange.reading import Row, Rows
from catalog.exchange.tables import Table
from catalog.models import ImportRun
from catalog.norm.content import shown
from catalog.norm.elements import ENTRY_BY_NAME

ADAPTERS: Mapping[str, Adapter] = {ImportRun.Source.PORTAL: PORTAL, ImportRun.Source.NATIONAL: NATIONAL}
Save = Callable[[ImportRun, Sequence[Planned], Sequence[Finding], datetime], None]
_STEP = 5000


def convert_all(
    adapter: Adapter, file: BinaryIO, report: Report, progress: Callable[[int], None] | None = None
) -> Iterator[Foreign]:
    """Every record that can be read, in the order of the file; those that cannot go to the report."""
    for number, record in records_of(file):
        report.records = number
        if isinstance(record, str):
            report.broke(number, record)
            continue
        foreign = adapter.convert(number, record, report)
        if not foreign.said["name"]:
            report.broke(number, "没有名称")
            continue
        yield foreign
        if progress is not None and number % _STEP == 0:
            progress(number)


def without_duplicates(found: list[Foreign], adapter: Adapter, report: Report) -> list[Foreign]:
    """Of the same record several times the one that was updated last, else the first; the report says which, why."""
    kept: dict[tuple[str, ...], Foreign] = {}
    dropped: dict[tuple[str, ...], list[int]] = {}
    for one in found:
        other = kept.setdefault(one.identity, one)
        if other is one:
            continue
        if one.origin["updated"] > other.origin["updated"]:
            kept[one.identity] = one
            dropped.setdefault(one.identity, []).append(other.record)
        else:
            dropped.setdefault(one.identity, []).append(one.record)
    report.duplicate_rule = f"{adapter.duplicate_rule}；留更新日期最近的，日期相同的留第一条"
    report.groups, report.dropped = len(dropped), sum(map(len, dropped.values()))
    for identity, numbers in list(dropped.items())[:LISTED]:
        one = kept[identity]
        day = one.origin["updated"]
        report.duplicates.append(
            {
                "name": one.said["name"],
                "provider": one.origin["provider"],
                "kept": one.record,
                "why": f"更新日期 {day}，不早于其他各条" if day else "都没有更新日期，留第一条",
                "dropped": numbers[: EXAMPLES * 4],
            }
        )
    return list(kept.values())


@enforces("CAT-36", what="其他目录导入：逐项清洗并报告，外地数据不列为本市条目")
def check(run: ImportRun, file: BinaryIO, at: datetime, *, save: Save) -> None:
    """The dry run of a foreign catalogue: its report, and plans for the records that are the run's own body's."""
    adapter, report = ADAPTERS[run.source], Report()

    def progress(done: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(done=done)

    found = without_duplicates(list(convert_all(adapter, file, report, progress)), adapter, report)
    names = {run.provider.name, run.provider.short_name}
    own = [one for one in found if one.local and one.origin["provider"] in names]
    rows = Rows(rows=[_row(one, adapter) for one in own], columns=set(ENTRY_BY_NAME))
    for row in rows.rows:
        rules.refuse_secret(False, row.name)
    planned = plan(rows, run.provider)
    run.format = "json"
    run.total = run.done = report.records
    run.report = {**report.as_json(), "kept": len(found), "own": len(own), "foreign": len(found) - len(own)}
    run.notes = (
        [f"{len(own):,} 条的提供单位是{run.provider.name}，可以导入；其余只在报告和导出中，不写入目录"]
        if own
        else [f"没有一条的提供单位是{run.provider.name}：这次只有清洗报告和按规范导出的清单，不写入目录"]
    )
    save(run, planned, rows.findings, at)


def _row(foreign: Foreign, adapter: Adapter) -> Row:
    """A record as a row of a table; what the source does not say stays as it is when the entry is known."""
    table = Table("来源清单", [], [], [], 0, unit="条")
    said = {name: value for name, value in foreign.said.items() if value not in ("", [])}
    return Row(table, foreign.record, said=said, columns=frozenset(said), has_entry=True)


def export(run: ImportRun, file: BinaryIO) -> Iterator[bytes]:
    """All records kept, in the norm's form with where they come from: CSV in UTF-8, as it is read again."""
    adapter, report = ADAPTERS[run.source], Report()
    found = without_duplicates(list(convert_all(adapter, file, report)), adapter, report)
    elements = [
        ENTRY_BY_NAME[c.name] for c in ENTRY_COLUMNS if c.part == Part.ENTRY and c.name in adapter.elements
    ]
    rows = (
        [
            *(one.origin[key] for key in ORIGIN),
            *(shown(element, one.said[element.name]) for element in elements),
        ]
        for one in found
    )
    yield from csv_table([*ORIGIN.values(), *(element.label for element in elements)], rows)
