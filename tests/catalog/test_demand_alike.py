"""Needs like another, and needs that a new entry may meet, are found by an index and not by reading all of them."""

from __future__ import annotations

import pytest

from catalog import versions
from catalog.demands import likely, queries
from catalog.demands.listeners import published
from catalog.publishing import withdraw
from tests.cast import Cast
from tests.catalog.city import MONDAY
from tests.catalog.needing import Needing, make
from tests.shelf import SYSTEM, build_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(cast: Cast) -> Needing:
    return make(cast)


def test_a_need_keeps_what_it_is_found_by(city: Needing):
    record = city.record(city.need(items="土壤酸碱度、PH"))
    assert {"土壤", "碱度", "ph"} <= set(record.sought)
    everything = frozenset().union(*likely.ways(record.items))
    assert everything <= set(record.sought)


def test_only_needs_that_have_something_in_common_are_read(city: Needing, monkeypatch):
    first = city.record(city.need(items="土壤酸碱度"))
    city.need("stranger", items="企业用电量")
    last = city.record(city.need("stranger", items="土壤酸碱度、采样深度"))
    assert queries.alike("土壤酸碱度") == [last, first]
    read: list[int] = []
    monkeypatch.setattr(likely, "nearness", lambda asked, has: read.append(1) or 1.0)
    queries.alike("土壤酸碱度")
    assert len(read) == 2
    assert queries.alike("，") == queries.alike("马拉松赛事") == []
    # Of very many the newest.
    monkeypatch.setattr(likely, "NEWEST", 1)
    assert queries.alike("土壤酸碱度") == [last]


def test_what_is_published_reads_no_needs_of_other_things(city: Needing, monkeypatch):
    near = city.need(items="土壤酸碱度")
    city.need("stranger", items="企业用电量")
    asked: list[list[int]] = []
    among = likely.among
    monkeypatch.setattr(
        likely, "among", lambda needs, texts: asked.append([one.pk for one in needs]) or among(needs, texts)
    )
    listed(city, "土壤酸碱度监测")
    assert asked == [[near.pk]] and city.record(near).likely.get().entry.name == "土壤酸碱度监测"
    # Of a publication that says everything, all needs are looked at, but no more than the newest.
    monkeypatch.setattr(likely, "MOST_TOKENS", 0)
    listed(city, "马拉松赛事")
    assert len(asked[1]) == 2


def test_a_publication_that_only_withdraws_reads_no_needs(city: Needing, django_assert_num_queries):
    city.need(items="土壤酸碱度")
    entry = build_entry(city.cast.organisation("provider"), code="SOIL", name="土壤酸碱度监测", at=MONDAY)
    made = withdraw(entry, reason="停用", at=MONDAY, by=SYSTEM).publication
    gone = list(versions.changes_of(made))
    assert gone and all(change.withdrawn for change in gone)
    with django_assert_num_queries(0):
        published(made, gone, by=SYSTEM, at=MONDAY)


def listed(city: Needing, name: str) -> None:
    """A body lists an entry by an update of the catalogue."""
    update = city.note("provider")
    city.draft("provider", name)
    city.update(city.apply(update))
