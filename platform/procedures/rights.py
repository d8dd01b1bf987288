"""Who may take a step: one answer for the button, the API and `perform` (architecture, rules 4 and 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accounts.actors import Actor
from accounts.models import Organisation, Post

from procedures.declare import Procedure, Step, Who
from procedures.models import Case, Proposal
from procedures.refusals import NoRight


def post_for(
    options: Iterable[Who], actor: Actor, parties: Mapping[str, Organisation]
) -> tuple[Who, Post] | tuple[None, None]:
    """The first of `options` that the actor is, with the post that makes it so."""
    for who in options:
        organisation = parties.get(who.relation.code)
        if organisation is not None and (post := actor.post_in([organisation.pk], who.roles)):
            return who, post
    return None, None


def require(
    procedure: Procedure, step: Step, case: Case, actor: Actor, parties: Mapping[str, Organisation]
) -> Post | None:
    """The post that gives the right to take the step; None for the system and for a person who filed for oneself.

    Raises NoRight with the reason: not one of those who may, a decision on one's own filing, or on what one has
    decided before (`Procedure.barred`).
    """
    if step.by_system:
        if actor.is_system:
            return None
        raise NoRight(f"“{step.label}”由系统办理，不由人员操作。")
    return _post(procedure, step, step.who, case, actor, parties)


def require_second(
    procedure: Procedure,
    step: Step,
    case: Case,
    actor: Actor,
    parties: Mapping[str, Organisation],
    proposal: Proposal,
) -> Post:
    """The post that gives the right to sign (or to confirm) what another person drafted."""
    second = step.consent or step.confirm
    if second is None:
        raise NoRight(f"“{step.label}”不需要第二人。")
    if actor.user is not None and proposal.drafted_by_id == actor.user.pk:
        raise NoRight("起草人不能签发自己起草的文稿，须由另一人签发。")
    post = _post(procedure, step, (second,), case, actor, parties)
    if post is None:
        raise NoRight(f"“{step.label}”由{second.label}签发，您没有这一岗位。")
    return post


def _post(
    procedure: Procedure,
    step: Step,
    options: tuple[Who, ...],
    case: Case,
    actor: Actor,
    parties: Mapping[str, Organisation],
) -> Post | None:
    if actor.is_system:
        raise NoRight(f"“{step.label}”须由人员办理。")
    who, post = post_for(options, actor, parties)
    if who is None:
        who = in_person(options, case, actor)
    if who is None:
        raise NoRight(
            f"“{step.label}”由{'或'.join(option.label for option in options)}办理，您没有这一岗位。"
        )
    if who.relation.code not in filing_relations(procedure):
        if case.filed_by_id == actor.user.pk:
            raise NoRight("本件由您提交，须由您以外的人办理。")
        if actor.user.pk in barred(procedure, case):
            raise NoRight("您办理过本件所涉的决定，须回避，请转给其他人员。")
    return post


def barred(procedure: Procedure, case: Case) -> list[int]:
    """The people who may not decide the case (回避), by their keys; asked once for a case as it was read."""
    if "barred" not in case.__dict__:
        case.__dict__["barred"] = procedure.barred(case)
    return case.__dict__["barred"]


def filed_in_person(case: Case, actor: Actor) -> bool:
    """Whether the actor filed the case for oneself and not for a body."""
    return case.filer_id is None and actor.user is not None and case.filed_by_id == actor.user.pk


def in_person(options: Iterable[Who], case: Case, actor: Actor) -> Who | None:
    """The first of `options` that the actor is without a post: the one who filed the case for oneself."""
    if not filed_in_person(case, actor):
        return None
    return next((who for who in options if who.person), None)


def filing_relations(procedure: Procedure) -> frozenset[str]:
    """The relations that file cases of this kind."""
    return frozenset(who.relation.code for step in procedure.filing_steps for who in step.who)


def competes(step: Step) -> bool:
    """Whether a step would cut across a draft that waits: it moves the case, or needs a second person itself."""
    return step.to is not None or step.consent is not None
