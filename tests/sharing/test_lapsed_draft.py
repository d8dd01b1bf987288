"""A draft left unsigned holds nobody up once the case has moved on without it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deadlines.models import Deadline
from deadlines.sweep import sweep
from notices.models import Outgoing
from procedures.models import Proposal, Turn
from procedures.refusals import WrongState
from procedures.tasks import take_step

from tests.drill.facts import LAW, WORDS
from tests.sharing.conftest import MONDAY, World


@pytest.mark.duty("SHA-07", "SHA-19")
def test_an_opinion_never_signed_lapses_with_its_limit_and_the_authority_goes_on(world: World):
    case = world.request()
    world.perform(case, "consult", "authority", MONDAY, unsettled=WORDS, question=WORDS, reason=WORDS)
    world.perform(case, "opine", "provider", MONDAY, opinion="can", reason=WORDS)
    due = Deadline.objects.get(case=case, clock="OPINION").due_at
    later = due + timedelta(hours=10)
    assert sweep(later, take_step=take_step).failed == []
    case.refresh_from_db()
    assert case.state == "ANSWERING"
    assert Proposal.objects.get(case=case).closed_how == "lapsed"
    told = Outgoing.objects.get(topic="sharing-request:lapsed")
    assert told.user == world.cast.user("provider")
    assert set(Turn.objects.filter(case=case).values_list("organisation__short_name", "role")) == {
        ("市大数据局", "officer")
    }
    with pytest.raises(WrongState):
        world.sign(case, "provider_lead", later)
    world.perform(case, "refuse", "authority", later, reason=WORDS, basis=LAW)
    assert world.sign(case, "authority_lead", later).state == "REFUSED"
