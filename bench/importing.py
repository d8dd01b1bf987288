"""A catalogue from a workbook, dry run and commit, against reading the same file and copying its rows.

The file has 10,000 entries of a row each and an item of each on the second sheet, 20,000 rows in all. The floor reads
the sheets with the fastest reader there is (calamine) and copies the 10,000 drafts, made beforehand, into a table like
that of the drafts, with its columns and indexes: whoever imports has to do as much. Beside it stands the barest floor,
the cells as text into tables without an index. Nothing is looked at in either.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import clock
import python_calamine as calamine
from accounts.actors import SYSTEM
from accounts.models import Organisation
from audit.copying import copy_rows
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from catalog.exchange import runs, template
from catalog.exchange.committing import commit
from catalog.models import Draft
from catalog.norm.content import read

ENTRIES = 10_000
TIMES = 5
LIMIT = 4.0
#: Columns of a new draft that hold nothing.
EMPTY = ("entry_id", "case_id", "holding_id", "changed_by_id")
_SUBJECTS = ("ecology", "transport", "health", "education", "market")
_CYCLES = ("daily", "monthly", "yearly")


def said(number: int) -> dict[str, Any]:
    """An entry as a department would write it, complete enough to be published."""
    return {
        "name": f"机动车排放检验记录第{number}批",
        "summary": f"一行记录是一次排放检验，来自第{number}号检验机构，自2019年起，每日汇总，不含车主信息。",
        "subject": _SUBJECTS[number % 5],
        "keywords": ["排放", "检验", f"机构{number % 97}"],
        "gathered": f"全市第{number % 300}检验机构",
        "formats": ["csv", "xlsx"],
        "delivery": ["file", "api"],
        "update_cycle": _CYCLES[number % 3],
        "opening_type": "unconditional",
        "opening_delivery": ["file"],
        "identifier_kind": "none",
        "use_requirements": "注明数据来源，不得用于识别个人。",
        "theme_database": "生态环境主题库",
        "system": "机动车排放管理系统",
        "division": "大气处",
        "contact": "大气处",
        "phone": "023-63000000",
        "items": [
            {
                "code": "station",
                "name": "检验机构编号",
                "type": "code",
                "length": 12,
                "description": "六位区划代码加顺序号",
            }
        ],
    }


def workbook() -> bytes:
    day = date(2026, 9, 28)
    filled = (template.Filled(read(said(number), on=day)[0]) for number in range(ENTRIES))
    return b"".join(template.workbook(filled, day))


def read_sheets(data: bytes) -> list[list[list[Any]]]:
    book = calamine.load_workbook(ContentFile(data))
    return [book.get_sheet_by_name(name).to_python() for name in ("目录条目", "信息项", "共享条件")]


def bare_floor(data: bytes) -> float:
    """Seconds to read the file and copy its cells as text."""
    began = time.perf_counter()
    with undone() as cursor:
        for number, rows in enumerate(read_sheets(data)):
            columns = [f"c{place}" for place in range(max(map(len, rows), default=1))]
            cursor.execute(f"CREATE TABLE bare_{number} ({', '.join(f'{c} text' for c in columns)})")
            copy_rows(f"bare_{number}", columns, ([str(cell) for cell in row] for row in rows))
        return time.perf_counter() - began


def floor(data: bytes, drafts: Sequence[Sequence[str]], columns: Sequence[str]) -> float:
    """Seconds to read the file and copy the drafts that come of it."""
    with undone() as cursor:
        cursor.execute(f"CREATE TABLE floor (LIKE {Draft._meta.db_table} INCLUDING ALL)")
        began = time.perf_counter()
        read_sheets(data)
        copy_rows("floor", columns, drafts)
        return time.perf_counter() - began


@contextmanager
def undone() -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        yield cursor
        transaction.set_rollback(True)


def made(body: Organisation) -> tuple[list[str], list[tuple[str, ...]]]:
    """The drafts of the body as COPY takes them: (columns that hold anything, rows)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Draft._meta.db_table} WHERE provider_id = %s", [body.pk])
        places = [n for n, c in enumerate(cursor.description) if c.name not in EMPTY]
        cast = ", ".join(f"{cursor.description[n].name}::text" for n in places)
        columns = [cursor.description[n].name for n in places]
        cursor.execute(f"SELECT {cast} FROM {Draft._meta.db_table} WHERE provider_id = %s", [body.pk])
        return columns, cursor.fetchall()


def ours(data: bytes, body: Organisation) -> tuple[float, float]:
    """Seconds of the dry run and of the commit."""
    at = clock.now()
    upload = SimpleUploadedFile("目录.xlsx", data)
    run = runs.start(body, upload, at=at, by=SYSTEM)
    began = time.perf_counter()
    run = runs.check(run, at=at)
    checked = time.perf_counter()
    assert run.counts == {"add": ENTRIES, "blocking": 0, "rules": 0}, (run.refusal, run.counts)
    commit(run, at=at, by=SYSTEM)
    return checked - began, time.perf_counter() - checked


def main() -> None:
    data = workbook()
    floors: list[float] = []
    bare: list[float] = []
    parts: list[Sequence[float]] = []
    for number in range(TIMES):
        body = Organisation.objects.create(
            code=f"bench-{number}",
            name=f"测量单位{number}",
            short_name=f"测量{number}",
            kind="city-department",
        )
        gc.collect()
        parts.append(ours(data, body))
        columns, drafts = made(body)
        assert len(drafts) == ENTRIES
        gc.collect()
        floors.append(floor(data, drafts, columns))
        bare.append(bare_floor(data))
        del drafts
    took, base, barest = (
        statistics.median(map(sum, parts)),
        statistics.median(floors),
        statistics.median(bare),
    )
    checked, committed = (statistics.median(part[place] for part in parts) for place in (0, 1))
    print(
        f"导入 {2 * ENTRIES:,} 行（{ENTRIES:,} 个条目，{len(data) / 1e6:.1f} MB）：核对 {checked:.2f} 秒，"
        f"写入 {committed:.2f} 秒；最快的读取加同样条目的 COPY {base:.2f} 秒；比 {took / base:.2f}（上限 {LIMIT:.0f}）"
    )
    print(f"只把单元格按文本 COPY 进没有索引的表：{barest:.2f} 秒；比 {took / barest:.2f}（供参考）")


if __name__ == "__main__":
    main()
