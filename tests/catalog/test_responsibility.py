"""采集责任清单: the catalogue by body, at a version, against what was loaded."""

from __future__ import annotations

from datetime import timedelta

import clock
import pytest
from accounts.actors import SYSTEM
from accounts.models import Organisation
from datacentre.actions import load_version
from django.test import Client

from catalog import responsibility
from catalog.models import Entry, Publication
from catalog.publishing import Change, publish
from tests.cast import Cast
from tests.shelf import AIR_ROWS, AT, build_entry, build_holding, content


@pytest.fixture
def provider(cast: Cast) -> Organisation:
    """Its air data is daily and was loaded once; its other entry has no data."""
    body = cast.organisation("provider")
    build_holding(body)
    build_entry(body, code="NOISE", name="噪声监测")
    return body


def states(body: Organisation, number: int, at=AT) -> dict[str, str]:
    told = responsibility.list_of(body, Publication.objects.get(number=number), at)
    return {duty.said["code"]: duty.state for duty in told.duties}


@pytest.mark.duty("CAT-13")
def test_each_entry_is_a_duty_that_stands_against_its_cycle(provider: Organisation):
    assert states(provider, 1) == {"AIR": "kept"}
    assert states(provider, 2) == {"AIR": "kept", "NOISE": "none"}
    assert states(provider, 2, AT + timedelta(days=3)) == {"AIR": "late", "NOISE": "none"}
    told = responsibility.list_of(provider, responsibility.latest(), AT)
    assert (told.items, told.done) == (10, 1)
    assert told.counts == [("none", "未汇聚", 1), ("kept", "按期更新", 1)]


@pytest.mark.duty("CAT-13", "CAT-16")
def test_the_list_changes_with_the_catalogue_and_names_missing_items(provider: Organisation):
    entry = Entry.objects.get(code="AIR")
    more = [*content().items, {**content().items[0], "code": "so2", "name": "二氧化硫", "element": ""}]
    holding = entry.holding
    Entry.objects.filter(pk=entry.pk).update(holding=None)
    entry.refresh_from_db()
    publish([Change(provider, content(items=more), entry=entry)], reason="增加监测项目", at=AT, by=SYSTEM)
    Entry.objects.filter(pk=entry.pk).update(holding=holding)
    assert states(provider, 2)["AIR"] == "kept"
    (duty,) = [d for d in responsibility.list_of(provider, responsibility.latest(), AT).duties if d.missing]
    assert (duty.state, duty.missing) == ("missing", ["二氧化硫"])


def test_a_list_is_read_in_three_queries(provider: Organisation, django_assert_num_queries):
    made = responsibility.latest()
    with django_assert_num_queries(2):
        responsibility.list_of(provider, made, AT)


@pytest.fixture
def page(provider: Organisation, cast: Cast):
    def of(who: str, address: str):
        client = Client()
        client.force_login(cast.user(who))
        with clock.travel(AT):
            return client.get(address)

    return of


@pytest.mark.duty("CAT-13")
def test_the_body_its_authority_and_the_auditor_read_it(page, provider: Organisation):
    address = f"/catalog/responsibility/{provider.code}/"
    for who in ("provider", "authority", "auditor"):
        response = page(who, address)
        assert response.status_code == 200 and "噪声监测" in response.content.decode()
    assert page("requester", address).status_code == 404
    assert "未汇聚" in page("provider", f"{address}?state=none").content.decode()
    assert "噪声监测" not in page("provider", f"{address}?version=1").content.decode()
    assert page("provider", f"{address}?version=99").status_code == 404


def test_the_overview_lists_whom_one_may_see(page, provider: Organisation):
    assert provider.name in page("authority", "/catalog/responsibility/").content.decode()
    assert provider.name not in page("requester", "/catalog/responsibility/").content.decode()
    assert page("company", "/catalog/responsibility/").status_code == 403


def test_the_list_is_brought_up_to_date_by_a_load(provider: Organisation):
    late = AT + timedelta(days=3)
    load_version(Entry.objects.get(code="AIR").holding, rows=AIR_ROWS, at=late, by=SYSTEM)
    assert states(provider, 2, late)["AIR"] == "kept"
