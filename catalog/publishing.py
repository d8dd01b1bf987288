"""Publishing: the only way in which the catalogue changes.

Everything that one act publishes becomes one `Publication`, the next version of the city's catalogue, in one
transaction with the entries, their versions, what they are found by, and the trail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from audit.sm3 import sm3
from datacentre.models import Holding
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from procedures.models import Case
from procedures.refusals import NoRight
from statutes.enforcement import enforces

from catalog import codes, rules, search
from catalog.disputes import standing
from catalog.models import Condition, Entry, EntryItem, EntryVersion, Publication
from catalog.models.entries import EDITORS
from catalog.norm.content import Content, Problem
from catalog.norm.elements import ENTRY, ITEM
from catalog.quality import due

#: One publication at a time: its number counts them, and what it checks against the rest must stay so.
_LOCK = 0xCA7A106


@dataclass(frozen=True)
class Change:
    """One entry to publish anew (`entry` None), to change, or to withdraw (`content` None).

    `code` only where a code was given before this platform; otherwise it is issued.
    """

    provider: Organisation
    content: Content | None
    entry: Entry | None = None
    holding: Holding | None = None
    code: str = ""


@dataclass
class Published:
    """What a publication made, in the order of its changes."""

    publication: Publication
    entries: list[Entry] = field(default_factory=list)


@enforces("CAT-11", "SHA-02", what="目录发布：一次发布为目录的一版，共享目录、责任清单随之更新")
def publish(
    changes: Sequence[Change], *, reason: str, at: datetime, by: Actor, case: Case | None = None
) -> Published:
    """Publish all changes, or none. Only the city data authority, or the system in its name (REG22-22.2).

    Raises `NoRight`; `ValidationError` without changes or reason; `BrokenRules` with the problems of every change, each
    naming its entry.
    """
    if not (by.is_system or is_authority(by)):
        raise NoRight("目录由市数据主管部门发布")
    if not changes:
        raise ValidationError("没有要发布的条目")
    if not reason.strip():
        raise ValidationError("发布、变更和撤销目录条目应当写明原因")
    with transaction.atomic():
        _one_at_a_time()
        _lock_entries(changes)
        _require_whole(changes)
        return _publish(changes, reason=reason.strip()[:300], at=at, by=by, case=case)


def withdraw(entry: Entry, *, reason: str, at: datetime, by: Actor, case: Case | None = None) -> Published:
    """Take a published entry out of the catalogue; grants made under it are not touched."""
    return publish([Change(entry.provider, None, entry=entry)], reason=reason, at=at, by=by, case=case)


def is_authority(actor: Actor) -> bool:
    """Whether the actor works on the catalogue for the city data authority."""
    return any(
        post.organisation.duty == Organisation.Duty.CITY_AUTHORITY and post.role in EDITORS
        for post in actor.posts
    )


def content_of(entry: Entry) -> Content:
    """What the entry says now, as the norm has it."""
    return Content(
        {element.name: getattr(entry, element.name) for element in ENTRY},
        [{element.name: getattr(item, element.name) for element in ITEM} for item in entry.items.all()],
        [
            {"text": c.text, "basis": c.basis, "check_kind": c.check_kind, "parameter": c.parameter}
            for c in entry.conditions.all()
        ],
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _lock_entries(changes: Sequence[Change]) -> None:
    keys = [change.entry.pk for change in changes if change.entry is not None]
    if len(keys) != len(set(keys)):
        raise ValidationError("同一条目在一次发布中只能有一处变更")
    list(Entry.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def _require_whole(changes: Sequence[Change]) -> None:
    """Refuse the whole unless every change keeps every rule."""
    problems: list[Problem] = []
    said = [
        (change.content, change.entry.pk if change.entry else None) for change in changes if change.content
    ]
    for change in changes:
        if change.content is None:
            if change.entry is None or change.entry.status != Entry.Status.PUBLISHED:
                raise ValidationError("只有已发布的条目可以撤销")
            continue
        rules.refuse_secret(False, change.content.name, change.code)
        holding = change.holding or (change.entry.holding if change.entry else None)
        found = rules.problems_of(change.content, holding=holding, provider_id=change.provider.pk)
        problems += [_named(change.content, problem) for problem in found]
    for (content, _entry), found in zip(said, rules.source_problems(said), strict=True):
        problems += [_named(content, problem) for problem in found]
    proposed = [
        standing.Proposed(change.provider.pk, change.content, change.entry)
        for change in changes
        if change.content
    ]
    for one, found in zip(proposed, standing.problems(proposed), strict=True):
        problems += [_named(one.content, problem) for problem in found]
    if problems:
        raise rules.BrokenRules(problems)


def _named(content: Content, problem: Problem) -> Problem:
    return Problem(
        problem.field, f"“{content.name}”：{problem.message}", problem.cites, problem.row, problem.part
    )


def _publish(
    changes: Sequence[Change], *, reason: str, at: datetime, by: Actor, case: Case | None
) -> Published:
    before = _kept(changes)
    fresh_codes = iter(
        codes.issue(
            [
                (change.content.entry["resource_class"], change.provider)
                for change in changes
                if change.entry is None and change.content is not None and not change.code
            ]
        )
    )
    entries = [_entry_after(change, at, fresh_codes) for change in changes]
    fresh = [entry for entry in entries if entry.pk is None]
    known = [entry for entry in entries if entry.pk is not None]
    Entry.objects.bulk_create(fresh, batch_size=500)
    Entry.objects.bulk_update(known, _COLUMNS, batch_size=200)
    EntryItem.objects.filter(entry__in=known).delete()
    Condition.objects.filter(entry__in=known).delete()
    items, conditions = [], []
    for entry, change in zip(entries, changes, strict=True):
        content = change.content or Content.of(before[entry.pk])
        items += [EntryItem(entry=entry, position=n, **said) for n, said in enumerate(content.items)]
        conditions += [
            Condition(entry=entry, position=n, **said) for n, said in enumerate(content.conditions)
        ]
    EntryItem.objects.bulk_create(items, batch_size=2000)
    Condition.objects.bulk_create(conditions, batch_size=1000)
    after = [
        _facts(entry, change.content or Content.of(before[entry.pk]))
        for entry, change in zip(entries, changes, strict=True)
    ]
    publication = Publication.objects.create(
        number=(Publication.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        at=at,
        by=by.user,
        case=case,
        reason=reason,
        added=sum(change.entry is None for change in changes),
        changed=sum(change.entry is not None and change.content is not None for change in changes),
        withdrawn=sum(change.content is None for change in changes),
        digest=_digest(after),
    )
    common = {"publication": publication, "at": at, "by": by.user, "reason": reason}
    versions = [
        EntryVersion(entry=entry, number=entry.version, content=facts, **common)
        for entry, facts in zip(entries, after, strict=True)
    ]
    EntryVersion.objects.bulk_create(versions, batch_size=500)
    search.index([entry.pk for entry in entries])
    due.mark(entries, at)
    trail.record_many(
        trail.Entry(
            action=_ACTIONS[change.entry is None, change.content is None],
            actor=by,
            object_kind="entry",
            object_id=entry.code,
            at=at,
            organisation=entry.provider.name,
            before=before.get(entry.pk, {}),
            after={**facts, "version": entry.version, "publication": publication.number, "reason": reason},
            cites=("REG22-22", "REG22-24"),
        )
        for entry, change, facts in zip(entries, changes, after, strict=True)
    )
    return Published(publication, entries)


_ACTIONS = {(True, False): "entry:publish", (False, False): "entry:update", (False, True): "entry:withdraw"}
_COLUMNS = [
    *(element.name for element in ENTRY), "status", "changed_at", "version", "holding", "provider",
]  # fmt: skip


def _entry_after(change: Change, at: datetime, fresh_codes: Iterator[str]) -> Entry:
    """The entry as it will stand, not yet written; a new one takes the next of the codes issued for it."""
    entry = change.entry
    if entry is None:
        code = change.code or next(fresh_codes)
        entry = Entry(code=code, published_at=at, version=0)
    entry.version += 1
    entry.changed_at = at
    entry.provider = change.provider
    if change.content is None:
        entry.status = Entry.Status.WITHDRAWN
    else:
        entry.status = Entry.Status.PUBLISHED
        entry.holding = change.holding or entry.holding
        for name, value in change.content.entry.items():
            setattr(entry, name, value)
    return entry


def _kept(changes: Sequence[Change]) -> dict[int, dict[str, Any]]:
    """What the entries to be changed say now, by their keys. Three queries."""
    keys = [change.entry.pk for change in changes if change.entry is not None]
    stored = Entry.objects.select_related("provider", "holding").prefetch_related("items", "conditions")
    return {entry.pk: _facts(entry, content_of(entry)) for entry in stored.filter(pk__in=keys)}


def _facts(entry: Entry, content: Content) -> dict[str, Any]:
    """The whole entry as a version keeps it; only values that JSON has."""
    return {
        "code": entry.code,
        "provider": {"code": entry.provider.code, "name": entry.provider.name},
        "status": entry.status,
        "holding": entry.holding.code if entry.holding else "",
        **content.as_json(),
    }


def _digest(facts: Sequence[dict[str, Any]]) -> str:
    lines = sorted(
        json.dumps(each, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for each in facts
    )
    return sm3("\n".join(lines).encode()).hex()
