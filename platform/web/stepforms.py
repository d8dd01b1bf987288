"""The form of one step on a case: its facts, what follows, and why it may not be taken yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from procedures.checks import guarded
from procedures.declare import Step
from procedures.facts import Facts, Setting
from procedures.refusals import Guarded, Refused

from web import consequences, said
from web.queries.case import Loaded


@dataclass
class StepForm:
    """A step as the act box shows it. Only the chosen one carries its form; `refusal` stands in place of it."""

    code: str
    label: str
    summary: str
    address: str
    button: str
    grave: bool
    version: int
    cites: tuple[str, ...]
    chosen: bool = False
    form: Facts | None = None
    effects: list[str] = field(default_factory=list)
    refusal: Refused | None = None


def closed(loaded: Loaded, step: Step) -> StepForm:
    """The step as one of the choices, without its form."""
    return StepForm(
        step.code,
        step.label,
        step.explain,
        reverse("web:step", args=[loaded.case.number, step.code]),
        step.verb,
        step.negative,
        loaded.case.version,
        step.cited,
    )


def opened(
    loaded: Loaded,
    step: Step,
    *,
    initial: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    signing: bool = False,
) -> StepForm:
    """The step with its form: empty, with what was typed before (`initial`), or with its errors (`data`)."""
    shown = closed(loaded, step)
    shown.chosen = True
    context = loaded.context(step)
    try:
        guarded(step, context, beforehand=True)
    except Guarded as refusal:
        shown.refusal = refusal
    setting = Setting(loaded.at, loaded.actor, context.post, loaded.case, subject=loaded.record)
    shown.form = step.facts(
        data, setting=setting, initial=initial, auto_id=f"{step.code}_%s", label_suffix=""
    )
    if shown.refusal is None:
        shown.effects = consequences.of(step, context, signing=signing)
    return shown


def typed(loaded: Loaded, step: Step, data: Any) -> dict[str, Any]:
    """The raw facts that a browser posted for the step."""
    setting = Setting(loaded.at, loaded.actor, None, loaded.case, subject=loaded.record)
    return said.posted(step.facts(setting=setting), data)
