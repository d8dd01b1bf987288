"""Many hands at once: numbers have no gaps, a step is taken once, a filing that fails gives its number back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from documents.numbers import case_number, take
from procedures.models import Act, Case
from procedures.perform import perform
from procedures.refusals import Refused

from sharing import subjects
from tests.cast import build_cast
from tests.law import load_law
from tests.sharing.conftest import MONDAY, make_world

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def in_threads(number: int, act):
    """Run the act on so many threads, each with a connection of its own; returns what each said."""

    def one(index: int):
        try:
            return act(index)
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_numbers_have_no_gap_though_every_third_filing_is_undone():
    def draw(index: int) -> str | None:
        try:
            with transaction.atomic():
                number = case_number("GX", date(2026, 9, 21))
                if index % 3 == 0:
                    raise LookupError("undone")
                return number
        except LookupError:
            return None

    drawn = sorted(number for number in in_threads(24, draw) if number)
    assert drawn == [f"GX-2026-{n:04d}" for n in range(1, 17)]
    assert take("GX-2026") == 17


def test_a_step_pressed_ten_times_is_taken_once():
    load_law()
    world = make_world(build_cast())
    case = world.request()
    answers = in_threads(
        10,
        lambda _: perform(
            Case.objects.get(pk=case.pk),
            "withdraw",
            by=world.cast.actor("requester", MONDAY),
            at=MONDAY,
            facts={"reason": "业务调整，不再需要。"},
            version=case.version,
        ),
    )
    assert sum(isinstance(answer, Case) for answer in answers) == 1
    assert {type(answer).__name__ for answer in answers} == {"Case", "Stale"}
    assert Act.objects.filter(case=case, step="withdraw").count() == 1


def test_two_officers_who_decide_at_once_leave_one_draft():
    load_law()
    world = make_world(build_cast())
    case = world.request()
    second = world.second_officer("authority")
    people = ["authority", second]
    answers = in_threads(
        2,
        lambda n: perform(
            Case.objects.get(pk=case.pk),
            "grant",
            by=world.cast.actor(people[n], MONDAY),
            at=MONDAY,
            facts=world.grant_facts(),
        ),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Case", "Waiting"]
    assert case.proposals.count() == 1
    assert subjects.entry("CAR")
