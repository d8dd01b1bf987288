"""Noting an amended article in the browser: who owes an update by when is shown before anything is written."""

from __future__ import annotations

import clock
import pytest
from audit.models import Event
from deadlines.models import Deadline
from web import dates

from catalog.models import CatalogueUpdate
from tests.law import load_law
from tests.shelf import build_entry, term

pytestmark = pytest.mark.django_db

PATH = "/catalog/amendments/"
LAW = "《中华人民共和国个人信息保护法》第三十四条"
SAID = {"title": "中华人民共和国个人信息保护法", "article": "第三十四条", "amended_on": "2026-09-18"}


@pytest.fixture
def shelf(cast):
    load_law()
    narrow = {
        "sharing_type": "conditional", "sharing_basis": LAW, "sharing_basis_kind": "law", "sharing_basis_text": "原文",
        "conditions": [term("限应急职能", LAW)],
    }  # fmt: skip
    build_entry(cast.organisation("provider"), code="A", **narrow)
    build_entry(cast.organisation("requester"), code="B", name="客运", **narrow)
    build_entry(cast.organisation("stranger"), code="C", name="场馆")


@pytest.mark.duty("CAT-14", "CAT-17")
def test_the_preview_names_bodies_entries_and_days_and_writes_nothing(client, cast, shelf):
    client.force_login(cast.user("authority"))
    assert "还没有登记过" in client.get(PATH).content.decode()
    page = client.get(PATH, SAID).content.decode()
    for words in ("重庆市生态环境局", "重庆市交通运输委员会", "2 个单位", "立 2 件", "/catalog/A/"):
        assert words in page, words
    assert "重庆市体育局" not in page
    assert not CatalogueUpdate.objects.exists() and not Event.objects.filter(action="law:amended").exists()


@pytest.mark.duty("CAT-14")
def test_noting_opens_one_matter_a_body_on_the_record_and_again_none(client, cast, shelf):
    client.force_login(cast.user("authority"))
    preview = client.get(PATH, SAID).content.decode()
    assert client.post(PATH, SAID).status_code == 302
    for deadline in Deadline.objects.filter(case__catalogue_update__isnull=False, clock="APPLY"):
        assert dates.day_week(deadline.due_on, clock.today()) in preview
    assert {u.provider.short_name for u in CatalogueUpdate.objects.all()} == {"市生态环境局", "市交通运输委"}
    event = Event.objects.get(action="law:amended")
    assert event.actor.startswith("大数据局经办") and event.object_id == LAW
    assert client.post(PATH, SAID).status_code == 302
    assert CatalogueUpdate.objects.count() == 2
    page = client.get(PATH, SAID).content.decode()
    assert "已经登记，不再立件" in page and "登记，立 " not in page
    assert LAW in client.get(PATH).content.decode()


@pytest.mark.parametrize(
    ("more", "told"),
    [({"title": "法"}, "全称"), ({"article": "34"}, "第三十四条"), ({"amended_on": "2099-01-01"}, "不能晚于今天"),
     ({"title": ""}, "请填写")],
)  # fmt: skip
def test_what_is_wrong_is_said(client, cast, shelf, more, told):
    client.force_login(cast.user("authority"))
    for asked in (client.get(PATH, {**SAID, **more}), client.post(PATH, {**SAID, **more})):
        assert asked.status_code == 422 and told in asked.content.decode()
    assert not CatalogueUpdate.objects.exists()


def test_an_article_on_which_nothing_rests_needs_no_noting(client, cast, shelf):
    client.force_login(cast.user("authority_lead"))
    assert "无须登记" in client.get(PATH, {**SAID, "article": "第五十条"}).content.decode()


@pytest.mark.parametrize("name", ["provider", "auditor", "district", "sysadmin", "citizen"])
def test_others_are_refused(client, cast, shelf, name):
    client.force_login(cast.user(name))
    assert client.get(PATH).status_code == 403 and client.post(PATH, SAID).status_code == 403
    assert not CatalogueUpdate.objects.exists()
