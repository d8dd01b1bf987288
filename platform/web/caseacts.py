"""办理: the steps the reader may take, and the draft that waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.models import Role

from web import stepforms
from web.casehead import spent
from web.queries.case import Loaded
from web.said import Said, in_full
from web.stepforms import StepForm


@dataclass
class Signing:
    """A draft that waits for a second person, for the people of the body that drafted it."""

    label: str
    drafted_by: str
    drafted_at: Any
    said: Said
    may_sign: bool
    may_recall: bool
    urgent: bool
    signer: str
    effects: list[str] = field(default_factory=list)
    cites: tuple[str, ...] = ()
    error: str = ""
    note: str = ""


def steps_for(loaded: Loaded, chosen: str, opened: StepForm | None) -> list[StepForm]:
    """Each as one choice; the chosen one with its form, or the one that came back with what was typed."""
    if loaded.case.closed_at is not None:
        return []
    takeable = [p.step for p in loaded.steps if not p.signing and not spent(p.step, loaded)]
    # What ends the matter for somebody is not laid open before it is asked for.
    if (
        opened is None
        and not chosen
        and loaded.proposal is None
        and len(takeable) == 1
        and not takeable[0].negative
    ):
        chosen = takeable[0].code
    shown = []
    for step in takeable:
        if opened is not None and opened.code == step.code:
            shown.append(opened)
        elif opened is None and step.code == chosen:
            shown.append(stepforms.opened(loaded, step))
        else:
            shown.append(stepforms.closed(loaded, step))
    return shown


def signing_for(loaded: Loaded) -> Signing | None:
    """The draft, for the people of the body that drafted it; None when nothing waits that the reader may know of."""
    proposal = loaded.draft
    if proposal is None:
        return None
    step = loaded.procedure.by_code[proposal.step]
    may_sign = any(possible.signing for possible in loaded.steps)
    shown = stepforms.opened(loaded, step, signing=True)
    second = step.consent or step.confirm
    user = loaded.actor.user
    return Signing(
        label=step.label,
        drafted_by=loaded.person(proposal.drafted_by_id),
        drafted_at=proposal.drafted_at,
        said=in_full(shown.form, proposal.facts),
        may_sign=may_sign,
        may_recall=not proposal.urgent and user is not None and proposal.drafted_by_id == user.pk,
        urgent=proposal.urgent,
        signer=str(Role(second.roles[0]).label),
        effects=[] if proposal.urgent else shown.effects,
        cites=step.cited,
    )
