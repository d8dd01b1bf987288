"""What the page of a run shows: where it stands, what it would do, what has to be mended and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from accounts.actors import Actor
from django.db.models import Count

from catalog.compile.paging import pager
from catalog.drafts import may_edit
from catalog.exchange import marking
from catalog.exchange.runs import MOST_PROBLEMS
from catalog.models import ImportProblem, ImportRow, ImportRun

SIZE = 50
_OUTCOMES = (
    (ImportRow.Outcome.ADD, "新增"),
    (ImportRow.Outcome.CHANGE, "变更已发布的"),
    (ImportRow.Outcome.UPDATE, "修改编制中的"),
    (ImportRow.Outcome.UNCHANGED, "没有变化"),
    (ImportRow.Outcome.BAD, "须改正"),
)


@dataclass(frozen=True)
class Wanted:
    """Which problems are looked at: all, those that block, or those for later; of a kind, of a column."""

    weight: str = ""
    kind: str = ""
    label: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        weight = given.get("weight", "")
        kind = given.get("kind", "")
        page = given.get("page", "")
        return cls(
            weight if weight in ("must", "later") else "",
            kind if kind in ImportProblem.Kind.values else "",
            given.get("column", "")[:60].replace("\x00", ""),
            int(page) if page.isascii() and page.isdigit() and int(page[:6]) > 0 else 1,
        )

    def query(self, **other: Any) -> str:
        said = {
            "weight": self.weight,
            "kind": self.kind,
            "column": self.label,
            "page": self.page,
            **{"page": 1, **other},
        }
        if said["page"] == 1:
            said["page"] = ""
        return "?" + urlencode({name: value for name, value in said.items() if value})

    @property
    def filtered(self) -> bool:
        return bool(self.kind or self.label)


def run_page(run: ImportRun, wanted: Wanted, actor: Actor) -> dict[str, Any]:
    """The context of the page of a run."""
    counts = run.counts
    context: dict[str, Any] = {
        "run": run,
        "wanted": wanted,
        "outcomes": [(label, counts[code]) for code, label in _OUTCOMES if counts.get(code)],
        "entries": sum(counts.get(code, 0) for code, _ in _OUTCOMES),
        "blocking": counts.get("blocking", 0),
        "later": counts.get("rules", 0),
        "writes": sum(counts.get(code, 0) for code in ImportRow.WRITTEN),
        "may_act": may_edit(run.provider, actor),
        "working": run.state in (ImportRun.State.WAITING, ImportRun.State.CHECKING),
        "foreign": run.source != ImportRun.Source.NORM,
        "marked": marking.is_wanted(run) and marking.ready(run),
        "marking": marking.is_wanted(run) and not marking.ready(run),
    }
    if run.state == ImportRun.State.CHECKED:
        context |= _problems(run, wanted)
    return context


def _problems(run: ImportRun, wanted: Wanted) -> dict[str, Any]:
    every = ImportProblem.objects.filter(run=run)
    if wanted.weight:
        every = every.filter(blocking=wanted.weight == "must")
    groups = list(every.values("kind", "label").annotate(number=Count("pk")))
    kinds: dict[str, int] = {}
    labels: dict[str, int] = {}
    count = 0
    for group in groups:
        kind, label, number = group["kind"], group["label"], group["number"]
        if wanted.label in ("", label):
            kinds[kind] = kinds.get(kind, 0) + number
        if wanted.kind in ("", kind) and label:
            labels[label] = labels.get(label, 0) + number
        if wanted.kind in ("", kind) and wanted.label in ("", label):
            count += number
    found = every
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.label:
        found = found.filter(label=wanted.label)
    last = max(1, -(-count // SIZE))
    page = min(wanted.page, last)
    begin = (page - 1) * SIZE
    names = dict(ImportProblem.Kind.choices)
    told = sum(int(run.counts.get(name, 0)) for name in ("blocking", "rules"))
    of = f"第 {begin + 1:,}–{min(count, begin + SIZE):,} 处，共 {count:,} 处" if count else ""
    return {
        "problems": list(found.order_by("-blocking", "position")[begin : begin + SIZE]),
        "count": count,
        "kinds": [
            (code, names[code], number) for code, number in sorted(kinds.items(), key=lambda one: -one[1])
        ],
        "labels": sorted(labels.items(), key=lambda one: (-one[1], one[0])),
        "pager": pager(page, last, lambda number: wanted.query(page=number), of),
        "untold": max(0, told - MOST_PROBLEMS),
        "clear": wanted.query(kind="", column=""),
        "tabs": [
            ("全部", told, wanted.query(weight="", kind="", column=""), not wanted.weight),
            (
                "须改正",
                run.counts.get("blocking", 0),
                wanted.query(weight="must", kind="", column=""),
                wanted.weight == "must",
            ),
            (
                "发布前补正",
                run.counts.get("rules", 0),
                wanted.query(weight="later", kind="", column=""),
                wanted.weight == "later",
            ),
        ],
    }
