"""The interface of versions and responsibility lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts.actors import SYSTEM

from catalog.models import Entry
from catalog.publishing import Change, publish
from tests.api.conftest import caller, fresh_limits, is_problem, visitor  # noqa: F401 (fixtures)
from tests.cast import Cast
from tests.shelf import AT, build_entry, build_holding, content


@pytest.fixture
def provider(cast: Cast):
    body = cast.organisation("provider")
    build_holding(body)
    build_entry(body, code="NOISE", name="噪声监测")
    entry = Entry.objects.get(code="NOISE")
    said = content(name="噪声监测", summary="逐小时噪声")
    publish([Change(body, said, entry=entry)], reason="改为逐小时", at=AT + timedelta(days=1), by=SYSTEM)
    return body


@pytest.mark.duty("CAT-11")
def test_versions_of_the_catalogue_are_read(provider, visitor):  # noqa: F811
    rows = visitor.get("/catalogue-versions/").json()["results"]
    assert [row["number"] for row in rows] == [3, 2, 1]
    one = visitor.get("/catalogue-versions/3/").json()
    assert (one["changed"], one["reason"], len(one["digest"])) == (1, "改为逐小时", 64)
    entries = visitor.get("/catalogue-versions/2/entries/", {"limit": 1}).json()
    assert entries["results"][0]["code"] == "AIR" and entries["next"]
    rest = visitor.get("/catalogue-versions/2/entries/", {"cursor": entries["next"]}).json()
    assert [(row["code"], row["number"]) for row in rest["results"]] == [("NOISE", 1)]
    is_problem(visitor.get("/catalogue-versions/9/"), 404, "not-found")


def test_a_version_of_an_entry_says_everything_for_good(provider, visitor):  # noqa: F811
    rows = visitor.get("/entries/NOISE/versions/").json()["results"]
    assert [(row["number"], row["publication"]) for row in rows] == [(2, 3), (1, 2)]
    first = visitor.get("/entries/NOISE/versions/1/").json()
    assert first["content"]["summary"] == "各站点每日细颗粒物浓度" and len(first["content"]["items"]) == 5
    is_problem(visitor.get("/entries/NOISE/versions/3/"), 404, "not-found")


@pytest.mark.duty("CAT-13")
def test_a_responsibility_list_is_for_those_it_concerns(provider, visitor, caller):  # noqa: F811
    told = caller("provider").get(f"/responsibility-lists/{provider.code}/").json()
    assert told["publication"] == 3
    assert {duty["code"]: duty["rows"] for duty in told["duties"]} == {"AIR": 4, "NOISE": None}
    assert told["duties"][1]["state"] == "none" and told["duties"][1]["items"][0] == "station"
    old = caller("authority").get(f"/responsibility-lists/{provider.code}/", {"version": 1}).json()
    assert [duty["code"] for duty in old["duties"]] == ["AIR"]
    is_problem(caller("requester").get(f"/responsibility-lists/{provider.code}/"), 404, "not-found")
    is_problem(visitor.get(f"/responsibility-lists/{provider.code}/"), 401, "not-authenticated")
