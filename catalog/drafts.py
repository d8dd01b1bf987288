"""Compiling: what a body writes down before it reports it (GOV19-12.1). Nothing here is published.

A draft is kept however much of it is missing: `Draft.problems` says what still stands in the way. Only what may not be
kept at all is refused: state secrets, and a name that the body already uses.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from clock import SHANGHAI
from datacentre.models import Holding
from django.db import transaction
from procedures.refusals import NoRight, Refused
from statutes.enforcement import enforces

from catalog import rules
from catalog.models import Draft, Entry
from catalog.models.entries import EDITORS
from catalog.norm.content import Content, Problem, read
from catalog.publishing import Change, content_of, is_authority

#: The longest text that is kept although it could not be read.
_TYPED_MOST = 50_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class DraftRefused(Refused):
    """The draft was not kept, with the reason."""

    code = "draft-refused"
    status = 409


class Overtaken(DraftRefused):
    """Somebody else saved the draft since this person read it; `draft` is as it stands now."""

    code = "draft-overtaken"

    def __init__(self, draft: Draft) -> None:
        who = draft.changed_by.name if draft.changed_by else "系统"
        super().__init__(f"“{draft.name}”在您填写期间由{who}改过，没有保存您这一次的内容。请对照以后再保存")
        self.draft = draft


@enforces("CAT-09", "CAT-17", what="目录编制：逐项填写，缺什么随时提示")
def keep(
    provider: Organisation,
    given: Mapping[str, Any],
    *,
    draft: Draft | None = None,
    entry: Entry | None = None,
    holding: Holding | None = None,
    secret: bool = False,
    origin: str = Draft.Origin.FORM,
    source: str = "",
    seen: datetime | None = None,
    at: datetime,
    by: Actor,
) -> Draft:
    """Keep what was written as the body's draft: a new one, `draft` again, or a change of the published `entry`.

    `seen` is when the draft had last changed as the person read it. What cannot be read is kept as it was written
    (`Draft.typed`). Raises `NoRight`, `SecretMatter`, `Overtaken`, and `DraftRefused` for a draft that a case holds or
    a name that is taken.
    """
    require_editor(provider, by)
    content, unread = read(given, on=at.astimezone(SHANGHAI).date())
    rules.refuse_secret(secret, content.name)
    with transaction.atomic():
        if draft is not None:
            draft = Draft.objects.select_for_update().get(pk=draft.pk)
            require_editing(draft)
            if seen is not None and draft.changed_at != seen:
                raise Overtaken(draft)
        elif entry is not None:
            draft = Draft(provider=provider, entry=entry, kind=Draft.Kind.CHANGE, base_version=entry.version)
        else:
            draft = Draft(provider=provider)
        before = {"name": draft.name, "content": draft.content} if draft.pk else {}
        _require_free_name(draft, content.name, unread)
        draft.name = content.name
        draft.content = content.as_json()
        draft.typed = _typed(given, unread)
        draft.holding = holding or draft.holding or (draft.entry.holding if draft.entry else None)
        draft.problems = [as_json(problem) for problem in unread + problems_of(draft, content)]
        draft.origin, draft.source = origin, source[:200]
        draft.changed_at, draft.changed_by = at, by.user
        draft.save()
        _record(draft, "entry-draft:keep", before, at=at, by=by)
    return draft


def written(draft: Draft) -> dict[str, Any]:
    """All that the draft says as it was written, what could not be read included: fit for `keep` again."""
    given = copy.deepcopy(Content.of(draft.content).as_json())
    for place, text in draft.typed.items():
        head, *rest = place.split(".")
        if not rest:
            given[head] = text
        elif int(rest[0]) < len(given[head]):
            given[head][int(rest[0])][rest[1]] = text
    return given


def _typed(given: Mapping[str, Any], unread: list[Problem]) -> dict[str, str]:
    """The texts that could not be read, by place."""
    kept = {}
    for problem in unread:
        place: Any = given
        path = [problem.field] if problem.row is None else [problem.field, problem.row, problem.part]
        if problem.row is None and problem.field in ("items", "conditions"):
            continue  # too many rows: what is beyond the limit is named by the problem
        for key in path:
            place = place[key]
        text = "、".join(map(str, place)) if isinstance(place, list | tuple) else str(place)
        kept[".".join(map(str, path))] = _UNSTORABLE.sub("", text)[:_TYPED_MOST]
    return kept


def begin_change(entry: Entry, *, at: datetime, by: Actor) -> Draft:
    """A change of the published entry, as it stands; the one that was begun, where there is one. Raises NoRight."""
    require_editor(entry.provider, by)
    begun = Draft.objects.open().filter(entry=entry).first()
    return begun or keep(entry.provider, content_of(entry).as_json(), entry=entry, at=at, by=by)


def propose_removal(entry: Entry, *, reason: str, at: datetime, by: Actor) -> Draft:
    """Propose that a published entry be withdrawn; the reason stands in its `source` of change."""
    require_editor(entry.provider, by)
    if not reason.strip():
        raise DraftRefused("撤销条目应当写明原因")
    with transaction.atomic():
        if entry.status != Entry.Status.PUBLISHED:
            raise DraftRefused(f"“{entry.name}”没有发布，不需要撤销")
        if Draft.objects.open().filter(entry=entry).exists():
            raise DraftRefused(f"“{entry.name}”已有一份没有办完的变更，请先处理它")
        draft = Draft.objects.create(
            provider=entry.provider,
            entry=entry,
            kind=Draft.Kind.REMOVE,
            base_version=entry.version,
            name=entry.name,
            content=content_of(entry).as_json(),
            source=reason.strip()[:200],
            changed_at=at,
            changed_by=by.user,
        )
        _record(draft, "entry-draft:keep", {}, at=at, by=by)
    return draft


def discard(draft: Draft, *, at: datetime, by: Actor) -> None:
    """Throw an own draft away; the trail keeps what it said."""
    require_editor(draft.provider, by)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        require_editing(draft)
        _record(
            draft,
            "entry-draft:discard",
            {"name": draft.name, "content": draft.content},
            at=at,
            by=by,
            gone=True,
        )
        draft.delete()


def change_of(draft: Draft) -> Change:
    """What publishing this draft means."""
    if draft.kind == Draft.Kind.REMOVE:
        return Change(draft.provider, None, entry=draft.entry)
    return Change(draft.provider, Content.of(draft.content), entry=draft.entry, holding=draft.holding)


def problems_of(draft: Draft, content: Content) -> list[Problem]:
    """What stands in the way of publishing it now, other entries looked at too."""
    if draft.kind == Draft.Kind.REMOVE:
        return []
    found = rules.problems_of(content, holding=draft.holding, provider_id=draft.provider_id)
    return found + rules.source_problems([(content, draft.entry_id)])[0]


def as_json(problem: Problem) -> dict[str, Any]:
    return {
        "field": problem.field,
        "message": problem.message,
        "cites": list(problem.cites),
        "row": problem.row,
        "part": problem.part,
    }


def may_edit(provider: Organisation, actor: Actor) -> bool:
    """A body's own people with a working post; the city data authority's for every body."""
    own = {post.organisation_id for post in actor.posts if post.role in EDITORS}
    return actor.is_system or provider.pk in own or is_authority(actor)


def require_editor(provider: Organisation, actor: Actor) -> None:
    if not may_edit(provider, actor):
        raise NoRight(f"{provider.name}的目录由该单位和市数据主管部门编制")


def require_editing(draft: Draft) -> None:
    """Refuse to touch what a case holds: it is changed when it comes back."""
    if draft.stage != Draft.Stage.EDITING or draft.case_id is not None:
        raise DraftRefused(f"“{draft.name}”{draft.get_stage_display()}，退回或者撤回以后才能修改")


def _require_free_name(draft: Draft, name: str, unread: list[Problem]) -> None:
    if not name:
        wrong = next((problem.message for problem in unread if problem.field == "name"), "请填写“资源名称”")
        raise DraftRefused(wrong)
    twin = Draft.objects.open().filter(provider=draft.provider, name=name).exclude(pk=draft.pk).first()
    if twin is not None:
        raise DraftRefused(f"本单位已有同名的编制中条目“{name}”，请改那一条，或者换一个名称")
    if draft.entry_id is None:
        held = Entry.objects.published().filter(provider=draft.provider, name=name).first()
        if held is not None:
            raise DraftRefused(f"“{name}”已经发布（{held.code}），请在该条目上申请变更")
    elif draft.pk is None and Draft.objects.open().filter(entry=draft.entry).exists():
        raise DraftRefused(f"“{draft.entry.name}”已有一份没有办完的变更，请先处理它")


def _record(
    draft: Draft, action: str, before: dict[str, Any], *, at: datetime, by: Actor, gone: bool = False
) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="entry-draft",
            object_id=str(draft.pk),
            at=at,
            organisation=draft.provider.name,
            before=before,
            after={} if gone else {"name": draft.name, "kind": draft.kind, "content": draft.content},
            cites=("GOV19-12.1",),
        )
    )
