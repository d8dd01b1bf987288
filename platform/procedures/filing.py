"""Beginning a case: the filing step, by somebody whose body stands in a relation that may take it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from django.db import transaction
from documents.numbers import case_number

from procedures.checks import guarded, validated
from procedures.context import Context
from procedures.declare import START, Procedure, Step
from procedures.models import Case, Draft
from procedures.refusals import Guarded, NoRight
from procedures.rights import post_for
from procedures.work import Work


def file(
    procedure: Procedure,
    *,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any],
    subject: Any = None,
    step: str | None = None,
    organisation: Organisation | None = None,
    parent: Case | None = None,
    previous: Case | None = None,
    draft: Draft | None = None,
    signed_by: Actor | None = None,
    key: str | None = None,
    personally: bool = False,
) -> Case:
    """Begin a case by its filing step; returns it with its number. Raises a `Refused`; no number is lost then.

    `organisation` chooses among the bodies for which the person may file; without it the first that may, and else, or
    at once with `personally`, the person for oneself where the step admits that. A filing
    that needs a second person comes through `drafts.sign`, which names the signer. `key` names this sending of the
    form: the same key from the same person files once, and gives the same case again.
    """
    declared = procedure.by_code[step] if step else procedure.filing_steps[0]
    key = f"{by.user.pk}:{key}"[:80] if key and by.user is not None else None
    if key and (filed := Case.objects.filter(filing_key=key).first()):
        return filed
    try:
        with transaction.atomic():
            context = Context(procedure, declared, by, at, subject=subject, source=parent, draft=draft)
            _admit(context, organisation, personally)
            declared = context.step = declared if step else opening(context)
            form = validated(declared, facts, context)
            _require_signer(declared, context, signed_by)
            guarded(declared, context)
            number = case_number(procedure.prefix, at.date())  # locks the series until the end
            if key and (filed := Case.objects.filter(filing_key=key).first()):
                raise _FiledBefore(filed)
            case = Case.objects.create(
                number=number,
                filing_key=key,
                kind=procedure.code,
                state=START.code,
                title=procedure.title(context)[:200],
                filer=context.post.organisation if context.post else None,
                filed_by=by.user,
                parent=parent,
                previous=previous,
                received_at=at,
                version=0,
            )
            context.case = case
            work = Work(case, procedure, at, by)
            work.join(context.parties)
            context.parties = work.organisations
            work.take(declared, form, context)
            if draft is not None:
                draft.attachments.update(case=case, draft=None)
                draft.delete()
            return work.finish()
    except _FiledBefore as before:
        return before.case


class _FiledBefore(Exception):
    """The same sending was filed by another request while this one waited for its number."""

    def __init__(self, case: Case) -> None:
        self.case = case


def prepare(
    procedure: Procedure,
    *,
    by: Actor,
    at: datetime,
    subject: Any = None,
    organisation: Organisation | None = None,
    personally: bool = False,
) -> Context:
    """The context of a filing before its facts are known, for the page that asks for them.

    Raises NoRight or Guarded when it could not be filed whatever the facts.
    """
    step = procedure.filing_steps[0]
    context = Context(procedure, step, by, at, subject=subject)
    _admit(context, organisation, personally)
    context.step = opening(context)
    guarded(context.step, context, beforehand=True)
    return context


def opening(context: Context) -> Step:
    """Of several filing steps the one that fits the body which files (`Procedure.opens`)."""
    procedure = context.procedure
    return procedure.by_code[procedure.opens(context)] if procedure.opens is not None else context.step


def admits_persons(procedure: Procedure) -> bool:
    """Whether somebody without a body may file a case of this kind."""
    return any(who.person for who in procedure.filing_steps[0].who)


def _admit(context: Context, organisation: Organisation | None, personally: bool) -> None:
    """Set the post by which the person files (none, for oneself) and the parties that follow from it. Raises NoRight.

    The body for which the person files must itself stand in a relation that may take the step: the requester is
    whoever files, but a provider or an authority is fixed by the subject.
    """
    procedure, step, by = context.procedure, context.step, context.actor
    if by.is_system:
        if not step.by_system:
            raise NoRight(f"“{step.label}”须由人员提交。")
        context.parties = procedure.parties(context)
        return
    refusal = f"“{step.label}”由{'或'.join(who.label for who in step.who)}办理，您没有这一岗位。"
    bodies = [organisation] if organisation is not None else [p.organisation for p in by.posts]
    for body in [] if personally else dict.fromkeys(bodies):
        roles = {role for who in step.who for role in who.roles}
        context.post = by.post_in([body.pk], roles)
        if context.post is None:
            continue
        context.parties = procedure.parties(context)
        _who, post = post_for(step.who, by, {k: v for k, v in context.parties.items() if v.pk == body.pk})
        if post is None:
            continue
        not_eligible = procedure.may_file(body)
        if not_eligible is None:
            context.post = post
            return
        refusal = not_eligible
    if organisation is None and any(who.person for who in step.who) and by.user is not None:
        if not by.user.identified:
            raise NoRight(f"“{step.label}”须实名：请用城市统一身份认证登录，或者到窗口核验身份后再提交。")
        context.post = None
        context.parties = procedure.parties(context)
        return
    raise NoRight(refusal)


def _require_signer(step: Step, context: Context, signed_by: Actor | None) -> None:
    """A filing of two people names the second, who is not the first and holds the post."""
    if step.consent is None:
        return
    if signed_by is None:
        raise Guarded(f"“{step.label}”须由{step.consent.label}签发：请先保存草稿并送签。", cites=step.cited)
    _who, post = post_for((step.consent,), signed_by, context.parties)
    if post is None:
        raise NoRight(f"“{step.label}”由{step.consent.label}签发，您没有这一岗位。")
    if signed_by.user.pk == context.actor.user.pk:
        raise NoRight("起草人不能签发自己起草的文稿，须由另一人签发。")
    context.signed_by = signed_by.user
