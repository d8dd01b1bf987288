"""One transaction's work on one locked case: what `perform`, `sign` and `file` have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import deadlines.actions as clocks
from accounts.actors import SYSTEM as THE_SYSTEM
from accounts.actors import Actor
from accounts.models import Organisation
from audit.statements import Ready, insert, update
from audit.trail import Entry, record
from deadlines.models import Deadline
from deadlines.queries import Rules

from procedures import announce, registry, turns
from procedures.checks import guarded, validated
from procedures.context import Context
from procedures.declare import START, Beginning, Procedure, State, Step
from procedures.facts import Facts
from procedures.models import Act, Case, Party, Proposal
from procedures.refusals import Guarded, Stale, UnknownStep, WrongState

#: What every act reads: the case, which it locks, the bodies in it, and the clocks that run on it.
_CASE = Ready(lambda case: Case.objects.select_for_update().filter(pk=case))
_PARTIES = Ready(lambda case: Party.objects.filter(case=case).select_related("organisation").order_by("id"))
_RUNNING = Ready(
    lambda case: (
        Deadline.objects.filter(case=case, outcome=Deadline.Outcome.OPEN)
        .select_related("term")
        .defer("working")
    )
)


class Work:
    """One transaction's work on one locked case."""

    def __init__(self, case: Case, procedure: Procedure, at: datetime, by: Actor) -> None:
        self.case, self.procedure, self.at, self.by = case, procedure, at, by
        self.parties: list[Party] = []
        self.deadlines: list[Deadline] = []
        self.proposal: Proposal | None = None
        self.record: Any = None

    @classmethod
    def open(cls, pk: int, at: datetime, by: Actor) -> Work:
        case = _CASE.one(pk)
        work = cls(case, registry.get(case.kind), at, by)
        work.parties = _PARTIES(pk)
        work.deadlines = _RUNNING(pk)
        if case.signing:
            work.proposal = Proposal.objects.get(case=case, closed_at__isnull=True)
        return work

    @property
    def organisations(self) -> dict[str, Organisation]:
        return {party.relation: party.organisation for party in self.parties}

    @property
    def bodies(self) -> dict[str, list[Organisation]]:
        """All that stand in each relation, in the order in which they joined."""
        found: dict[str, list[Organisation]] = {}
        for party in self.parties:
            found.setdefault(party.relation, []).append(party.organisation)
        return found

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
        act = Act(
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
        insert(act)
        context.act = act
        case.state = target.code
        self._lapse(target)
        step.effect(context)
        self.record = context.record if context._record is not None else None
        if step.joins is not None:
            self.join(step.joins(context))
            context.parties = self.organisations
        if step.hands_over is not None:
            self.hand_over(step.hands_over(context))
            context.parties = self.organisations
        self._clocks(step, context)
        if target.outcome:
            case.closed_at = effective_at or self.at
        self._evidence(step.code, step.cited, context, before, act)
        announce.taken(step, context, self.bodies)
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

    def _lapse(self, state: State) -> None:
        """A draft whose step can no longer be taken holds nobody up: it is closed, and its drafter told."""
        proposal = self.proposal
        if proposal is None or proposal.urgent:
            return
        drafted = self.procedure.by_code[proposal.step]
        if all(source.code != state.code for source in drafted.sources):
            close(proposal, "lapsed", self.at)
            self.proposal = None
            announce.lapsed(self.case, drafted, state, proposal, self.at)

    def _follow(self, state: State) -> None:
        """Take the system's step that follows on arrival, if one does."""
        for step in self.procedure.steps_from(state):
            if step.auto is None:
                continue
            context = self.context(step, THE_SYSTEM, None)
            if step.auto(context):
                self.record = context.record if context._record is not None else self.record
                form = validated(step, {}, context)
                guarded(step, context)
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
        codes = {clock.term for clock in step.starts if clock.term}
        codes |= {step.extends.extension} if step.extends and step.extends.extension else set()
        rules = Rules(codes, self.case.received_on) if codes else None
        if step.extends is not None:
            reason = str(context.facts.get("reason", ""))
            try:
                clocks.extend(
                    running[step.extends.code],
                    term=step.extends.extension,
                    reason=reason,
                    at=self.at,
                    rules=rules,
                    amount=step.extends_by(context) if step.extends_by is not None else None,
                )
            except clocks.CannotExtend as fault:
                raise Guarded(str(fault), cites=step.cited) from fault
        for clock in step.starts:
            last_day = step.last_day(context, clock) if step.last_day and clock.term is None else None
            begins = step.begins(context, clock) if step.begins else Beginning(last_day=last_day)
            if begins is None:
                continue
            self.deadlines.append(
                clocks.start(
                    clock,
                    case=self.case,
                    owed_by=self.organisations.get(clock.owed_by),
                    at=begins.since or self.at,
                    now=self.at,
                    rules_on=self.case.received_on,
                    last_day=begins.last_day,
                    rules=rules if clock.term else None,
                    binding=begins.binding,
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
        insert(*fresh)
        self.parties += fresh

    def hand_over(self, organisations: Mapping[str, Organisation]) -> None:
        """Put bodies in the place of those that stand in the relations: with the part go its running limits."""
        for relation, body in organisations.items():
            party = next(party for party in self.parties if party.relation == relation)
            before = party.organisation_id
            party.organisation, party.handler, party.since = body, None, self.at
            party.save(update_fields=["organisation", "handler", "since"])
            declared = self.procedure.clocks
            for deadline in self.deadlines:
                clock = declared.get(deadline.clock)
                if clock is not None and clock.owed_by == relation and deadline.owed_by_id == before:
                    clocks.hand_over(deadline, clock, to=body)

    def note(
        self, code: str, label: str, by: Actor, organisation: Organisation, facts: Mapping[str, Any]
    ) -> None:
        """An act that moves nothing: sending for signature, sending back, confirming."""
        state = self.case.state
        act = Act(
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
        insert(act)
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
        case.signing = self.proposal is not None
        turns.write(
            case, turns.derive(self.procedure, case, self.parties, self.deadlines, self.proposal, self.at)
        )
        update(case, ("state", "closed_at", "due_at", "provisional", "signing", "version"))
        if case.closed_at is not None:
            turns.end(case)
        return case


def close(proposal: Proposal, how: str, at: datetime) -> None:
    proposal.closed_at = at
    proposal.closed_how = how
    proposal.save(update_fields=["closed_at", "closed_how", "note"])
