"""Filings not yet made. A draft has no number and no clock; it belongs to who writes it, and to who has to sign it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.actors import SYSTEM, Actor
from accounts.models import Organisation
from audit.trail import Entry, record
from deadlines.queries import term_in_force
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q, QuerySet
from notices import outbox

from procedures import registry
from procedures.declare import Procedure, Step
from procedures.facts import Setting
from procedures.filing import file
from procedures.models import Case, Draft
from procedures.refusals import BadFacts, NoRight, WrongState, storable
from procedures.rights import post_for


def save(
    procedure: Procedure,
    *,
    by: Actor,
    organisation: Organisation | None,
    subject: str,
    facts: Mapping[str, Any],
    at: datetime,
    previous: Case | None = None,
    draft: Draft | None = None,
) -> Draft:
    """Keep what has been filled in so far, however incomplete. A draft that waits for signature cannot be changed."""
    if draft is not None:
        _own(draft, by)
        if draft.sent_at is not None:
            raise WrongState("草稿正在送签，取回之后才能修改。")
    draft = draft or Draft(kind=procedure.code, owner=by.user, previous=previous)
    draft.organisation, draft.subject, draft.facts, draft.updated_at = organisation, subject, dict(facts), at
    draft.save()
    return draft


def send(draft: Draft, *, by: Actor, at: datetime) -> Draft:
    """Send a complete draft for signature. Raises BadFacts when it is not complete."""
    _own(draft, by)
    procedure, step = _declared(draft)
    _signer(step)
    _check(draft, procedure, step, by, at)
    with transaction.atomic():
        draft.sent_at, draft.note = at, ""
        draft.save(update_fields=["sent_at", "note"])
        title = f"{procedure.label}草稿"
        outbox.post(
            [
                outbox.to_desk(
                    f"{procedure.code}:propose",
                    draft.organisation,
                    step.consent.roles[0],
                    case_id=None,
                    subject=f"待签发：{title}",
                    text=f"由{by.name}起草送签。",
                    at=at,
                )
            ]
        )
        _evidence("send", draft, procedure, by, at)
    return draft


def discard(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Throw one's own draft away, with its files. One that waits for signature is taken back first."""
    _own(draft, by)
    if draft.sent_at is not None:
        raise WrongState("草稿正在送签，取回之后才能删除。")
    with transaction.atomic():
        _evidence("discard", draft, registry.get(draft.kind), by, at)
        draft.delete()


def sign(draft: Draft, *, by: Actor, at: datetime) -> Case:
    """Sign what another person drafted: the case begins now."""
    procedure, step = _declared(draft)
    if draft.sent_at is None:
        raise WrongState("草稿没有送签。")
    _signer(step)
    drafter = Actor.of(draft.owner, at)
    return file(
        procedure,
        by=drafter,
        at=at,
        facts=draft.facts,
        subject=subject_of(draft, drafter),
        organisation=draft.organisation,
        previous=draft.previous,
        draft=draft,
        signed_by=by,
    )


def send_back(draft: Draft, *, by: Actor, at: datetime, note: str = "") -> Draft:
    """The signer sends it back with a note, or the drafter takes it back."""
    procedure, step = _declared(draft)
    if draft.sent_at is None:
        raise WrongState("草稿没有送签。")
    storable("note", note)
    if draft.owner_id != by.user.pk:
        if may_sign(draft, by) is False:
            raise NoRight(f"“{step.label}”由{step.consent.label}签发，您没有这一岗位。")
        if len(note.strip()) < 2:
            raise BadFacts({"note": ["请写明退回的意见，起草人据此修改"]})
    with transaction.atomic():
        draft.sent_at, draft.note = None, note
        draft.save(update_fields=["sent_at", "note"])
        if draft.owner_id != by.user.pk:
            outbox.post(
                [
                    outbox.to_person(
                        f"{procedure.code}:sent-back",
                        draft.owner,
                        case_id=None,
                        subject=f"退回修改：{procedure.label}草稿",
                        text=note,
                        at=at,
                    )
                ]
            )
        _evidence("send-back", draft, procedure, by, at)
    return draft


def may_sign(draft: Draft, actor: Actor) -> bool:
    _procedure, step = _declared(draft)
    if step.consent is None or draft.owner_id == actor.user.pk or draft.organisation is None:
        return False
    who, _post = post_for((step.consent,), actor, {step.consent.relation.code: draft.organisation})
    return who is not None


def visible_to(actor: Actor) -> QuerySet[Draft]:
    """One's own drafts, and those sent for signature at a body where one could sign."""
    if actor.user is None:
        return Draft.objects.none()
    signing = [post.organisation_id for post in actor.posts if post.role in ("lead", "principal")]
    return Draft.objects.filter(
        Q(owner=actor.user) | Q(organisation__in=signing, sent_at__isnull=False)
    ).select_related("organisation", "owner", "previous")


def waiting_for(actor: Actor, found: Iterable[Draft]) -> list[Draft]:
    """Those of the drafts that wait for the person's signature, in the order in which they were sent."""
    sent = [draft for draft in found if draft.sent_at is not None and may_sign(draft, actor)]
    return sorted(sent, key=lambda draft: (draft.sent_at, draft.pk))


def subject_of(draft: Draft, by: Actor) -> Any:
    """What the draft is about, for its drafter. Raises BadFacts when the drafter may not see it any more."""
    procedure = registry.get(draft.kind)
    try:
        return procedure.subject(draft.subject, by) if procedure.subject and draft.subject else None
    except (ObjectDoesNotExist, ValueError):
        raise BadFacts({"subject": [f"没有编号为“{draft.subject}”的对象，或者起草人已经看不到它"]}) from None


def clear_idle(at: datetime) -> int:
    """Delete drafts that nobody touched for so long (a product default), telling their owners. Returns how many."""
    days = term_in_force("draft.idle", at.date()).amount
    idle = list(
        Draft.objects.filter(updated_at__lt=at - timedelta(days=days), sent_at__isnull=True).select_related(
            "owner"
        )
    )
    for draft in idle:
        procedure = registry.get(draft.kind)
        with transaction.atomic():
            outbox.post(
                [
                    outbox.to_person(
                        "draft:cleared",
                        draft.owner,
                        case_id=None,
                        at=at,
                        subject=f"{procedure.label}草稿已清理",
                        text=f"草稿 {days} 天没有修改，已按平台规定清理。",
                    )
                ]
            )
            _evidence("clear", draft, procedure, SYSTEM, at)
            draft.delete()
    return len(idle)


def _declared(draft: Draft) -> tuple[Procedure, Step]:
    procedure = registry.get(draft.kind)
    return procedure, procedure.filing_steps[0]


def _own(draft: Draft, by: Actor) -> None:
    if by.user is None or draft.owner_id != by.user.pk:
        raise NoRight("这是别人的草稿，不能修改。")


def _signer(step: Step) -> None:
    if step.consent is None:
        raise WrongState(f"“{step.label}”不需要签发，可以直接提交。")


def _check(draft: Draft, procedure: Procedure, step: Step, by: Actor, at: datetime) -> None:
    post = next((post for post in by.posts if post.organisation_id == draft.organisation_id), None)
    form = step.facts(draft.facts, setting=Setting(at=at, actor=by, post=post, subject=subject_of(draft, by)))
    if not form.is_valid():
        raise BadFacts(form.errors_by_field())


def _evidence(what: str, draft: Draft, procedure: Procedure, by: Actor, at: datetime) -> None:
    record(
        Entry(
            action=f"draft:{what}",
            actor=by,
            organisation=draft.organisation.name if draft.organisation_id else "",
            object_kind="draft",
            object_id=str(draft.pk),
            at=at,
            after={"kind": procedure.code, "subject": draft.subject, "note": draft.note},
        )
    )
