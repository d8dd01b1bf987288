"""A catalogue of any size from the titles of real ones, written by SQL: for measurements that need the crowd.

The titles, bodies and descriptions are those of open-data portals of other provinces (metadata, gathered in 2023);
they are read from a file beside the project (`CATALOGUE`) and never kept in it. Beyond their number a title comes
again as a variant: of another district, another year, another part.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.actors import SYSTEM
from accounts.models import District, Organisation
from django.db import connection

from bench._city import _copy
from catalog.models import Entry, EntryItem
from catalog.norm import vocabularies
from catalog.norm.content import read
from catalog.publishing import Change, publish
from catalog.search import index

#: Where the file lies: named by the environment, or beside a clone.
FILE = Path(
    os.environ.get("CATALOGUE")
    or Path(__file__).parents[2] / "shared" / "data" / "catalogue" / "cn_open_catalogue.jsonl.gz"
)
#: So many entries are indexed by one statement.
BATCH = 20_000
ITEMS = [
    "名称",
    "编号",
    "地址",
    "联系电话",
    "负责人",
    "统一社会信用代码",
    "日期",
    "有效期",
    "类别",
    "状态",
    "经度",
    "纬度",
]

_PARTS = re.compile(r"[,，、;；]")
_HTML = re.compile(r"<[^>]*>")

RAW = """
CREATE UNLOGGED TABLE bench_raw (n bigint PRIMARY KEY, title text, body text, said text, items jsonb, subject text,
                                 cycle text, opening text, formats jsonb)
"""
#: One line an entry, from its number `g` alone: the title as it is, then its variants.
PLAN = """
CREATE UNLOGGED TABLE bench_plan AS
SELECT g, %(first)s + g AS id, r.*, o.id AS provider_id, o.d AS district_id,
       left(CASE turn WHEN 0 THEN title WHEN 1 THEN d.name || title
            WHEN 2 THEN title || '（' || 2012 + g %% 12 || '年）'
            WHEN 3 THEN d.name || title || '（' || 2015 + g %% 9 || '年）'
            WHEN 4 THEN title || '变更记录' WHEN 5 THEN '历年' || title
            WHEN 6 THEN title || '（第' || g %% 40 + 1 || '批）'
            WHEN 7 THEN d.name || title || '汇总' WHEN 8 THEN title || '（按街镇）'
            ELSE d.name || title || '（第' || g %% 40 + 1 || '批）' END, 200) AS name
FROM (SELECT g, (g - 1) / %(count)s AS turn, 1 + (g - 1) %% %(count)s AS n
        FROM generate_series(1::bigint, %(size)s) g) s
JOIN bench_raw r USING (n)
JOIN (SELECT id, name, district_id AS d FROM accounts_organisation WHERE code LIKE 'bench-%%') o ON o.name = r.body
JOIN (SELECT row_number() OVER (ORDER BY id) AS k, count(*) OVER () AS many, name FROM accounts_district) d
  ON d.k = 1 + hashint8(g)::bigint %% d.many + CASE WHEN hashint8(g)::bigint %% d.many < 0 THEN d.many ELSE 0 END
"""


def build(size: int, at: datetime) -> dict[str, float]:
    """So many entries; the seconds it took to write them and to index them. Needs a migrated, empty database."""
    began = time.perf_counter()
    rows = list(_rows())
    for number in range(37):
        District.objects.get_or_create(code=f"5001{number + 1:02d}", defaults={"name": f"第{number + 1}区"})
    districts = list(District.objects.order_by("code").values_list("pk", flat=True))
    bodies = sorted({row[2] for row in rows})
    Organisation.objects.bulk_create(
        Organisation(
            code=f"bench-{n}", name=name, short_name=name[:40], kind=Organisation.Kind.DISTRICT_DEPARTMENT,
            district_id=None if n % 5 == 0 else districts[n % len(districts)],
        )
        for n, name in enumerate(bodies)
    )  # fmt: skip
    model = _model(Organisation.objects.get(code="bench-0"), at)
    with connection.cursor() as cursor:
        cursor.execute(RAW)
        _load(cursor, rows)
        cursor.execute("ANALYZE bench_raw")
        cursor.execute(PLAN, {"first": model.pk, "count": len(rows), "size": size})
        cursor.execute("ALTER TABLE bench_plan ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE bench_plan")
        # The rows are right by construction; checking eight million of them would measure the checks.
        cursor.execute("SET session_replication_role = replica")
        _entries(model)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE catalog_entry, catalog_entryitem, accounts_organisation")
    written = time.perf_counter()
    _index(model.pk, size)
    return {"written": written - began, "indexed": time.perf_counter() - written}


def _model(provider: Organisation, at: datetime) -> Entry:
    """The entry that all others are like, where the plan does not say otherwise."""
    said: dict[str, Any] = {
        "name": "测量用条目", "summary": "测量", "gathered": "全市", "subject": "living", "update_cycle": "daily",
        "formats": ["csv"], "delivery": ["file"], "opening_type": "unconditional", "opening_delivery": ["file"],
        "identifier_kind": "none", "use_requirements": "注明来源",
        "items": [{"code": "a", "name": "甲", "type": "text"}],
    }  # fmt: skip
    content, problems = read(said, on=at.date())
    assert not problems, problems
    return publish([Change(provider, content)], reason="测量", at=at, by=SYSTEM).entries[0]


def _entries(model: Entry) -> None:
    narrower = "p.opening <> 'unconditional'"
    _copy(
        model,
        "bench_plan p",
        id="p.id",
        code="'307500000999/' || lpad(p.g::text, 7, '0')",
        name="p.name",
        summary="p.said",
        provider_id="p.provider_id",
        subject="p.subject",
        formats="p.formats",
        update_cycle="p.cycle",
        sharing_type="(ARRAY['unconditional', 'unconditional', 'unconditional', 'conditional', 'not-shared'])"
        "[1 + p.g % 5]",
        sharing_basis="CASE WHEN p.g % 5 > 2 THEN '《测量法》第一条' ELSE '' END",
        sharing_basis_kind="CASE WHEN p.g % 5 > 2 THEN 'law' ELSE '' END",
        opening_type="p.opening",
        opening_basis=f"CASE WHEN {narrower} THEN '《测量法》第一条' ELSE '' END",
        opening_basis_kind=f"CASE WHEN {narrower} THEN 'law' ELSE '' END",
        security_level="(ARRAY['general-1', 'general-2', 'general-3', 'important'])[1 + (p.g % 11) / 3]",
        changed_at="m.changed_at - (hashint8(p.g) & 16383) * interval '1 hour'",
    )
    _copy(
        EntryItem.objects.get(entry=model),
        "bench_plan p, jsonb_array_elements_text(p.items) WITH ORDINALITY AS i (name, place)",
        entry_id="p.id",
        code="'f' || i.place",
        name="i.name",
        position="i.place",
    )
    with connection.cursor() as cursor:
        for table in ("catalog_entry", "catalog_entryitem"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}", [table])


def _index(first: int, size: int) -> None:
    """In batches; the index of the vectors is built when they are there, as a restore does."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX document_vector")
        for start in range(first, first + size + 1, BATCH):
            index(range(start, start + BATCH))
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("CREATE INDEX document_vector ON catalog_searchdocument USING gin (vector)")
        cursor.execute("VACUUM (ANALYZE) catalog_searchdocument, catalog_facetvalue")


def _rows() -> Iterator[tuple[Any, ...]]:
    """(n, title, body, said, items, subject, cycle, opening, formats) of each real entry."""
    if not FILE.exists():
        raise SystemExit(f"没有 {FILE}：CATALOGUE 写明目录样本（jsonl.gz）的位置")
    lists = {
        name: vocabularies.vocabulary(name) for name in ("subject", "update-cycle", "opening-type", "format")
    }
    subjects = [value.code for value in lists["subject"].values]
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        number = 0
        for line in lines:
            said = json.loads(line)
            title = _line(said.get("title"), 160)
            if not title:
                continue
            number += 1
            described = _line(said.get("description"), 400)
            names = [part.strip() for part in _PARTS.split(described) if 1 < len(part.strip()) <= 12][:8]
            fill = [ITEMS[(number + k) % len(ITEMS)] for k in range(4)]
            formats = {
                lists["format"].find(part) for part in re.findall(r"[a-z]+", str(said.get("data_formats")))
            }
            yield (
                number,
                title,
                _line(said.get("department"), 90) or "未注明",
                described or title,
                json.dumps(names if len(names) > 2 else fill, ensure_ascii=False),
                lists["subject"].find(said.get("category") or "") or subjects[hash_of(title) % len(subjects)],
                lists["update-cycle"].find(said.get("update_frequency") or "") or "irregular",
                lists["opening-type"].find(said.get("is_open") or "") or "unconditional",
                json.dumps(sorted(formats - {""}) or ["csv"]),
            )


def hash_of(text: str) -> int:
    """The same in every run."""
    return sum((i + 1) * ord(c) for i, c in enumerate(text))


def _line(said: Any, most: int) -> str:
    return " ".join(_HTML.sub(" ", str(said or "")).replace("\0", "").split())[:most]


def _load(cursor: Any, rows: list[tuple[Any, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    cursor.copy_expert("COPY bench_raw FROM STDIN WITH (FORMAT csv)", text)
