"""What a body compiles and what it has published, in one list: figures by the database, rows by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from accounts.actors import Actor
from accounts.models import Organisation
from django.db import connection
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.http import QueryDict
from django.urls import reverse
from procedures import registry
from procedures.models import Case
from procedures.queries import visible_to

from catalog.models import Draft, Entry, SharingType
from catalog.models.entries import EDITORS
from catalog.norm.elements import ENTRY_BY_NAME

SIZE = 50
#: The stages of the list; what is published is no draft.
STAGES = {
    "editing": "编制中",
    "mend": "待改正",
    "ready": "可以报送",
    "submitted": "已报送",
    "published": "已发布",
}
KINDS = dict(Draft.Kind.choices)
SORTS = {"changed": "最近修改", "name": "名称", "problems": "待改正多的在前"}
_WHERE = {"items": "信息项", "conditions": "共享条件", "holding": "数据实体"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; what it cannot mean is left out."""

    text: str = ""
    stage: str = ""
    kind: str = ""
    type: str = ""
    problem: str = ""
    sort: str = "changed"
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        page = query.get("page", "1")
        return cls(
            text=" ".join(query.get("q", "").split())[:100],
            stage=_one(query, "stage", STAGES),
            kind=_one(query, "kind", KINDS),
            type=_one(query, "type", SharingType.values),
            problem=_one(query, "problem", {*ENTRY_BY_NAME, *_WHERE}),
            sort=_one(query, "sort", SORTS) or "changed",
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 1_000_000 else 1,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.text or self.stage or self.kind or self.type or self.problem)

    def query(self, body: Organisation, **changes: Any) -> str:
        """The address's query with the changes, without its empty parts."""
        asked = replace(self, **{"page": 1, **changes})
        said = {
            "as": body.code,
            "q": asked.text,
            "stage": asked.stage,
            "kind": asked.kind,
            "type": asked.type,
            "problem": asked.problem,
            "sort": "" if asked.sort == "changed" else asked.sort,
            "page": "" if asked.page == 1 else str(asked.page),
        }
        return "?" + urlencode({key: value for key, value in said.items() if value})


def _one(query: QueryDict, name: str, known: Any) -> str:
    value = query.get(name, "")
    return value if value in known else ""


@dataclass(frozen=True)
class Line:
    """One row: a draft, or a published entry that nobody is changing."""

    name: str
    kind: str  # add, change, remove; empty for a published entry
    stage: str
    problems: int
    type: str
    changed_at: Any
    draft: Draft | None = None
    entry: Entry | None = None

    @property
    def stage_label(self) -> str:
        return str(Draft.Stage(self.stage).label)

    @property
    def kind_label(self) -> str:
        return str(KINDS.get(self.kind, ""))


@dataclass(frozen=True)
class Mend:
    """How many drafts lack the same thing."""

    field: str
    label: str
    count: int


@dataclass(frozen=True)
class Page:
    """What the page says. `counts` by stage; `mends` what most drafts lack, the most first."""

    body: Organisation
    bodies: list[Organisation]
    wanted: Wanted
    counts: Mapping[str, int]
    lines: list[Line]
    count: int
    pages: int
    mends: list[Mend] = field(default_factory=list)
    running: Case | None = None
    report: str = ""


def bodies(actor: Actor) -> list[Organisation]:
    """The bodies for which the person compiles, each once."""
    found = {
        post.organisation_id: post.organisation
        for post in actor.posts
        if post.role in EDITORS and post.organisation.compiles_a_catalogue
    }
    return list(found.values())


def page(body: Organisation, wanted: Wanted, actor: Actor) -> Page:
    """One page of the body's list. Seven queries, however much it has."""
    drafts = Draft.objects.open().filter(provider=body)
    entries = Entry.objects.published().filter(provider=body)
    counts = _counts(drafts, entries)
    rows = _union(drafts, entries, wanted)
    count = rows.count()
    pages = max(1, -(-count // SIZE))
    number = min(wanted.page, pages)
    wanted = replace(wanted, page=number)
    shown = list(rows.order_by(*_ORDER[wanted.sort])[(number - 1) * SIZE : number * SIZE])
    return Page(
        body,
        bodies(actor),
        wanted,
        counts,
        _lines(shown),
        count,
        pages,
        _mends(body) if counts["mend"] else [],
        running(body, actor),
        update_address(body),
    )


#: Drafts come before what is published when several changed at the same instant; the last part makes the order total.
_ORDER = {
    "changed": ("-moved", "which", "key"),
    "name": ("title", "which", "key"),
    "problems": ("-wrong", "title", "which", "key"),
}


def _counts(drafts: QuerySet[Draft], entries: QuerySet[Entry]) -> dict[str, int]:
    told = drafts.aggregate(
        editing=Count("pk", filter=Q(stage=Draft.Stage.EDITING)),
        mend=Count("pk", filter=Q(stage=Draft.Stage.EDITING) & ~Q(problems=[])),
        submitted=Count("pk", filter=~Q(stage=Draft.Stage.EDITING)),
    )
    return {**told, "ready": told["editing"] - told["mend"], "published": entries.count()}


def _union(drafts: QuerySet[Draft], entries: QuerySet[Entry], wanted: Wanted) -> QuerySet[Any]:
    """Keys of both kinds of rows in one order, so that the database turns the pages."""
    narrow = _drafts(drafts, wanted).annotate(
        which=Value(0, IntegerField()),
        key=F("pk"),
        title=F("name"),
        moved=F("changed_at"),
        wrong=Func("problems", function="jsonb_array_length", output_field=IntegerField()),
    )
    names = ("which", "key", "title", "moved", "wrong")
    if wanted.stage not in ("", "published") or wanted.kind or wanted.problem:
        return narrow.values(*names)
    still = _entries(entries, wanted).annotate(
        which=Value(1, IntegerField()),
        key=F("pk"),
        title=F("name"),
        moved=F("changed_at"),
        wrong=Value(0, IntegerField()),
    )
    if wanted.stage == "published":
        return still.values(*names)
    being_changed = Draft.objects.open().filter(entry=OuterRef("pk"))
    still = still.filter(~Exists(being_changed))
    return narrow.order_by().values(*names).union(still.order_by().values(*names), all=True)


def _drafts(drafts: QuerySet[Draft], wanted: Wanted) -> QuerySet[Draft]:
    editing = Draft.Stage.EDITING
    if wanted.stage == "editing":
        drafts = drafts.filter(stage=editing)
    elif wanted.stage == "mend":
        drafts = drafts.filter(stage=editing).exclude(problems=[])
    elif wanted.stage == "ready":
        drafts = drafts.filter(stage=editing, problems=[])
    elif wanted.stage == "submitted":
        drafts = drafts.exclude(stage=editing)
    if wanted.kind:
        drafts = drafts.filter(kind=wanted.kind)
    if wanted.problem:
        drafts = drafts.filter(stage=editing, problems__contains=[{"field": wanted.problem}])
    if wanted.type:
        drafts = drafts.annotate(said_type=KT("content__sharing_type")).filter(said_type=wanted.type)
    for term in wanted.text.split():
        drafts = drafts.filter(Q(name__icontains=term) | Q(entry__code__icontains=term))
    return drafts


def _entries(entries: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    if wanted.type:
        entries = entries.filter(sharing_type=wanted.type)
    for term in wanted.text.split():
        entries = entries.filter(Q(name__icontains=term) | Q(code__icontains=term))
    return entries


def _lines(shown: list[dict[str, Any]]) -> list[Line]:
    """The rows of one page from their keys; two queries."""
    drafts = (
        Draft.objects.select_related("entry", "case", "changed_by")
        .defer("typed", "twins")
        .annotate(said_type=KT("content__sharing_type"))
        .defer("content", "problems")
        .in_bulk([row["key"] for row in shown if row["which"] == 0])
    )
    entries = Entry.objects.in_bulk([row["key"] for row in shown if row["which"] == 1])
    lines = []
    for row in shown:
        draft, entry = (
            (drafts.get(row["key"]), None) if row["which"] == 0 else (None, entries.get(row["key"]))
        )
        if draft is not None:
            lines.append(
                Line(
                    draft.name,
                    draft.kind,
                    draft.stage,
                    row["wrong"],
                    draft.said_type,
                    draft.changed_at,
                    draft=draft,
                    entry=draft.entry,
                )
            )
        elif entry is not None:
            lines.append(
                Line(
                    entry.name,
                    "",
                    Draft.Stage.PUBLISHED,
                    0,
                    entry.sharing_type,
                    entry.changed_at,
                    entry=entry,
                )
            )
    return lines


_LACKING = """
SELECT told->>'field', count(DISTINCT d.id)
  FROM catalog_draft d, jsonb_array_elements(d.problems) told
 WHERE d.provider_id = %s AND d.stage = 'editing'
 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 6
"""


def _mends(body: Organisation) -> list[Mend]:
    """What most drafts of the body have wrong: mending one kind of thing at a time is the shortest way."""
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, [body.pk])
        rows = cursor.fetchall()
    return [Mend(name, _label(name), count) for name, count in rows]


def _label(name: str) -> str:
    element = ENTRY_BY_NAME.get(name)
    return element.label if element else _WHERE.get(name, name)


def running(body: Organisation, actor: Actor) -> Case | None:
    """The list or the update of the body that is under way and waits for what it compiles, the newest first."""
    return (
        visible_to(actor)
        .filter(Q(catalogue_list__body=body) | Q(catalogue_update__provider=body), closed_at__isnull=True)
        .filter(state__in=_TAKING_UP)
        .order_by("-received_at")
        .first()
    )


#: In these states of a list or an update what the body compiles is taken up (`procedures/`).
_TAKING_UP = ("COMPILING", "CHANGE_NOTED")


def update_address(body: Organisation) -> str:
    """Where the body applies for an update (GOV19-14), if that procedure is installed."""
    known = {procedure.code for procedure in registry.all_procedures()}
    return reverse("web:file", args=["catalogue-update", body.code]) if "catalogue-update" in known else ""
