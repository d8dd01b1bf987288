"""Role × step × state of sharing's procedures, from their declarations: who may take what, and where."""

from __future__ import annotations

import pytest
from procedures import registry
from procedures.models import Case, Party

from sharing.models import GrantRevocation, SharingObjection
from tests.cells import wrong_cells
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


@pytest.mark.duty("SHA-05", "SHA-06", "SHA-07", "SHA-14")
@pytest.mark.parametrize("kind", ["sharing-request", "sharing-objection", "grant-revocation"])
def test_every_cell_of_the_table(kind: str, cases: dict[str, Case], world: World):
    assert not wrong_cells(cases[kind], RELATIONS, world.cast, MONDAY)


def test_every_registered_procedure_is_in_the_table():
    assert {p.code for p in registry.all_procedures() if p.app == "sharing"} == {
        "sharing-request",
        "sharing-objection",
        "grant-revocation",
    }
