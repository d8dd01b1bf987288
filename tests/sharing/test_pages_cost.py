"""What the pages that everybody opens all day cost: so many queries, the same among ten cases and among three hundred.

Among a million they cost the same, because each query is a range of an index: `bench/pages.py` measures that.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from datacentre.models import Grant
from deadlines.models import Deadline
from django.db import connection
from django.test.utils import CaptureQueriesContext
from documents.models import Paper
from procedures.models import Act, Case, Done, Party, Turn
from web import promise

from sharing.models import SharingRequest
from tests.sharing.conftest import MONDAY

FEW, MANY = 10, 300
#: Page: who opens it, and how many queries it asks.
PAGES = {
    "/work/": {"authority": 12, "requester": 10, "authority_lead": 10, "company": 7, "citizen": 6},
    "/work/?tab=waiting": {"requester": 13, "authority": 10},
    "/work/?tab=body": {"authority": 12, "authority_lead": 13},
    "/work/?tab=done": {"authority": 12},
    "/work/?tab=drafts": {"requester": 10},
    "/work/?q=排放检验": {"authority": 13},
    "/work/?q=没有这样的": {"authority": 10},
    "/work/?party=交通": {"authority": 13},
    "/work/?due=today": {"authority": 10},
    "/cases/{running}/": {"authority": 15, "requester": 16, "authority_lead": 15, "auditor": 16},
    "/cases/{used}/": {"requester": 16, "authority": 16, "provider": 15},
    "/cases/{running}/next/": {"authority": 9},
    "/sharing/similar/{running}/": {"authority": 8},
    "/datacentre/grants/": {"requester": 5},
    "/datacentre/grants/{used}/": {"requester": 13, "provider": 13},
    "/datacentre/holdings/": {"provider": 5},
    "/": {"requester": 15, "": 11},
}


@pytest.fixture
def pair(world) -> dict[str, Case]:
    """A request that waits for its answer, one in use, and one that ended."""
    ended = world.request(MONDAY - timedelta(days=5))
    world.perform(
        ended,
        "refuse",
        "authority",
        MONDAY,
        reason="超出履行职责所必需的范围。",
        basis="《重庆市数据条例》第二十五条",
    )
    return {
        "used": world.granted(MONDAY - timedelta(days=4)),
        "ended": world.sign(ended, "authority_lead", MONDAY),
        "running": world.request(),
    }


def crowd(pair: dict[str, Case], size: int) -> None:
    """So many copies of each in all, with what hangs on them, beside the one that is there."""
    for case in pair.values():
        copies = Case.objects.bulk_create(
            _copy(case, number=f"{case.number}-{size}-{n}", filing_key=None) for n in range(size)
        )
        for model in (Party, Turn, Act, Deadline, Done, Grant):
            rows = list(model.objects.filter(case=case))
            model.objects.bulk_create(_copy(row, case=one) for one in copies for row in rows)
        papers = list(Paper.objects.filter(case=case))
        Paper.objects.bulk_create(
            _copy(row, case=one, act=None, number=f"{row.number}-{one.pk}", code=f"{row.pk}-{one.pk}")
            for one in copies
            for row in papers
        )
        record = SharingRequest.objects.get(case=case)
        SharingRequest.objects.bulk_create(_copy(record, case=one) for one in copies)


def _copy(row, **own):
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    made = type(row)(**values)
    for name, value in own.items():
        setattr(made, name, value)
    return made


def asked(browser, pair: dict[str, Case]) -> dict[tuple[str, str], int]:
    numbers = {kind: case.number for kind, case in pair.items()}
    counted = {}
    for page, people in PAGES.items():
        for name in people:
            client, address = browser(name) if name else browser("citizen"), page.format(**numbers)
            if not name:
                client.logout()
            client.get(address)  # what is kept for as long as the process runs
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            assert response.status_code in (200, 302), (address, name)
            counted[page, name] = len(queries)
    return counted


def test_the_pages_cost_the_same_among_ten_cases_and_among_three_hundred(world, pair, browser) -> None:
    promise.keep(MONDAY)
    crowd(pair, FEW)
    few = asked(browser, pair)
    crowd(pair, MANY)
    many = asked(browser, pair)
    grown = {key: (few[key], many[key]) for key in few if few[key] != many[key]}
    assert grown == {}
    said = {(page, name): number for page, people in PAGES.items() for name, number in people.items()}
    assert many == said
