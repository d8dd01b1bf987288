"""Finding entries: how relevant what is found is, over real titles; and how long a page takes among 1,000,000.

Relevance is nDCG@10 over `data/judged.toml`, whose rules judge every title of the sample, against two plain rankers
asked of the same entries. The time is that of the result page with all facets, through the web server over a
connection kept open, in turns with a page that looks one case up by its key (`bench._floor`).
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

import clock
from accounts.models import Organisation, User
from django.conf import settings
from django.db import connection
from django.db.models.functions import Length
from django.test import Client
from procedures.models import Case

from bench import _shelf
from bench.pages import _quantiles, _served, _timed
from catalog.models import Entry, FacetValue
from catalog.models.entries import Sight
from catalog.search.find import Search, ask, keys_of

ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
ROUNDS, WARM = 6, 2
LIMIT, DEEP = 5, 10
JUDGED = Path(__file__).parent / "data" / "judged.toml"

Ranker = Callable[[str], Sequence[int]]


def main(entries: int = ENTRIES, rounds: int = ROUNDS) -> None:
    """Print relevance, then the ratios. Needs a migrated, empty database."""
    took = _shelf.build(entries, clock.now())
    print(
        f"造出 {entries:,} 个条目：写入 {took['written']:.0f} 秒，索引 {took['indexed']:.0f} 秒，{_sizes()}",
        flush=True,
    )
    relevance()
    measure(rounds)


def relevance() -> None:
    """nDCG@10 of the search and of the plain rankers, over the entries whose title is a real one."""
    judged = tomllib.loads(JUDGED.read_text("utf-8"))["query"]
    real = _real()
    scores: dict[str, list[float]] = {}
    rankers: dict[str, Ranker] = {
        "本平台": _ours,
        "名称含有，按名称排": _plain("name"),
        "名称含有，短的在前": _plain(Length("name"), "name"),
    }
    worst: list[tuple[float, str]] = []
    for query in judged:
        grades = {key: grade(query, title, body) for key, (title, body) in real.items()}
        ideal = sorted(grades.values(), reverse=True)[:DEEP]
        if not any(ideal):  # a small part of the sample has nothing of it
            continue
        for name, ranker in rankers.items():
            # Variants of a title, of which a larger catalogue is made, are judged by nobody: they are passed over.
            found = [grades[key] for key in ranker(query["q"]) if key in grades][:DEEP]
            scores.setdefault(name, []).append(_dcg(found) / _dcg(ideal))
        worst.append((scores["本平台"][-1], query["q"]))
    told = "；".join(f"{name} {sum(s) / len(s):.3f}" for name, s in scores.items())
    print(f"nDCG@{DEEP}，{len(judged)} 个查询，{len(real):,} 个真实名称：{told}", flush=True)
    print("最低的：" + "，".join(f"{q} {s:.2f}" for s, q in sorted(worst)[:8]), flush=True)


def grade(query: dict[str, str], title: str, body: str) -> int:
    """3, 2, 1 or 0 by the rules of a judged query."""
    for points, rule in ((3, "best"), (2, "good"), (1, "fair")):
        if _rule(query[rule]).search(title):
            here = "place" not in query or _rule(query["place"]).search(title + body)
            return points if here else 1
    return 0


def measure(rounds: int) -> None:
    """The page of every judged query and of ways of browsing, against the page by key."""
    judged = tomllib.loads(JUDGED.read_text("utf-8"))["query"]
    groups = {
        "判定集的查询": [f"/catalog/?q={quote(query['q'])}" for query in judged],
        "常见词": [
            f"/catalog/?q={quote(q)}"
            for q in ("信息", "企业", "名称", "学校 信息", "企业 信息 名单", "2021", "水")
        ],
        "查询加筛选": [
            f"/catalog/?q={quote(q)}&{more}"
            for q in ("医院", "企业 信息", "信息")
            for more in ("type=unconditional&format=csv", "subject=health&cycle=yearly&opening=unconditional")
        ],
        "浏览": [
            "/catalog/", "/catalog/?sort=name", "/catalog/?page=50", "/catalog/?subject=health",
            "/catalog/?district=500103&type=unconditional", f"/catalog/?provider={_provider()}",
        ],
        "按变更或名称排序": [
            f"/catalog/?q={quote(q)}&sort={s}" for q in ("信息", "医院", "公厕") for s in ("changed", "name")
        ],
        "后面的页": [f"/catalog/?q={quote(q)}&page={p}" for q in ("信息", "医院") for p in (5, 20)],
        "没有的": [f"/catalog/?q={quote(q)}" for q in ("鱷鱼池塘", "重庆市小学一览名单", "医院 鱷鱼")],
    }  # fmt: skip
    floor_page, cookie = _floor()
    every: list[tuple[float, float]] = []
    with _served() as server:
        for group, pages in groups.items():
            pairs = []
            for page in pages:
                for _ in range(WARM):
                    _timed(server, floor_page, cookie), _timed(server, page, cookie)
                pairs += [
                    (_timed(server, floor_page, cookie), _timed(server, page, cookie)) for _ in range(rounds)
                ]
            _print(f"{group}（{len(pages)} 个地址）", pairs)
            every += pairs
    _print("全部", every)


def _print(what: str, pairs: Iterable[tuple[float, float]]) -> None:
    floors, ours = zip(*pairs, strict=True)
    (floor_half, floor_most), (half, most) = _quantiles(floors), _quantiles(ours)
    print(
        f"{what}：p50 {half:.1f}，p95 {most:.1f} 毫秒；按主键取一行的页面 p50 {floor_half:.1f}，p95 {floor_most:.1f}；"
        f"比 p50 {half / floor_half:.2f}，p95 {most / floor_most:.2f}（上限 {LIMIT}）",
        flush=True,
    )


def _floor() -> tuple[str, str]:
    """The address of the page by key, and the session by which both pages are asked for."""
    body = Organisation.objects.order_by("pk")[0]
    case = Case.objects.create(
        number="GX-2026-0001",
        kind="sharing-request",
        state="IN_USE",
        title="测量",
        filer=body,
        received_at=clock.now(),
    )
    user = User.objects.create(username="bench-search", name="测量", password="!")
    client = Client()
    client.force_login(user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return f"/bench/floor/{case.number}/", cookie


def _provider() -> str:
    return FacetValue.objects.filter(facet="provider").order_by("-published")[10].value


def _real() -> dict[int, tuple[str, str]]:
    """(title, body) of the entries that have a title of the sample as it is, by key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, title, body FROM bench_plan WHERE name = title")
        return {key: (title, body) for key, title, body in cursor.fetchall()}


def _ours(text: str) -> list[int]:
    search = Search.asking(text)
    return keys_of(search, ask(search, Sight()), Sight(), 0, 1000)


def _plain(*order: str | Length) -> Ranker:
    """Entries whose name has every word as typed: what a search without an index of its own would do."""

    def ranker(text: str) -> list[int]:
        entries = Entry.objects.published().order_by(*order)
        for word in text.split():
            entries = entries.filter(name__icontains=word)
        return list(entries.values_list("pk", flat=True)[:1000])

    return ranker


def _rule(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _dcg(grades: Sequence[int]) -> float:
    return sum(float(2**g - 1) / math.log2(place + 2) for place, g in enumerate(grades))


def _sizes() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(inhrelid)), sum(pg_relation_size(inhrelid)) FROM pg_inherits"
            " WHERE inhparent = 'catalog_searchdocument'::regclass"
        )
        whole, rows = (int(size) // 2**20 for size in cursor.fetchone())
    return f"检索文本 {rows:,} MB，连同索引 {whole:,} MB"
