"""Role × step × state of rounds, lists and updates, from their declarations: who may take what, and where."""

from __future__ import annotations

import pytest
from accounts.actors import Actor
from accounts.models import Organisation
from django.db import transaction
from procedures import registry
from procedures.declare import Procedure, Step
from procedures.models import Case, Party
from procedures.perform import perform
from procedures.refusals import NoRight, Refused, WrongState

from tests.cast import PEOPLE
from tests.catalog.city import MONDAY, City
from tests.law import load_law

KINDS = ("catalogue-round", "catalogue-list", "catalogue-update")
#: The body of the cast in each relation; the district authority gathers the requester's list here.
BODIES = {"body": "requester", "provider": "requester", "merger": "district", "authority": "authority"}


@pytest.fixture
def cases(cast) -> dict[str, Case]:
    load_law()
    city = City(cast)
    round_ = city.open_round(["requester"])
    listed = city.list_of(round_, "requester")
    merger: Organisation = cast.organisation("district")
    Party.objects.create(case=listed, relation="merger", organisation=merger, since=MONDAY)
    update = city.note("requester", who="authority")
    return dict(zip(KINDS, (round_, listed, update), strict=True))


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
    may = any(BODIES[w.relation.code] == body and set(w.roles) & set(roles) for w in step.who)
    return "open" if may else "right"


@pytest.mark.duty("CAT-09", "CAT-11", "CAT-14", "CAT-16")
@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_of_the_table(kind: str, cases: dict[str, Case], cast):
    procedure, case, wrong = registry.get(kind), cases[kind], []
    actors = {who: cast.actor(who, MONDAY) for who in PEOPLE}
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
