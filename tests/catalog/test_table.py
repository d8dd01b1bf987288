"""Role × step × state of the catalogue's procedures, from their declarations: who may take what, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from accounts.models import Organisation
from procedures import registry
from procedures.filing import file
from procedures.models import Case, Party

from catalog.procedures.project import PROJECT
from tests.cast import Cast
from tests.catalog import correcting, disputing, needing, offices
from tests.catalog.city import MONDAY, City
from tests.cells import OF_THE_CAST, Posts, wrong_cells
from tests.law import load_law

pytestmark = pytest.mark.django_db

#: The body of the cast in each relation; the district authority gathers the requester's list here.
COMPILING = {"body": "requester", "provider": "requester", "merger": "district", "authority": "authority"}
#: By kind, which body stands in which relation.
BODIES: Mapping[str, Mapping[str, str]] = {
    "catalogue-round": COMPILING,
    "catalogue-list": COMPILING,
    "catalogue-update": COMPILING,
    "correction-review": {"applicant": "requester", "provider": "provider", "authority": "authority"},
    "it-project": {
        "applicant": "requester",
        "authority": "authority",
        "planning": "planning",
        "finance": "finance",
    },
    "body-dispute": {
        "first": "requester",
        "second": "provider",
        "third": "stranger",
        "fourth": "district",
        "authority": "authority",
        "government": "government",
    },
    "attribute-suggestion": {
        "provider": "provider",
        "authority": "authority",
        "government": "government",
    },
    "demand-matching": {
        "asker": "requester",
        "follower": "stranger",
        "merger": "district",
        "authority": "authority",
        "source": "provider",
        "former": "stranger",
    },
}

#: By kind, who takes part besides the cast.
MORE: Mapping[str, Posts] = {
    "it-project": offices.PEOPLE,
    **dict.fromkeys(disputing.KINDS, disputing.PEOPLE),
}


@dataclass
class Stage:
    """A case of each kind, made on demand, with all its parties and its record."""

    cast: Cast

    def case(self, kind: str) -> Case:
        load_law()
        if kind == "correction-review":
            return correcting.make(self.cast).file("requester")
        if kind == "it-project":
            return self._project()
        if kind in disputing.KINDS:
            return self._disputed(kind)
        if kind == "demand-matching":
            return self._need()
        city = City(self.cast)
        if kind == "catalogue-update":
            return city.note("requester", who="authority")
        round_ = city.open_round(["requester"])
        if kind == "catalogue-round":
            return round_
        listed = city.list_of(round_, "requester")
        self._join(listed, "merger", self.cast.organisation("district"))
        return listed

    def _project(self) -> Case:
        offices.offices(self.cast)
        by = self.cast.actor("requester", MONDAY)
        facts = {"name": "道路运输监管平台", "kind": "build"}
        case = file(PROJECT, by=by, at=MONDAY, facts=facts, subject=by.posts[0].organisation)
        for relation in ("planning", "finance"):
            self._join(case, relation, self.cast.organisation(relation))
        return case

    def _need(self) -> Case:
        case = needing.Needing(self.cast).need()
        for relation, body in BODIES["demand-matching"].items():
            self._join(case, relation, self.cast.organisation(body))
        return case

    def _disputed(self, kind: str) -> Case:
        world = disputing.make(self.cast)
        case = world.suggest() if kind == "attribute-suggestion" else world.raise_(third="cq-tyj")
        for relation, body in BODIES[kind].items():
            self._join(case, relation, self.cast.organisation(body))
        return case

    def _join(self, case: Case, relation: str, body: Organisation) -> None:
        """As a later step of the way would bring the body in."""
        Party.objects.get_or_create(
            case=case, relation=relation, organisation=body, defaults={"since": MONDAY}
        )


@pytest.mark.duty("CAT-09", "CAT-11", "CAT-12", "CAT-14", "CAT-16", "CAT-33", "CAT-37", "OPN-08", "OPN-09")
@pytest.mark.parametrize("kind", BODIES)
def test_every_cell_of_the_table(kind: str, cast: Cast):
    case = Stage(cast).case(kind)
    assert not wrong_cells(case, BODIES[kind], cast, MONDAY, posts={**OF_THE_CAST, **MORE.get(kind, {})})


def test_every_registered_procedure_is_in_the_table():
    assert {p.code for p in registry.all_procedures() if p.app == "catalog"} == set(BODIES)
