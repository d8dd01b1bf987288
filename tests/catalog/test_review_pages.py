"""The case pages of lists and updates, and the marking of single drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import clock
import pytest
from django.test import Client
from procedures.models import Case

from catalog.models import Draft
from tests.catalog.city import MONDAY, City
from tests.law import load_law


@pytest.fixture
def city(cast) -> City:
    load_law()
    return City(cast)


@pytest.fixture
def listed(city: City) -> Case:
    """A list under review with twenty-one entries."""
    for number in range(21):
        city.draft("provider", f"监测数据 {number:02d}")
    return city.submit(city.list_of(city.open_round(), "provider"), "provider", "provider_lead")


@pytest.fixture
def browser(city: City) -> Iterator[Callable[[str], Client]]:
    def of(name: str) -> Client:
        client = Client()
        client.force_login(city.cast.user(name))
        return client

    with clock.travel(MONDAY):
        yield of


def test_the_case_page_shows_few_and_leads_to_all(listed: Case, browser):
    page = browser("authority").get(f"/cases/{listed.number}/").content.decode()
    assert "21 条" in page and "列出 20 条，共 21 条" in page
    assert page.count("监测数据 ") < 60
    page = browser("provider").get(f"/cases/{listed.number}/").content.decode()
    assert "监测数据 00" in page


def test_the_list_of_drafts_is_filtered(listed: Case, browser):
    address = f"/catalog/reviewed/{listed.number}/"
    page = browser("authority").get(address, {"q": "数据 07"}).content.decode()
    assert "监测数据 07" in page and "监测数据 08" not in page
    page = browser("authority").get(address, {"type": "conditional"}).content.decode()
    assert "没有符合条件的条目" in page
    assert browser("requester").get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.duty("CAT-02", "CAT-09", "CAT-11")
def test_marks_are_taken_up_by_the_deciding_step(city: City, listed: Case, browser):
    draft = Draft.objects.get(name="监测数据 07")
    address = f"/catalog/reviewed/{listed.number}/{draft.pk}/"
    said = {"do": "mark", "finding": "leave-out", "about": "涉密", "item": "", "text": "位置按保密规定办理"}
    assert browser("provider").post(address, said).status_code == 403
    assert browser("authority").post(address, {**said, "about": "摘要"}).status_code == 422
    assert browser("authority").post(address, {**said, "text": ""}).status_code == 422
    assert browser("authority").post(address, said).status_code == 302
    draft.refresh_from_db()
    assert (draft.finding, draft.finding_reason) == ("leave-out", "涉密｜位置按保密规定办理")
    page = browser("authority").get(f"/cases/{listed.number}/?step=adopt").content.decode()
    assert "监测数据 07｜不纳入｜涉密｜位置按保密规定办理" in page
    case = city.adopt(listed)
    assert case.state == "ADOPTED"
    draft.refresh_from_db()
    assert draft.stage == Draft.Stage.DROPPED
    assert Draft.objects.filter(stage=Draft.Stage.ADOPTED).count() == 20


def test_a_mark_is_taken_back(listed: Case, browser):
    draft = Draft.objects.get(name="监测数据 07")
    address = f"/catalog/reviewed/{listed.number}/{draft.pk}/"
    said = {"do": "mark", "finding": "return", "about": "信息项类型", "item": "pm25", "text": "应为数字"}
    browser("authority").post(address, said)
    draft.refresh_from_db()
    assert draft.finding_reason == "信息项类型·pm25｜应为数字"
    browser("authority").post(address, {"do": "clear"})
    draft.refresh_from_db()
    assert draft.finding == "" and draft.finding_reason == ""


def test_the_round_and_the_update_have_their_pages(city: City, listed: Case, browser):
    round_ = listed.catalogue_list.round.case
    page = browser("authority").get(f"/cases/{round_.number}/").content.decode()
    assert "市生态环境局" in page and listed.number in page
    case = city.note("provider")
    page = browser("provider").get(f"/cases/{case.number}/").content.decode()
    assert "还没有编制变更内容" in page or "编制中" in page
    page = browser("provider").get("/file/catalogue-update/cq-sthjj/").content.decode()
    assert "变更日期" in page
    page = browser("authority").get("/file/catalogue-round/public-service/").content.decode()
    assert "公共服务数据目录" in page and "编制规范" in page
    assert browser("authority").get("/file/catalogue-round/other/").status_code == 404


def test_the_page_of_a_list_asks_as_much_for_many_as_for_few(
    city: City, listed: Case, browser, django_assert_max_num_queries
):
    client = browser("authority")
    client.get(f"/cases/{listed.number}/")
    with django_assert_max_num_queries(24):
        client.get(f"/cases/{listed.number}/")
    with django_assert_max_num_queries(12):
        client.get(f"/catalog/reviewed/{listed.number}/")
