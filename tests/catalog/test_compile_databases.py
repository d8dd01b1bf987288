"""Base databases and theme databases: each with its lead, from a day on, for everybody to see."""

from __future__ import annotations

from datetime import date, timedelta

import clock
import pytest
from audit.models import Event
from procedures.refusals import BadFacts, NoRight

from catalog.databases import leading
from catalog.databases.listing import listing
from catalog.models import Database
from tests.shelf import AT, build_entry, build_holding

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 1)


@pytest.fixture
def led(cast):
    return leading.lead(
        "base", code="geography", lead=cast.organisation("provider"), basic_items=["行政区划", "地名", "地名"],
        since=FIRST, at=AT, by=cast.actor("authority", AT),
    )  # fmt: skip


@pytest.mark.duty("CAT-27")
def test_the_six_base_databases_stand_on_the_page_with_or_without_a_lead(client, led, cast):
    page = client.get("/catalog/databases/").content.decode()
    for label in ("自然人", "法人", "信用", "电子证照", "自然资源和空间地理", "物联感知"):
        assert f"{label}基础数据库" in page
    assert cast.organisation("provider").name in page and "行政区划、地名" in page and "尚未登记" in page
    assert "登记牵头部门" not in page


@pytest.mark.duty("CAT-27")
def test_a_new_lead_ends_the_one_before_and_keeps_it_known(led, cast):
    by = cast.actor("authority", AT)
    second = leading.lead(
        "base",
        code="geography",
        lead=cast.organisation("stranger"),
        since=FIRST + timedelta(days=90),
        at=AT,
        by=by,
    )
    led.refresh_from_db()
    assert led.until == second.since and second.until is None
    base, _themes = listing(AT.date(), AT)
    kept = next(one for one in base if one.code == "geography")
    assert kept.database == second and kept.former == [led]
    assert Event.objects.filter(action="database:lead").count() == 2
    with pytest.raises(BadFacts):
        leading.lead("base", code="geography", lead=second.lead, since=FIRST, at=AT, by=by)


@pytest.mark.duty("CAT-28")
def test_a_theme_database_begins_and_ends(led, cast):
    by = cast.actor("authority", AT)
    theme = leading.lead(
        "theme", name="一件事 ", lead=cast.organisation("provider"), since=FIRST, at=AT, by=by
    )
    assert theme.name == "一件事" and [one.name for one in listing(AT.date(), AT)[1]] == ["一件事"]
    leading.end(theme, on=AT.date(), at=AT, by=by)
    assert listing(AT.date(), AT)[1] == []
    for database in (theme, led):
        with pytest.raises(BadFacts):
            leading.end(database, on=AT.date(), at=AT, by=by)


@pytest.mark.duty("CAT-27", "CAT-24")
def test_the_page_says_whether_the_database_is_kept_up_to_date(cast, django_assert_num_queries):
    entry = build_holding(cast.organisation("provider")).entry
    type(entry).objects.filter(pk=entry.pk).update(database="geography", base_database=True)
    build_entry(cast.organisation("provider"), code="B", name="没有数据的", database="geography")
    with django_assert_num_queries(2):
        base, _themes = listing(AT.date(), AT)
    kept = next(one for one in base if one.code == "geography")
    assert (kept.entries, kept.basic, kept.loaded, kept.late) == (2, 1, 1, 0)
    base, _themes = listing(AT.date(), AT + timedelta(days=30))
    assert next(one for one in base if one.code == "geography").late == 1


@pytest.mark.parametrize("name", ["provider", "provider_lead", "auditor", "district"])
def test_others_than_the_city_authority_write_nothing_down(client, cast, led, name):
    with pytest.raises(NoRight):
        leading.lead("base", code="credit", lead=led.lead, since=FIRST, at=AT, by=cast.actor(name, AT))
    client.force_login(cast.user(name))
    assert client.get("/catalog/databases/lead/").status_code == 403
    assert client.post(f"/catalog/databases/{led.pk}/end/").status_code == 403


def test_the_form_takes_a_body_by_any_of_its_names_and_says_what_is_wrong(client, cast, led):
    client.force_login(cast.user("authority"))
    assert "行政区划、地名" in client.get(f"/catalog/databases/lead/?of={led.pk}").content.decode()
    said = {
        "kind": "theme",
        "name": "低空",
        "since": clock.today().isoformat(),
        "basic_items": "航线、起降点",
    }
    refused = client.post("/catalog/databases/lead/", {**said, "lead": "没有的局"})
    assert refused.status_code == 422 and "机构名录中没有" in refused.content.decode()
    for lead in ("市体育局", "cq-tyj", "重庆市体育局"):
        assert client.post("/catalog/databases/lead/", {**said, "lead": lead}).status_code == 302
    assert Database.objects.get(name="低空", until=None).basic_items == ["航线", "起降点"]
    assert (
        client.post("/catalog/databases/lead/", {**said, "name": "", "lead": "市体育局"}).status_code == 422
    )
