"""Keeping, publishing and withdrawing entries: the only way in which the catalogue changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from django.core.exceptions import ValidationError
from django.db import transaction
from procedures.refusals import NoRight
from statutes.enforcement import enforces

from catalog import rules
from catalog.models import Condition, Entry, EntryItem, EntryVersion, SharingType
from catalog.models.entries import EDITORS, compiles

Status = Entry.Status
ACTIONS = {Status.DRAFT: "entry:save", Status.PUBLISHED: "entry:update"}


@dataclass(frozen=True)
class ItemFacts:
    """A line of the items table; the fields are those of `EntryItem`."""

    code: str
    name: str
    type: str
    description: str = ""
    sharing_type: str = SharingType.UNCONDITIONAL
    sharing_basis: str = ""
    sharing_basis_kind: str = ""
    element: str = ""


@dataclass(frozen=True)
class ConditionFacts:
    """A sharing condition; the fields are those of `Condition`."""

    text: str
    basis: str = ""
    check_kind: str = Condition.Check.MANUAL
    parameter: dict[str, Any] = field(default_factory=dict)


def save_entry(
    entry: Entry,
    *,
    items: Sequence[ItemFacts],
    conditions: Sequence[ConditionFacts],
    secret: bool = False,
    reason: str = "",
    at: datetime,
    by: Actor,
) -> Entry:
    """Keep the entry with exactly these items and conditions.

    A draft is kept by its provider or the data authority. A published entry is changed by the data authority only,
    with a reason, and the change is its next version at once. Raises `SecretMatter`, `BrokenRules`, `NoRight`, or
    `ValidationError` for a field that does not fit; nothing is kept then.
    """
    rules.refuse_secret(secret, entry.name, entry.code, entry.security_level)
    require_editor(entry, by)
    rows = [EntryItem(position=i, **asdict(facts)) for i, facts in enumerate(items)]
    terms = [Condition(position=i, **asdict(facts)) for i, facts in enumerate(conditions)]
    problems = rules.entry_problems(entry) + rules.item_problems(entry, rows)
    if entry.status == Status.PUBLISHED:
        problems += rules.publish_problems(entry, rows, terms)
        if not reason.strip():
            problems.append(rules.Problem("reason", "变更已发布的条目应当写明原因"))
    if problems:
        raise rules.BrokenRules(problems)
    for row in (*rows, *terms):
        row.full_clean(exclude=["entry"])
    with transaction.atomic():
        before = content(Entry.objects.select_for_update().get(pk=entry.pk)) if entry.pk else {}
        entry.search_text = search_text(entry, rows)
        entry.full_clean()
        if entry.pk:
            entry.items.all().delete()
            entry.conditions.all().delete()
        entry.save()
        for row in (*rows, *terms):
            row.entry = entry
        EntryItem.objects.bulk_create(rows)
        Condition.objects.bulk_create(terms)
        if entry.status == Status.PUBLISHED:
            _next_version(entry, reason=reason, at=at, by=by)
        _record(entry, ACTIONS.get(entry.status, "entry:save"), before, reason=reason, at=at, by=by)
    return entry


@enforces("SHA-02", what="按共享类型发布的目录")
def publish_entry(entry: Entry, *, reason: str = "", at: datetime, by: Actor) -> EntryVersion:
    """Publish a draft or a withdrawn entry as its next version. Only the city data authority (REG22-22.2)."""
    _require_authority(by, "发布目录条目")
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=entry.pk)
        if entry.status == Status.PUBLISHED:
            raise ValidationError(f"“{entry.name}”已经发布，现在是第 {entry.version} 版")
        items, terms = list(entry.items.all()), list(entry.conditions.all())
        problems = rules.entry_problems(entry) + rules.item_problems(entry, items)
        if problems := problems + rules.publish_problems(entry, items, terms):
            raise rules.BrokenRules(problems)
        before = content(entry)
        entry.status = Status.PUBLISHED
        entry.published_at = entry.published_at or at
        version = _next_version(entry, reason=reason, at=at, by=by)
        _record(entry, "entry:publish", before, reason=reason, at=at, by=by)
    return version


def withdraw_entry(entry: Entry, *, reason: str, at: datetime, by: Actor) -> Entry:
    """Take a published entry out of the catalogue, with a reason; grants made under it are not touched."""
    _require_authority(by, "撤销目录条目")
    if not reason.strip():
        raise ValidationError("撤销目录条目应当写明原因")
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=entry.pk)
        if entry.status != Status.PUBLISHED:
            raise ValidationError(f"“{entry.name}”现在是“{entry.get_status_display()}”，没有发布，不能撤销")
        before = content(entry)
        entry.status, entry.changed_at = Status.WITHDRAWN, at
        entry.save(update_fields=["status", "changed_at"])
        _record(entry, "entry:withdraw", before, reason=reason, at=at, by=by)
    return entry


def may_edit(entry: Entry | None, actor: Actor) -> bool:
    """Drafts: the provider's and the data authority's people. What has been published: the data authority's."""
    if actor.is_system or is_authority(actor):
        return True
    own = {post.organisation_id for post in actor.posts if post.role in EDITORS}
    if entry is None or entry.provider_id is None:
        return compiles(actor)
    return entry.provider_id in own and entry.status == Status.DRAFT


def is_authority(actor: Actor) -> bool:
    return any(
        post.organisation.duty == Organisation.Duty.CITY_AUTHORITY and post.role in EDITORS
        for post in actor.posts
    )


def require_editor(entry: Entry, actor: Actor) -> None:
    if entry.pk:
        # What the row says, not what the form says: neither provider nor status may be talked away.
        stored = Entry.objects.only("provider", "status").get(pk=entry.pk)
        allowed = may_edit(stored, actor) and may_edit(entry, actor)
    else:
        allowed = may_edit(entry, actor)
    if not allowed:
        raise NoRight("编制中的条目由数据提供单位和市数据主管部门修改，已发布的由市数据主管部门变更")


def content(entry: Entry) -> dict[str, Any]:
    """The whole entry as a version keeps it; only values that JSON has."""
    return {
        "code": entry.code,
        "name": entry.name,
        "summary": entry.summary,
        "provider": {"code": entry.provider.code, "name": entry.provider.name},
        "subject": entry.subject,
        "gathered": entry.gathered,
        "sharing_type": entry.sharing_type,
        "sharing_basis": entry.sharing_basis,
        "sharing_basis_kind": entry.sharing_basis_kind,
        "sharing_basis_text": entry.sharing_basis_text,
        "update_cycle": entry.update_cycle,
        "security_level": entry.security_level,
        "use_requirements": entry.use_requirements,
        "delivery": entry.delivery,
        "base_database": entry.base_database,
        "status": entry.status,
        "holding": entry.holding.code if entry.holding else "",
        "items": [
            {f: getattr(item, f) for f in ItemFacts.__dataclass_fields__} for item in entry.items.all()
        ],
        "conditions": [
            {f: getattr(term, f) for f in ConditionFacts.__dataclass_fields__}
            for term in entry.conditions.all()
        ],
    }


def search_text(entry: Entry, items: Sequence[EntryItem]) -> str:
    """Everything an entry is found by, one part a line, in lower case."""
    parts = [
        entry.name,
        entry.code,
        entry.summary,
        entry.provider.name,
        entry.provider.short_name,
        entry.subject,
    ]
    parts += [f"{item.name} {item.code} {item.description}" for item in items]
    return "\n".join(part for part in parts if part).lower()


def _require_authority(by: Actor, what: str) -> None:
    if not (by.is_system or is_authority(by)):
        raise NoRight(f"{what}由市数据主管部门办理")


def _next_version(entry: Entry, *, reason: str, at: datetime, by: Actor) -> EntryVersion:
    entry.version += 1
    entry.changed_at = at
    entry.save()
    return EntryVersion.objects.create(
        entry=entry, number=entry.version, at=at, by=by.user, reason=reason[:300], content=content(entry)
    )


def _record(
    entry: Entry, action: str, before: dict[str, Any], *, reason: str, at: datetime, by: Actor
) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="entry",
            object_id=entry.code,
            at=at,
            organisation=entry.provider.name,
            before=before,
            after={**content(entry), "version": entry.version, "reason": reason},
            cites=("REG22-22", "REG22-24"),
        )
    )
