"""Role × step × state of a procedure, generated from its declaration: who may take what, and where.

Each cell goes through the one door. A person without the right is refused as such, a step out of its state as such;
where both fit, neither refusal may come (missing facts or a guard may still speak).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.actors import Actor
from accounts.models import Role
from django.db import transaction
from procedures import registry
from procedures.declare import Procedure, Step
from procedures.models import Case
from procedures.perform import perform
from procedures.refusals import NoRight, Refused, WrongState

from tests.cast import PEOPLE, Cast

#: By name: the body where the person holds a post, and the roles of that post.
Posts = Mapping[str, tuple[str, tuple[Role, ...]]]
OF_THE_CAST: Posts = {who: (body, roles) for who, (_name, body, roles) in PEOPLE.items()}


def wrong_cells(
    case: Case, bodies: Mapping[str, str], cast: Cast, at: datetime, *, posts: Posts = OF_THE_CAST
) -> list[str]:
    """The cells in which the door says something else than the declaration.

    `bodies` names, for each relation, the body of the cast that stands in it on this case.
    """
    procedure = registry.get(case.kind)
    actors = {who: cast.actor(who, at) for who in posts}
    barred = {who for who in posts if cast.user(who).pk in procedure.barred(case)}
    wrong = []
    for state in procedure.states:
        Case.objects.filter(pk=case.pk).update(state=state)
        for step in procedure.steps:
            if step.files:
                continue
            for who, (body, roles) in posts.items():
                may_decide = who not in barred
                want = _expected(procedure, step, state, bodies, body, roles, may_decide=may_decide)
                got = _outcome(case, step, actors[who], at)
                if want != got:
                    wrong.append(f"{state} {step.code} {who}: {got}, expected {want}")
    return wrong


def _outcome(case: Case, step: Step, actor: Actor, at: datetime) -> str:
    """What the door says: "state", "right", or "open"."""
    try:
        with transaction.atomic():
            perform(case, step.code, by=actor, at=at, facts={})
            raise Refused("undone after the look")
    except WrongState:
        return "state"
    except NoRight:
        return "right"
    except Refused:
        return "open"


def _expected(
    procedure: Procedure,
    step: Step,
    state: str,
    bodies: Mapping[str, str],
    body: str,
    roles: tuple[Role, ...],
    *,
    may_decide: bool,
) -> str:
    if all(source.code != state for source in step.sources):
        return "state"
    filing = {who.relation.code for first in procedure.filing_steps for who in first.who}
    options = [who for who in step.who if may_decide or who.relation.code in filing]
    may = any(bodies[who.relation.code] == body and set(who.roles) & set(roles) for who in options)
    return "open" if may else "right"
