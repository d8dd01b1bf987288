"""Taking a step: the only way in which a case changes.

`perform` opens one transaction in which it
1. locks the case and checks that the person looked at its present version,
2. finds the step and refuses by type: unknown, wrong state, no right, bad facts, a guard of the law,
3. where the step needs a second person, keeps the draft and stops there,
4. runs the effect, moves the state, starts, meets, extends and ends clocks,
5. records the act and one audit event, makes the papers, puts the messages into the outbox,
6. takes the system's steps that follow by themselves, and derives whose turn it is.
All of it happens, or none. After the commit other cases hear of it and the worker is nudged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from django.db import transaction

from procedures.checks import guarded, validated
from procedures.models import Case
from procedures.refusals import BadFacts, NoRight, Waiting, storable
from procedures.rights import competes, require, require_second
from procedures.work import Work, close


def perform(
    case: Case,
    step: str,
    *,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    version: int | None = None,
    effective_at: datetime | None = None,
    about: Case | None = None,
) -> Case:
    """Take `step` on `case`, or keep its draft for signature; returns the case as it then is.

    `facts` are raw values (a form's data or decoded JSON); `version` is the one the person looked at. `effective_at`
    is the computed moment of a step that the system takes late; `about` the other case that asked for it.
    Raises a `Refused`; nothing is changed then.
    """
    with transaction.atomic():
        work = Work.open(case.pk, at, by)
        declared = work.step(step)
        work.require_version(version)
        work.require_state(declared)
        if (
            work.proposal is not None
            and not declared.by_system
            and not work.proposal.urgent
            and competes(declared)
        ):
            raise Waiting("本件有一份文稿正在送签，签发或者退回之后才能办理其他步骤。")
        post = require(work.procedure, declared, work.case, by, work.organisations)
        context = work.context(declared, by, post, source=about)
        form = validated(declared, facts or {}, context)
        guarded(declared, context)
        if declared.consent is not None:
            return work.propose(declared, form, context)
        work.take(declared, form, context, effective_at=effective_at)
        return work.finish()


def sign(case: Case, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Consent to the draft that waits: it is taken now, by its drafter and its signer. An urgent one is confirmed."""
    with transaction.atomic():
        work = Work.open(case.pk, at, by)
        work.require_version(version)
        proposal = work.require_proposal()
        declared = work.step(proposal.step)
        post = require_second(work.procedure, declared, work.case, by, work.organisations, proposal)
        close(proposal, "confirmed" if proposal.urgent else "signed", at)
        work.proposal = None
        if proposal.urgent:
            work.note(
                f"confirm:{declared.code}",
                f"确认：{declared.label}",
                by,
                post.organisation,
                {"step": declared.code},
            )
            return work.finish()
        work.require_state(declared)
        drafter = Actor.of(proposal.drafted_by, at)
        drafted_post = require(work.procedure, declared, work.case, drafter, work.organisations)
        context = work.context(declared, drafter, drafted_post)
        context.signed_by = by.user
        form = validated(declared, proposal.facts, context)
        guarded(declared, context)
        work.take(declared, form, context)
        return work.finish()


def send_back(case: Case, *, by: Actor, at: datetime, note: str, version: int | None = None) -> Case:
    """The signer sends the draft back with a note, or the drafter takes it back; no step is taken."""
    with transaction.atomic():
        work = Work.open(case.pk, at, by)
        work.require_version(version)
        proposal = work.require_proposal()
        declared = work.step(proposal.step)
        if proposal.urgent:
            raise NoRight("本步骤已经先行办理，只能确认，或者用相应步骤解除。")
        own = by.user is not None and proposal.drafted_by_id == by.user.pk
        if own:
            organisation, how = proposal.drafted_for, "recalled"
        else:
            post = require_second(work.procedure, declared, work.case, by, work.organisations, proposal)
            organisation, how = post.organisation, "sent-back"
        storable("note", note)
        if not own and len(note.strip()) < 2:
            raise BadFacts({"note": ["请写明退回的意见，起草人据此修改"]})
        proposal.note = note
        close(proposal, how, at)
        work.proposal = None
        label = f"取回文稿：{declared.label}" if own else f"退回修改：{declared.label}"
        work.note(f"{how}:{declared.code}", label, by, organisation, {"note": note})
        return work.finish()
