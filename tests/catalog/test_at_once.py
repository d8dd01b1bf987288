"""Two hands at once: what may run one at a time begins once, though both passed the look before their numbers."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier

import pytest
from procedures import checks, filing
from procedures import drafts as papers
from procedures.models import Case
from procedures.refusals import Guarded

from catalog.models import AttributeSuggestion, Dispute
from tests.cast import build_cast
from tests.catalog.disputing import MONDAY, Disputing, make
from tests.kernel.test_procedures_concurrency import in_threads
from tests.law import load_law

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Disputing:
    """Both filings pass their guards before either takes its number."""
    load_law()
    found = make(build_cast())
    together = Barrier(2, timeout=20)

    def guarded(*args: object) -> None:
        checks.guarded(*args)
        together.wait()

    monkeypatch.setattr(filing, "guarded", guarded)
    return found


def once(filings: list[Callable[[], Case]]) -> Guarded:
    """The refusal of the second; the first is filed."""
    answers = in_threads(2, lambda index: filings[index]())
    (refused,) = [answer for answer in answers if isinstance(answer, Guarded)]
    (case,) = [answer for answer in answers if isinstance(answer, Case)]
    assert case.number in refused.message
    return refused


@pytest.mark.duty("OPN-08")
def test_two_parties_who_raise_the_same_dispute_at_once_raise_one(world: Disputing) -> None:
    once([lambda: world.raise_("requester"), lambda: world.raise_("stranger")])
    assert Dispute.objects.count() == 1


@pytest.mark.duty("OPN-09")
def test_two_drafts_of_one_suggestion_signed_at_once_are_one(world: Disputing) -> None:
    drafts = [world.suggest(signed=False) for _ in range(2)]
    lead = world.cast.actor("authority_lead", MONDAY)
    once([lambda draft=draft: papers.sign(draft, by=lead, at=MONDAY) for draft in drafts])
    assert AttributeSuggestion.objects.count() == 1
