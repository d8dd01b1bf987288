"""What a declaration must satisfy before it may exist. Each fault is one sentence; all are reported together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deadlines.models import Deadline
from statutes.law import UnknownArticle, cite, duty

if TYPE_CHECKING:
    from procedures.declare import Procedure, Step


class BadDeclaration(Exception):
    """A procedure that cannot be lawful or cannot end."""


def check(procedure: Procedure) -> None:
    """Raise BadDeclaration with every fault of the procedure."""
    faults = [*_steps(procedure), *_states(procedure), *_clocks(procedure)]
    if faults:
        raise BadDeclaration(f"{procedure.code}: " + "; ".join(faults))


def _steps(procedure: Procedure) -> Iterator[str]:
    seen: set[str] = set()
    relations = {relation.code for relation in procedure.relations}
    if not procedure.filing_steps:
        yield "no step begins a case"
    for step in procedure.steps:
        if step.code in seen:
            yield f"two steps are named {step.code}"
        seen.add(step.code)
        if not step.cited:
            yield f"step {step.code} rests on no article"
        yield from _citations(step)
        for who in (
            *step.who,
            *((step.consent,) if step.consent else ()),
            *((step.confirm,) if step.confirm else ()),
        ):
            if who.relation.code not in relations:
                yield f"step {step.code} names the relation {who.relation.code}, which the procedure does not have"
        if step.consent and step.confirm:
            yield f"step {step.code} cannot both wait for consent and be urgent"
        if step.by_system and (step.consent or step.confirm):
            yield f"step {step.code} is the system's and cannot need a second person"
        if step.auto and not step.by_system:
            yield f"step {step.code} is a person's and cannot be taken on arrival"
        if step.files and len(step.sources) > 1:
            yield f"step {step.code} begins a case and also continues one"
        if step.files and step.to is None:
            yield f"step {step.code} begins a case nowhere"
        for paper in step.papers:
            for relation in (paper.issuer, paper.to, *paper.copies):
                if relation not in relations:
                    yield f"the paper {paper.code} of step {step.code} goes to or from unknown {relation}"


def _citations(step: Step) -> Iterator[str]:
    for text in (*step.cited, *(g.cites for g in step.guards)):
        try:
            cite(text)
        except UnknownArticle as fault:
            yield f"step {step.code}: {fault}"
    for number in step.duties:
        try:
            duty(number)
        except KeyError:
            yield f"step {step.code} names the duty {number}, which does not exist"


def _states(procedure: Procedure) -> Iterator[str]:
    reached = {step.to.code for step in procedure.filing_steps if step.to}
    while True:
        more = {
            step.to.code
            for step in procedure.steps
            if step.to and any(source.code in reached for source in step.sources)
        } - reached
        if not more:
            break
        reached |= more
    running = possible_clocks(procedure)
    for state in procedure.states.values():
        leaving = [step for step in procedure.steps_from(state) if step.to and step.to.code != state.code]
        if state.code not in reached:
            yield f"nothing leads to the state {state.code}"
        if state.outcome:
            if leaving:
                yield f"the outcome {state.code} is left by {leaving[0].code}"
            continue
        if not leaving:
            yield f"the state {state.code} is a dead end and no outcome"
        steps = {step.code for step in procedure.steps_from(state)}
        acted = state.turn is not None
        timed = any(clock.step in steps for clock in running[state.code] if clock.step)
        owed = any(_can_act(procedure, state.code, clock.owed_by) for clock in running[state.code])
        if not (acted or timed or owed or state.waits_on):
            yield f"in the state {state.code} nobody has to act and no clock runs"


def _can_act(procedure: Procedure, state: str, relation: str) -> bool:
    return any(who.relation.code == relation for step in procedure.steps_from(state) for who in step.who)


def _clocks(procedure: Procedure) -> Iterator[str]:
    running = possible_clocks(procedure)
    for step in procedure.steps:
        for source in step.sources:
            here = running.get(source.code, frozenset())
            codes = {clock.code for clock in here}
            for clock in (*step.meets, *((step.extends,) if step.extends else ())):
                if clock.code not in codes:
                    yield f"step {step.code} meets or extends {clock.code}, which cannot run in {source.code}"
            if step.to and step.to.outcome:
                stopped = {clock.code for clock in (*step.meets, *step.ends)}
                left = sorted(codes - stopped)
                if left:
                    yield f"step {step.code} ends the case and leaves {', '.join(left)} running"
        if step.extends and not step.extends.extension:
            yield f"step {step.code} extends {step.extends.code}, which has no extension"
    for state, clocks in running.items():
        steps = {step.code for step in procedure.steps_from(state)}
        for clock in clocks:
            if clock.step and clock.on_pass == Deadline.OnPass.STEP and clock.step not in steps:
                yield f"{clock.code} may pass in {state}, where {clock.step} cannot be taken"


def possible_clocks(procedure: Procedure) -> dict[str, frozenset]:
    """For each state, the clocks that may be running in it, over all ways to reach it."""
    running: dict[str, frozenset] = {code: frozenset() for code in procedure.states}
    changed = True
    while changed:
        changed = False
        for step in procedure.steps:
            stopped = {clock.code for clock in (*step.meets, *step.ends)}
            for source in step.sources:
                before = running.get(source.code, frozenset())
                after = frozenset(clock for clock in before if clock.code not in stopped) | set(step.starts)
                target = step.target(source).code
                if target in running and not after <= running[target]:
                    running[target] = running[target] | after
                    changed = True
    return running
