"""Offering, taking, declining, withdrawing (REG22-20.3, REG22-33): each once, each on the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.authority import city_authority
from accounts.models import Organisation, Role, User
from audit import trail
from clock import SHANGHAI
from django.db import transaction
from django.db.models import QuerySet
from notices import outbox
from notices.models import Outgoing
from procedures.queries import WORKING
from procedures.refusals import BadFacts, NoRight, WrongState
from statutes.enforcement import enforces

from catalog.models import Contribution
from catalog.publishing import is_authority

State = Contribution.State
CITES = ("REG22-20", "REG22-33")
FACTS = ("title", "summary", "origin", "conditions", "leaving")
#: Bodies that give public data by duty, through the catalogue; theirs is no contribution.
_FOR_ONESELF = (Organisation.Kind.ENTERPRISE, Organisation.Kind.ASSOCIATION)


def giver_of(by: Actor) -> tuple[str, Organisation | None]:
    """In whose name somebody gives: the enterprise or association they work at, else their own. Raises NoRight."""
    if by.user is None:
        raise NoRight("请登录后提供，以便答复和退出")
    for post in by.posts:
        if post.organisation.kind in _FOR_ONESELF and post.role in WORKING:
            return post.organisation.name, post.organisation
    if any(post.organisation.compiles_a_catalogue for post in by.posts):
        raise NoRight("政务部门、公共服务组织的数据按目录汇聚，不作为社会数据提供")
    return by.user.name, None


@enforces("CAT-21", what="社会数据：自愿提供，记明提供者、使用条件和退出办法，随时可以退出")
def offer(facts: Mapping[str, str], *, at: datetime, by: Actor) -> Contribution:
    """Offer data; the data authority is told. Raises NoRight, BadFacts for what is missing or offered already.

    A body or a person offers one thing at a time, so that the same sent twice is offered once.
    """
    name, body = giver_of(by)
    said = {field: " ".join(facts.get(field, "").split()) for field in FACTS}
    said |= {field: facts.get(field, "").strip() for field in FACTS[1:]}
    if missing := {field: ["请填写"] for field, value in said.items() if not value}:
        raise BadFacts(missing)
    with transaction.atomic():
        if _offered_by(by, body).filter(title=said["title"]).exists():
            raise BadFacts({"title": ["同名的数据已经提出，等待接收"]})
        made = Contribution.objects.create(giver=by.user, name=name, body=body, offered_at=at, **said)
        _record("contribution:offer", made, at=at, by=by)
        text = f"{name}愿意提供“{made.title}”，请看使用条件和退出办法后决定是否接收。"
        authority = city_authority(at.astimezone(SHANGHAI).date())
        outbox.post(
            [
                outbox.to_desk(
                    "contribution:offered", authority, Role.OFFICER, case_id=None, subject="有社会数据待接收",
                    text=text, at=at,
                )
            ]
        )  # fmt: skip
    return made


def _offered_by(by: Actor, body: Organisation | None) -> QuerySet[Contribution]:
    """What the body, else the person, has offered that waits; locked against another offer at the same time."""
    assert by.user is not None
    if body is not None:
        Organisation.objects.select_for_update(no_key=True).get(pk=body.pk)
        return Contribution.objects.filter(body=body, state=State.OFFERED)
    User.objects.select_for_update(no_key=True).get(pk=by.user.pk)
    return Contribution.objects.filter(giver=by.user, body=None, state=State.OFFERED)


def may_answer(contribution: Contribution, by: Actor) -> bool:
    """Whether the actor answers for the data authority and has no part in the offer."""
    own = by.user is not None and by.user.pk == contribution.giver_id
    return is_authority(by) and not own and not contribution.is_held_by(by)


def answer(contribution: Contribution, *, take: bool, reason: str, at: datetime, by: Actor) -> Contribution:
    """Take it on the giver's conditions, or decline with a reason; who holds it is told.

    Raises NoRight also for one's own offer, BadFacts, WrongState.
    """
    if not is_authority(by):
        raise NoRight("社会数据由市数据主管部门接收")
    if not may_answer(contribution, by):
        raise NoRight("本人或者本人所在单位提供的社会数据，由市数据主管部门的其他人员答复")
    reason = reason.strip()
    if not take and not reason:
        raise BadFacts({"reason": ["不接收的，请写明理由"]})
    with transaction.atomic():
        row = _locked(contribution, State.OFFERED, "已经答复或者退出")
        row.state, row.taken = (State.TAKEN, True) if take else (State.DECLINED, False)
        row.answer, row.answered_at = reason, at
        row.save(update_fields=["state", "taken", "answer", "answered_at"])
        _record("contribution:accept" if take else "contribution:decline", row, at=at, by=by)
        said = "已接收，按所写的条件使用" if take else f"未接收，理由：{reason}"
        outbox.post([_told(row, said, at)])
    return row


def _told(row: Contribution, said: str, at: datetime) -> Outgoing:
    """The answer, to the giver; for a body to its desk, for whoever wrote the offer down may have left."""
    topic, subject = "contribution:answered", f"社会数据“{row.title}”的答复"
    if row.body is None:
        text = f"您提供的“{row.title}”{said}。"
        return outbox.to_person(topic, row.giver, case_id=None, subject=subject, text=text, at=at)
    text = f"{row.name}提供的“{row.title}”{said}。"
    return outbox.to_desk(topic, row.body, Role.OFFICER, case_id=None, subject=subject, text=text, at=at)


def withdraw(contribution: Contribution, *, at: datetime, by: Actor) -> Contribution:
    """Take it back: at any time, by who holds it. The register keeps that it was given, and when it was taken back."""
    if not contribution.is_held_by(by):
        raise NoRight("社会数据由提供者本人退出，单位提供的由该单位的人员退出")
    with transaction.atomic():
        row = _locked(contribution, (State.OFFERED, State.TAKEN), "没有被接收，或者已经退出")
        row.state, row.withdrawn_at = State.WITHDRAWN, at
        row.save(update_fields=["state", "withdrawn_at"])
        _record("contribution:withdraw", row, at=at, by=by)
        if row.taken:
            authority = city_authority(at.astimezone(SHANGHAI).date())
            text = f"{row.name}退出所提供的“{row.title}”，请按退出办法处理：{row.leaving}"
            outbox.post(
                [
                    outbox.to_desk(
                        "contribution:withdrawn", authority, Role.OFFICER, case_id=None,
                        subject="社会数据已退出", text=text, at=at,
                    )
                ]
            )  # fmt: skip
    return row


def _locked(contribution: Contribution, states: Any, otherwise: str) -> Contribution:
    row = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("giver", "body")
        .get(pk=contribution.pk)
    )
    if row.state not in ((states,) if isinstance(states, str) else states):
        raise WrongState(f"“{row.title}”{otherwise}，现在是“{row.get_state_display()}”")
    return row


def _record(action: str, row: Contribution, *, at: datetime, by: Actor) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="contribution",
            object_id=str(row.pk),
            at=at,
            organisation=row.body.name if row.body else "",
            after={"name": row.name, "title": row.title, "state": row.state, "answer": row.answer},
            cites=CITES,
        )
    )
