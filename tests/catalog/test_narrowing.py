"""What follows for grants when an entry shares less than before (CAT-17)."""

from __future__ import annotations

import pytest
from datacentre.models import Grant
from procedures.models import Case

from catalog import drafts, listeners
from catalog.models import Entry, Publication
from sharing.models import GrantRevocation
from tests.catalog.city import LAW, MONDAY, City
from tests.law import load_law
from tests.shelf import AIR_ITEMS, build_grant, build_holding


@pytest.fixture
def city(cast) -> City:
    load_law()
    return City(cast)


@pytest.fixture
def grant(city: City) -> Grant:
    """The requester may read station and name of the provider's holding."""
    holding = build_holding(city.cast.organisation("provider"), at=MONDAY)
    return build_grant(holding, city.cast.organisation("requester"), items=["station", "name"], at=MONDAY)


def change(city: City, **said: object) -> Case:
    entry = Entry.objects.get()
    city.draft("provider", entry.name, entry=entry, **said)
    return city.update(city.apply(city.note("provider")))


def items(*codes: str, **more: object) -> list[dict]:
    return [{"code": s.code, "name": s.name, "type": s.type, **more} for s in AIR_ITEMS if s.code in codes]


BASIS = {"sharing_basis": LAW, "sharing_basis_kind": "law"}


@pytest.mark.duty("CAT-17")
def test_a_narrower_type_puts_every_grant_under_examination(city: City, grant: Grant):
    case = change(city, sharing_type="conditional", conditions=[{"text": "限于执法"}], **BASIS)
    look = GrantRevocation.objects.get(grant=grant)
    assert (look.ground, look.case.state, look.case.parent) == ("changed", "EXAMINING", case)
    assert "第 2 版收窄了“大气监测数据”" in look.facts
    grant.refresh_from_db()
    assert grant.status == Grant.Status.OPEN


@pytest.mark.duty("CAT-17")
def test_an_item_narrowed_names_what_the_grant_loses(city: City, grant: Grant):
    narrowed = [*items("station", "day", "pm25", "hours"), *items("name", sharing_type="not-shared", **BASIS)]
    change(city, items=narrowed)
    assert "涉及已授权的信息项：站点名称" in GrantRevocation.objects.get(grant=grant).facts


def test_what_the_grant_does_not_touch_leaves_it_alone(city: City, grant: Grant):
    kept = [*items("station", "name", "day", "pm25"), *items("hours", sharing_type="not-shared", **BASIS)]
    change(city, items=kept, summary="各站点每日细颗粒物浓度，有效小时另行提供")
    assert not GrantRevocation.objects.exists()


@pytest.mark.duty("CAT-17")
def test_a_withdrawn_entry_is_examined_once(city: City, grant: Grant):
    entry = Entry.objects.get()
    change(city, sharing_type="conditional", conditions=[{"text": "限于执法"}], **BASIS)
    entry.refresh_from_db()
    drafts.propose_removal(entry, reason="职能转出", at=MONDAY, by=city.cast.actor("provider", MONDAY))
    city.update(city.apply(city.note("provider", cause="function")))
    assert GrantRevocation.objects.count() == 1


def test_a_listener_that_fails_undoes_the_publication(city: City, grant: Grant, monkeypatch):
    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError("cannot follow")

    monkeypatch.setitem(listeners._listeners, fails, None)
    with pytest.raises(RuntimeError):
        change(city, sharing_type="conditional", conditions=[{"text": "限于执法"}], **BASIS)
    assert Publication.objects.count() == 1
    assert Entry.objects.get().version == 1
