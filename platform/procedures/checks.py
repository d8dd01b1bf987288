"""Whether a step may be taken with these facts: the form's own rules, then the law's preconditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procedures.context import Context
from procedures.declare import Step
from procedures.facts import Facts, Setting
from procedures.refusals import BadFacts, Guarded


def validated(step: Step, facts: Mapping[str, Any], context: Context) -> Facts:
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


def guarded(step: Step, context: Context, *, beforehand: bool = False) -> None:
    """Raise Guarded when the law's preconditions are not met; `beforehand` asks only those that need no facts."""
    for guard in step.guards:
        if beforehand and guard.needs_facts:
            continue
        refusal = guard.check(context)
        if refusal:
            raise Guarded(refusal, cites=(guard.cites,))
