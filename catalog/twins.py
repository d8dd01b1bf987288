"""The ban on collecting again what sharing can give (REG22-11.1(二), GOV19-50(三)): what an entry looks like already.

An entry is a twin when its name says nearly the same, or when it lists the same items. The database finds candidates
by two indexes (names by trigrams, items by name), both bounded, and the judgement is made here in plain sight, so that
the page can say why. Departments of different districts collect about different places and are no twins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from django.db import connection, transaction
from procedures.refusals import BadFacts
from statutes.enforcement import enforces

from catalog import drafts
from catalog.models import Draft, Entry, EntryItem
from catalog.norm.content import Content
from catalog.norm.vocabularies import fold
from catalog.publishing import content_of

#: The most twins that are shown: a person can look at so many.
MOST = 8
#: How alike two names are (0 to 1) to be twins by name alone, and how much of the shorter list of items is shared.
BY_NAME, BY_ITEMS = 0.6, 0.6
#: Both a little less, together.
BOTH = (0.4, 0.4)
_FEWEST_ITEMS = 3
#: Words that every other name has; two names are not alike because both end in 信息.
_EMPTY_WORDS = re.compile(
    "重庆市|全市|本市|公共数据|数据集|数据|信息|情况|明细|清单|名单|目录|统计|一览|汇总|资源|记录|表$"
)
_SHOWN_ITEMS = 6


@dataclass(frozen=True)
class Twin:
    """An entry, or a draft of the same body, that looks like what is being compiled. `why` are sentences."""

    score: float
    why: tuple[str, ...]
    entry: Entry | None = None
    draft: Draft | None = None

    @property
    def key(self) -> str:
        """By which `Draft.twins` knows it."""
        return self.entry.code if self.entry else f"draft-{self.draft.pk}"  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        return (self.entry or self.draft).name  # type: ignore[union-attr]


@enforces("CAT-20", "CAT-15", what="目录编制：与已有条目重复的，报送前逐条核对")
def twins(
    content: Content,
    provider: Organisation,
    *,
    entry: int | None = None,
    draft: int | None = None,
    drafts_too: bool = True,
) -> list[Twin]:
    """What looks like `content` among the published entries of all bodies and the open drafts of this one.

    `entry` and `draft` are the keys of what is being compiled itself; the public sees no drafts (`drafts_too`). At most
    MOST, the likest first; five queries.
    """
    names = {item["name"] for item in content.items if item["name"]}
    keys = _alike_by_name(content.name) | _alike_by_items(names)
    keys.discard(entry or 0)
    entries = Entry.objects.published().filter(pk__in=keys).select_related("provider")
    listed: dict[int, set[str]] = {}
    for key, name in EntryItem.objects.filter(entry__in=keys).values_list("entry", "name"):
        listed.setdefault(key, set()).add(name)
    found = [
        Twin(*judged, entry=one)
        for one in entries
        if not _elsewhere(one.provider, provider)
        and (judged := _judge(content.name, names, one.name, listed.get(one.pk, set())))
    ]
    shown = {twin.entry.pk for twin in found if twin.entry}
    for other in _own_drafts(content.name, provider, entry, draft) if drafts_too else []:
        if other.entry_id in shown:
            continue  # a change of an entry that stands here already
        theirs = {item["name"] for item in other.content.get("items", []) if item.get("name")}
        if judged := _judge(content.name, names, other.name, theirs):
            found.append(Twin(*judged, draft=other))
    return sorted(found, key=lambda twin: (-twin.score, twin.key))[:MOST]


def of_draft(draft: Draft) -> list[Twin]:
    """The twins of a draft; a removal has none."""
    if draft.kind == Draft.Kind.REMOVE:
        return []
    return twins(Content.of(draft.content), draft.provider, entry=draft.entry_id, draft=draft.pk)


def beside(entry: Entry) -> list[Twin]:
    """What stands beside a published entry on its page: what it names itself, then what looks like it."""
    named = Entry.objects.published().filter(code__in=entry.related[:20]).select_related("provider")
    found = [Twin(1.0, ("本条目列为关联",), entry=one) for one in named if one.pk != entry.pk]
    known = {twin.key for twin in found}
    alike = twins(content_of(entry), entry.provider, entry=entry.pk, drafts_too=False)
    return [*found, *(twin for twin in alike if twin.key not in known)][: MOST * 2]


def unanswered(draft: Draft, found: Collection[Twin] | None = None) -> list[Twin]:
    """The twins of which the officer has not yet said why the draft is no repetition; none may be left at reporting."""
    return [twin for twin in (of_draft(draft) if found is None else found) if twin.key not in draft.twins]


def repeated(rows: Collection[Draft]) -> list[tuple[Draft, Entry]]:
    """New drafts under the very name of another body's published entry of which nothing has been said: these may not
    be reported. One query for any number of drafts; what is merely alike is shown, and left to the officer."""
    fresh = {row.name: row for row in rows if row.kind == Draft.Kind.ADD}
    same = Entry.objects.published().filter(name__in=fresh).select_related("provider").order_by("code")
    return [
        (row, entry)
        for entry in same
        if (row := fresh[entry.name]).provider_id != entry.provider_id
        and entry.code not in row.twins
        and not _elsewhere(entry.provider, row.provider)
    ]


def answer(draft: Draft, said: Mapping[str, Mapping[str, str]], *, at: datetime, by: Actor) -> Draft:
    """Keep what the officer says of the twins, by key: `answer` different with its `reason`, or source.

    A source is referred to: its code is added to the related codes, and the draft claims no element of its own that
    it takes from there. Raises NoRight, DraftRefused, and BadFacts for a twin without a reason.
    """
    drafts.require_editor(draft.provider, by)
    wrong = {
        key: ["请写明为什么不是重复采集，例如对象、范围、时点不同"]
        for key, told in said.items()
        if told.get("answer") == "different" and len(told.get("reason", "").strip()) < 5
    }
    if wrong:
        raise BadFacts(wrong)
    with transaction.atomic():
        draft = Draft.objects.select_for_update(of=("self",)).select_related("provider").get(pk=draft.pk)
        drafts.require_editing(draft)
        before = dict(draft.twins)
        for key, told in said.items():
            if told.get("answer") in ("different", "source"):
                draft.twins[key] = {
                    "answer": told["answer"],
                    "reason": told.get("reason", "").strip()[:500],
                    "by": by.name,
                    "on": at.date().isoformat(),
                }
        Draft.objects.filter(pk=draft.pk).update(twins=draft.twins)
        trail.record(
            trail.Entry(
                action="entry-draft:twins",
                actor=by,
                object_kind="entry-draft",
                object_id=str(draft.pk),
                at=at,
                organisation=draft.provider.name,
                before=before,
                after=dict(draft.twins),
                cites=("REG22-11.1(二)",),
            )
        )
        sources = [
            key
            for key, told in draft.twins.items()
            if told["answer"] == "source" and not key.startswith("draft-")
        ]
        given = drafts.written(draft)
        related = list(given.get("related") or [])
        if missing := [code for code in sources if code not in related]:
            draft = drafts.keep(
                draft.provider,
                {**given, "related": [*related, *missing]},
                draft=draft,
                origin=draft.origin,
                source=draft.source,
                at=at,
                by=by,
            )
    return draft


_BY_NAME = """
SELECT id FROM catalog_entry WHERE status = 'published' AND name %% %s
 ORDER BY similarity(name, %s) DESC, id LIMIT 60
"""
#: At most so many entries are looked at for one item name: what thousands have says little, and the time stays bounded.
_BY_ITEMS = """
SELECT entry_id FROM (
    SELECT found.entry_id FROM unnest(%s::text[]) wanted(name) CROSS JOIN LATERAL (
        SELECT entry_id FROM catalog_entryitem WHERE name = wanted.name LIMIT 1000) found) all_found
 GROUP BY entry_id HAVING count(*) >= %s ORDER BY count(*) DESC, entry_id LIMIT 60
"""


def _alike_by_name(name: str) -> set[int]:
    if not name:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_BY_NAME, [name, name])
        return {row[0] for row in cursor.fetchall()}


def _alike_by_items(names: Collection[str]) -> set[int]:
    """Entries that list several of the items, looked for by the longest names: they say the most."""
    if len(names) < _FEWEST_ITEMS:
        return set()
    telling = sorted(names, key=lambda name: (-len(name), name))[:40]
    with connection.cursor() as cursor:
        cursor.execute(_BY_ITEMS, [telling, _FEWEST_ITEMS])
        return {row[0] for row in cursor.fetchall()}


def _own_drafts(name: str, provider: Organisation, entry: int | None, draft: int | None) -> list[Draft]:
    """The body's other open drafts whose names are near; what an entry's own change says is that entry."""
    rows = Draft.objects.open().filter(provider=provider).exclude(kind=Draft.Kind.REMOVE).exclude(pk=draft)
    if entry is not None:
        rows = rows.exclude(entry=entry)
    return list(rows.filter(name__trigram_similar=name).defer("problems", "typed", "twins")[:20])


def _judge(
    name: str, items: Collection[str], other: str, others: Collection[str]
) -> tuple[float, tuple[str, ...]] | None:
    """Score and reasons, or None where the two are no twins."""
    alike = likeness(name, other)
    shared = sorted(set(items) & set(others), key=lambda one: (-len(one), one))
    overlap = len(shared) / min(len(items), len(others)) if items and others else 0.0
    by_items = len(shared) >= _FEWEST_ITEMS and overlap >= BY_ITEMS
    if not (alike >= BY_NAME or by_items or (alike >= BOTH[0] and overlap >= BOTH[1])):
        return None
    why = []
    if fold(name) == fold(other):
        why.append("名称相同")
    elif alike >= BOTH[0]:
        why.append("名称相近")
    if shared:
        names = "、".join(shared[:_SHOWN_ITEMS]) + ("等" if len(shared) > _SHOWN_ITEMS else "")
        why.append(f"有 {len(shared)} 个信息项同名：{names}")
    return max(alike, overlap) * 0.8 + min(alike, overlap) * 0.2, tuple(why)


def likeness(one: str, other: str) -> float:
    """How alike two names are, by their pairs of characters (Dice): 1 for the same words, empty words left out."""
    if not (one and other):
        return 0.0
    first, second = _pairs(one), _pairs(other)
    total = sum(first.values()) + sum(second.values())
    return 2 * sum((first & second).values()) / total if total else 0.0


def _pairs(name: str) -> Counter[str]:
    whole = fold(name)
    text = _EMPTY_WORDS.sub("", whole) or whole
    text = text if len(text) > 1 else whole
    return Counter(text[i : i + 2] for i in range(len(text) - 1)) or Counter([text])


def _elsewhere(one: Organisation, other: Organisation) -> bool:
    """Bodies of two different districts."""
    return bool(one.district_id and other.district_id and one.district_id != other.district_id)


def facts(draft: Draft) -> list[dict[str, Any]]:
    """What was said of the twins, for the pages of those who review: key, answer, reason, who and when."""
    return [{"key": key, **told} for key, told in draft.twins.items()]
