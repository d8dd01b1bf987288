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

import deadlines.actions as clocks
from accounts.actors import SYSTEM as THE_SYSTEM
from accounts.actors import Actor
from accounts.models import Organisation
from audit.trail import Entry, record
from deadlines.models import Deadline
from django.db import transaction
from documents.numbers import case_number

from procedures import announce, hearings, registry, turns
from procedures.context import Context
from procedures.declare import START, Procedure, State, Step
from procedures.facts import Facts, Setting
from procedures.models import Act, Case, Draft, Party, Proposal
from procedures.refusals import BadFacts, Guarded, NoRight, Stale, UnknownStep, Waiting, WrongState
from procedures.rights import competes, post_for, require, require_second


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
        work = _Work.open(case.pk, at, by)
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
        form = _validated(declared, facts or {}, context)
        _guard(declared, context)
        if declared.consent is not None:
            return work.propose(declared, form, context)
        work.take(declared, form, context, effective_at=effective_at)
        return work.finish()


def sign(case: Case, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Consent to the draft that waits: the step is taken now, by its drafter and its signer. For an urgent step, confirm it."""
    with transaction.atomic():
        work = _Work.open(case.pk, at, by)
        work.require_version(version)
        proposal = work.require_proposal()
        declared = work.step(proposal.step)
        post = require_second(work.procedure, declared, work.case, by, work.organisations, proposal)
        _close(proposal, "confirmed" if proposal.urgent else "signed", at)
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
        form = _validated(declared, proposal.facts, context)
        _guard(declared, context)
        work.take(declared, form, context)
        return work.finish()


def send_back(case: Case, *, by: Actor, at: datetime, note: str, version: int | None = None) -> Case:
    """The signer sends the draft back with a note, or the drafter takes it back; no step is taken."""
    with transaction.atomic():
        work = _Work.open(case.pk, at, by)
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
        if not own and len(note.strip()) < 2:
            raise BadFacts({"note": ["请写明退回的意见，起草人据此修改"]})
        proposal.note = note
        _close(proposal, how, at)
        work.proposal = None
        label = f"取回文稿：{declared.label}" if own else f"退回修改：{declared.label}"
        work.note(f"{how}:{declared.code}", label, by, organisation, {"note": note})
        return work.finish()


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
) -> Case:
    """Begin a case by its filing step; returns it with its number. Raises a `Refused`; no number is lost then.

    `organisation` chooses among the bodies for which the person may file; without it the first that may. A filing
    that needs a second person comes through `drafts.sign`, which names the signer.
    """
    declared = procedure.by_code[step] if step else procedure.filing_steps[0]
    with transaction.atomic():
        context = Context(procedure, declared, by, at, subject=subject, source=parent, draft=draft)
        _admit(context, organisation)
        form = _validated(declared, facts, context)
        _require_signer(declared, context, signed_by)
        _guard(declared, context)
        case = Case.objects.create(
            number=case_number(procedure.prefix, at.date()),
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
        work = _Work(case, procedure, at, by)
        work.join(context.parties)
        context.parties = work.organisations
        work.take(declared, form, context)
        if draft is not None:
            draft.attachments.update(case=case, draft=None)
            draft.delete()
        return work.finish()


class _Work:
    """One transaction's work on one locked case."""

    def __init__(self, case: Case, procedure: Procedure, at: datetime, by: Actor) -> None:
        self.case, self.procedure, self.at, self.by = case, procedure, at, by
        self.parties: list[Party] = []
        self.deadlines: list[Deadline] = []
        self.proposal: Proposal | None = None
        self.record: Any = None
        self.heard = False

    @classmethod
    def open(cls, pk: int, at: datetime, by: Actor) -> _Work:
        case = Case.objects.select_for_update().get(pk=pk)
        work = cls(case, registry.get(case.kind), at, by)
        work.parties = list(Party.objects.filter(case=case).select_related("organisation").order_by("id"))
        work.deadlines = list(
            Deadline.objects.filter(case=case, outcome=Deadline.Outcome.OPEN).select_related("term")
        )
        work.proposal = Proposal.objects.filter(case=case, closed_at__isnull=True).first()
        return work

    @property
    def organisations(self) -> dict[str, Organisation]:
        return {party.relation: party.organisation for party in self.parties}

    def step(self, code: str) -> Step:
        declared = self.procedure.by_code.get(code)
        if declared is None or declared.files:
            known = "、".join(s.code for s in self.procedure.steps if not s.files)
            raise UnknownStep(f"{self.procedure.label}没有“{code}”这一步骤；有：{known}。")
        return declared

    def require_version(self, version: int | None) -> None:
        if version is not None and version != self.case.version:
            raise Stale("办件在您打开页面之后有了新的进展，请看过最新情况再办理；您填写的内容没有丢失。")

    def require_state(self, step: Step) -> None:
        if all(source.code != self.case.state for source in step.sources):
            now = self.procedure.states[self.case.state].label
            wanted = "、".join(source.label for source in step.sources)
            raise WrongState(f"“{step.label}”只能在“{wanted}”时办理，本件现在是“{now}”。", cites=step.cited)

    def require_proposal(self) -> Proposal:
        if self.proposal is None:
            raise WrongState("本件没有等待签发的文稿。")
        return self.proposal

    def context(self, step: Step, by: Actor, post: Any, *, source: Case | None = None) -> Context:
        return Context(
            self.procedure,
            step,
            by,
            self.at,
            post=post,
            case=self.case,
            parties=self.organisations,
            source=source,
            _record=self.record,
        )

    def propose(self, step: Step, form: Facts, context: Context) -> Case:
        self.proposal = Proposal.objects.create(
            case=self.case,
            step=step.code,
            facts=form.as_json(),
            drafted_by=context.actor.user,
            drafted_for=context.post.organisation,
            drafted_at=self.at,
        )
        self.note(
            f"propose:{step.code}",
            f"送签：{step.label}",
            context.actor,
            context.post.organisation,
            form.as_json(),
        )
        announce.draft(self.case, step, context, self.organisations)
        return self.finish()

    def take(
        self, step: Step, form: Facts, context: Context, *, effective_at: datetime | None = None
    ) -> None:
        case = self.case
        before = {"state": case.state, "version": case.version}
        source = START if case.state == START.code else self.procedure.states[case.state]
        target = step.target(source)
        context.facts = form.cleaned_data
        act = Act.objects.create(
            case=case,
            step=step.code,
            label=step.label,
            at=self.at,
            effective_at=effective_at,
            from_state=case.state,
            to_state=target.code,
            user=context.actor.user,
            organisation=context.post.organisation if context.post else None,
            role=context.post.role if context.post else "",
            signed_by=context.signed_by,
            facts=form.as_json(),
            cites=list(step.cited),
            about=context.source if not step.files else None,
        )
        context.act = act
        case.state = target.code
        step.effect(context)
        self.record = context.record if context._record is not None else None
        if step.joins is not None:
            self.join(step.joins(context))
            context.parties = self.organisations
        self._clocks(step, context)
        if target.outcome:
            case.closed_at = effective_at or self.at
        self._evidence(step.code, step.cited, context, before, act)
        announce.taken(step, context, self.organisations)
        if step.confirm is not None:
            self.proposal = Proposal.objects.create(
                case=case,
                step=step.code,
                facts=act.facts,
                drafted_by=context.actor.user,
                drafted_for=context.post.organisation,
                drafted_at=self.at,
                urgent=True,
            )
        self._follow(target)

    def _follow(self, state: State) -> None:
        """Take the system's step that follows on arrival, if one does."""
        for step in self.procedure.steps_from(state):
            if step.auto is None:
                continue
            context = self.context(step, THE_SYSTEM, None)
            if step.auto(context):
                self.record = context.record if context._record is not None else self.record
                form = _validated(step, {}, context)
                _guard(step, context)
                self.take(step, form, context)
                return

    def _clocks(self, step: Step, context: Context) -> None:
        running = {
            deadline.clock: deadline
            for deadline in self.deadlines
            if deadline.outcome == Deadline.Outcome.OPEN
        }
        for clock in step.meets:
            if (deadline := running.pop(clock.code, None)) is not None:
                clocks.meet(deadline, at=self.at)
        for clock in step.ends:
            if (deadline := running.pop(clock.code, None)) is not None:
                clocks.end(deadline, at=self.at)
        if step.extends is not None:
            reason = str(context.facts.get("reason", ""))
            try:
                clocks.extend(
                    running[step.extends.code], term=step.extends.extension, reason=reason, at=self.at
                )
            except clocks.CannotExtend as fault:
                raise Guarded(str(fault), cites=step.cited) from fault
        for clock in step.starts:
            last_day = step.last_day(context, clock) if step.last_day and clock.term is None else None
            self.deadlines.append(
                clocks.start(
                    clock,
                    case=self.case,
                    owed_by=self.organisations.get(clock.owed_by),
                    at=self.at,
                    rules_on=self.case.received_at.date(),
                    last_day=last_day,
                )
            )

    def join(self, organisations: Mapping[str, Organisation]) -> None:
        """Make bodies parties of the case; one that already is stays as it was."""
        known = {(party.relation, party.organisation_id) for party in self.parties}
        fresh = [
            Party(case=self.case, relation=relation, organisation=organisation, since=self.at)
            for relation, organisation in organisations.items()
            if (relation, organisation.pk) not in known
        ]
        self.parties += Party.objects.bulk_create(fresh)

    def note(
        self, code: str, label: str, by: Actor, organisation: Organisation, facts: Mapping[str, Any]
    ) -> None:
        """An act that moves nothing: sending for signature, sending back, confirming."""
        state = self.case.state
        act = Act.objects.create(
            case=self.case,
            step=code,
            label=label,
            at=self.at,
            from_state=state,
            to_state=state,
            user=by.user,
            organisation=organisation,
            facts=dict(facts),
        )
        step = self.procedure.by_code[code.split(":", 1)[1]]
        context = Context(
            self.procedure, step, by, self.at, case=self.case, parties=self.organisations, act=act
        )
        self._evidence(code, step.cited, context, {"state": state, "version": self.case.version}, act)

    def _evidence(self, code: str, cites: tuple[str, ...], context: Context, before: dict, act: Act) -> None:
        organisation = act.organisation.name if act.organisation_id else ""
        after = {"state": self.case.state, "facts": act.facts}
        if act.signed_by_id:
            after["signed_by"] = {"name": act.signed_by.name, "account": act.signed_by.get_username()}
        if act.effective_at:
            after["effective_at"] = act.effective_at.isoformat()
        if context.source is not None:
            after["about"] = context.source.number
        record(
            Entry(
                action=f"{self.procedure.code}:{code}",
                actor=context.actor,
                organisation=organisation,
                object_kind="case",
                object_id=self.case.number,
                at=self.at,
                before=before,
                after=after,
                cites=cites,
            )
        )

    def finish(self) -> Case:
        case = self.case
        case.version += 1
        turns.write(
            case, turns.derive(self.procedure, case, self.parties, self.deadlines, self.proposal, self.at)
        )
        case.save(update_fields=["state", "closed_at", "due_at", "provisional", "version"])
        case_id = case.pk
        transaction.on_commit(lambda: hearings.nudge(case_id), robust=True)
        return case


def _validated(step: Step, facts: Mapping[str, Any], context: Context) -> Facts:
    setting = Setting(
        at=context.at,
        actor=context.actor,
        post=context.post,
        case=context.case,
        subject=context.subject if context.subject is not None else context.record,
    )
    form = step.facts(facts, setting=setting)
    errors = form.unknown_keys(facts) if isinstance(facts, dict) else {}
    if not form.is_valid():
        errors = {**form.errors_by_field(), **errors}
    if errors:
        raise BadFacts(errors)
    context.facts = form.cleaned_data
    return form


def _guard(step: Step, context: Context) -> None:
    for guard in step.guards:
        refusal = guard.check(context)
        if refusal:
            raise Guarded(refusal, cites=(guard.cites,))
    if (
        step.once
        and context.case is not None
        and Act.objects.filter(case=context.case, step=step.code).exists()
    ):
        raise Guarded(f"“{step.label}”每件只能办理一次，本件已经办过。", cites=step.cited)


def _admit(context: Context, organisation: Organisation | None) -> None:
    """Set the post by which the person files and the parties that follow from it. Raises NoRight.

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
    for body in dict.fromkeys([organisation] if organisation is not None else [p.organisation for p in by.posts]):
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


def _close(proposal: Proposal, how: str, at: datetime) -> None:
    proposal.closed_at = at
    proposal.closed_how = how
    proposal.save(update_fields=["closed_at", "closed_how", "note"])
