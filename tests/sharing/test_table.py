"""Role × step × state for every procedure, generated from the declarations: who may take what, and where.

Each cell goes through the one door. A person without the right is refused as such, a step out of its state as such;
where both fit, neither refusal may come (missing facts or a guard may still speak).
"""

from __future__ import annotations

import pytest
from accounts.actors import Actor
from django.db import transaction
from procedures import registry
from procedures.declare import Procedure, Step
from procedures.models import Case, Party
from procedures.perform import perform
from procedures.refusals import NoRight, Refused, WrongState

from sharing.models import GrantRevocation, SharingObjection
from tests.cast import PEOPLE
from tests.sharing.conftest import MONDAY, World

RELATIONS = {"requester": "requester", "provider": "provider", "authority": "authority"}


@pytest.fixture
def cases(world: World) -> dict[str, Case]:
    """One case of each kind with all its parties and its record."""
    request = world.granted()
    found = {"sharing-request": request}
    for kind, number, filer, record in (
        (
            "sharing-objection",
            "YY-T",
            "requester",
            lambda case: SharingObjection(case=case, entry=world.entry, about=request, matter="type"),
        ),
        (
            "grant-revocation",
            "HC-T",
            "authority",
            lambda case: GrantRevocation(case=case, grant=request.grant, request=request, ground="scope"),
        ),
    ):
        case = Case.objects.create(
            number=number,
            kind=kind,
            state="X",
            title=kind,
            received_at=MONDAY,
            filer=world.cast.organisation(filer),
            filed_by=world.cast.user(filer),
        )
        for relation, body in RELATIONS.items():
            Party.objects.create(
                case=case, relation=relation, organisation=world.cast.organisation(body), since=MONDAY
            )
        record(case).save()
        found[kind] = case
    return found


def outcome(case: Case, step: Step, actor: Actor) -> str:
    """What the door says: "state", "right", or "open"."""
    try:
        with transaction.atomic():
            perform(case, step.code, by=actor, at=MONDAY, facts={})
            raise Refused("undone after the look")
    except WrongState:
        return "state"
    except NoRight:
        return "right"
    except Refused:
        return "open"


def expected(procedure: Procedure, step: Step, state: str, who: str) -> str:
    if all(source.code != state for source in step.sources):
        return "state"
    _name, body, roles = PEOPLE[who]
    may = any(RELATIONS[w.relation.code] == body and set(w.roles) & set(roles) for w in step.who)
    return "open" if may else "right"


@pytest.mark.duty("SHA-05", "SHA-06", "SHA-07", "SHA-14")
@pytest.mark.parametrize("kind", ["sharing-request", "sharing-objection", "grant-revocation"])
def test_every_cell_of_the_table(kind: str, cases: dict[str, Case], world: World):
    procedure, case, wrong = registry.get(kind), cases[kind], []
    actors = {who: world.cast.actor(who, MONDAY) for who in PEOPLE}
    for state in procedure.states:
        Case.objects.filter(pk=case.pk).update(state=state)
        for step in procedure.steps:
            if step.files:
                continue
            for who in PEOPLE:
                want, got = expected(procedure, step, state, who), outcome(case, step, actors[who])
                if want != got:
                    wrong.append(f"{state} {step.code} {who}: {got}, expected {want}")
    assert not wrong


def test_every_registered_procedure_is_in_the_table():
    assert {p.code for p in registry.all_procedures() if p.app == "sharing"} == {
        "sharing-request",
        "sharing-objection",
        "grant-revocation",
    }
