"""Needs as people meet them: looked for first, raised, listed for all departments, judged on the case page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import clock
import pytest
from accounts.actions import make_token
from accounts.models import Scope
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procedures.models import Case, Draft

from catalog.models import Entry
from tests.cast import Cast
from tests.catalog.city import MONDAY
from tests.catalog.needing import SOIL, WHY, Needing, department, make
from tests.shelf import build_entry, item

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def city(cast: Cast) -> Needing:
    return make(cast)


@pytest.fixture
def browser(city: Needing) -> Iterator[Browser]:
    def of(name: str) -> Client:
        client = Client()
        client.force_login(city.cast.user(name))
        return client

    with clock.travel(MONDAY):
        yield of


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


def soil(city: Needing) -> Entry:
    items = [item("site", "采样点位置"), item("value", "重金属含量")]
    return build_entry(city.cast.organisation("provider"), code="SOIL", name="土壤环境监测", items=items)


@pytest.mark.duty("CAT-12", "CAT-20")
def test_an_empty_search_leads_to_what_is_near_and_from_there_to_a_request(city: Needing, browser: Browser):
    entry = soil(city)
    requester = browser("requester")
    assert "/catalog/needs/new/?q=zzz" in text(requester.get("/catalog/?q=zzz"))
    assert "/catalog/needs/new/" not in text(Client().get("/catalog/?q=zzz"))
    page = text(requester.get("/catalog/needs/new/", {"q": SOIL}))
    assert "土壤环境监测" in page and f"/file/sharing-request/{entry.code}/" in page
    assert "以上都不是，提出需求" in page
    assert "没有名称或者信息项相近的已发布条目" in text(requester.get("/catalog/needs/new/?q=企业用电量"))
    assert "可能匹配" not in text(requester.get("/catalog/needs/new/"))


@pytest.mark.duty("CAT-12")
def test_a_need_is_raised_in_the_browser(city: Needing, browser: Browser):
    requester = browser("requester")
    address = f"/file/demand-matching/{city.cast.organisation('requester').code}/"
    page = text(requester.get(address, {"items": SOIL, "as": "cq-jtysw"}))
    assert SOIL in page and "先查目录" in page and "10 月" in page
    response = requester.post(address, {"items": SOIL, "function": "", "do": "file", "once": "n"})
    assert response.status_code == 422 and "请填写“用于哪项职能”" in text(response)
    response = requester.post(address, {"items": SOIL, "function": WHY, "do": "file", "once": "n"})
    page = text(requester.get(response["Location"]))
    assert "匹配中" in page and WHY in page and "撤回" in page
    assert browser("company").get(address).status_code == 403


@pytest.mark.duty("CAT-12")
def test_a_district_department_files_for_its_authority_to_gather(city: Needing, browser: Browser):
    own = department(city)
    address = f"/file/demand-matching/{own}/"
    client = browser(own)
    assert "区县汇总" in text(client.get(address))
    client.post(address, {"items": SOIL, "function": WHY, "do": "file", "once": "n"})
    assert Case.objects.get(kind="demand-matching").state == "MERGING"


@pytest.mark.duty("CAT-12")
def test_all_departments_see_what_the_city_lacks(city: Needing, browser: Browser):
    first, second = city.need(), city.need("stranger", items="企业用电量")
    city.perform(city.need("district"), "join", "authority", carrier=first.number)
    city.ask(second)
    page = text(browser("provider").get("/catalog/needs/"))
    assert "对接中 2" in page and "已并入 1" in page and "市交通运输委、渝中区数据主管部门" in page
    assert "征询来源方" in page and "市生态环境局" in page and "0 个工作日" in page
    assert f"/cases/{second.number}/" in page and f"/cases/{first.number}/" not in page
    assert "企业用电量" not in text(browser("provider").get("/catalog/needs/?q=土壤"))
    assert "没有符合条件的需求" in text(browser("provider").get("/catalog/needs/?state=MATCHED"))
    assert browser("provider").get("/catalog/needs/?state=x&page=z").status_code == 200
    for who in ("company", "citizen"):
        assert browser(who).get("/catalog/needs/").status_code == 403
        assert browser(who).get("/catalog/needs/new/").status_code == 403
    assert Client().get("/catalog/needs/").status_code == 302


def test_it_takes_as_many_queries_however_many_needs(city: Needing, browser: Browser):
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    client = browser("provider")
    city.ask(city.need())
    before = count("/catalog/needs/")
    for number in range(3):
        city.perform(
            city.need("stranger", items=f"另一项数据 {number}"), "join", "authority",
            carrier=city.need(items=f"某项数据 {number}").number,
        )  # fmt: skip
    assert count("/catalog/needs/") == before
    assert before == 11


@pytest.mark.duty("CAT-12")
def test_the_case_shows_what_may_be_meant_and_who_else_needs_it(city: Needing, browser: Browser):
    soil(city)
    case = city.need(items="土壤重金属监测的采样点位置")
    other = city.need("stranger", items="土壤重金属监测采样点位置")
    page = text(browser("authority").get(f"/cases/{case.number}/"))
    assert "目录中可能匹配的条目" in page and "土壤环境监测" in page
    assert "相近的需求" in page and other.number in page
    assert "对来源有争议" not in page
    city.deny(city.ask(case))
    page = text(browser("authority").get(f"/cases/{case.number}/"))
    assert f"/file/body-dispute/{case.number}/" in page and "否认" in page
    assert "对来源有争议" not in text(browser("requester").get(f"/cases/{case.number}/"))
    assert browser("authority").get(f"/file/body-dispute/{case.number}/").status_code == 200
    assert browser("stranger").get(f"/cases/{case.number}/").status_code == 404


def test_the_case_page_takes_a_known_number_of_queries(city: Needing, browser: Browser):
    soil(city)
    case = city.deny(city.ask(city.need()))
    client = browser("authority")
    client.get(f"/cases/{case.number}/")
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/cases/{case.number}/")
    assert len(seen) == 32


def test_looking_first_takes_a_known_number_of_queries(city: Needing, browser: Browser):
    """For one thing that is needed; each further one, up to four, is looked for in the same way."""
    soil(city)
    client = browser("requester")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/catalog/needs/new/", {"q": "采样点位置"}).status_code == 200
    assert len(seen) == 11


@pytest.mark.duty("CAT-12")
def test_what_is_published_while_a_need_is_open_is_brought_to_its_handler(city: Needing, browser: Browser):
    case = city.need(items="土壤重金属监测采样点位置")
    far = city.need("stranger", items="企业用电量")
    build_entry(city.cast.organisation("stranger"), code="RUN", name="马拉松赛事")
    assert "新发布的条目" not in text(browser("authority").get(f"/cases/{case.number}/"))
    update = city.note("provider")
    city.draft("provider", "土壤重金属监测", items=[item("site", "采样点位置")])
    city.update(city.apply(update))
    page = text(browser("authority").get(f"/cases/{case.number}/"))
    assert "新发布的条目" in page and "为本件编目" not in page
    assert not city.record(far).likely.exists()


@pytest.mark.duty("CAT-12")
def test_a_changed_entry_is_new_by_what_it_has_more(city: Needing):
    """An item that was added may be what is needed; a change of anything else brings nothing to the handler."""
    entry = soil(city)
    case = city.need(items="土壤酸碱度")
    more = [item("site", "采样点位置"), item("value", "重金属含量")]
    for said in ({"summary": "更正说明"}, {"items": [*more, item("ph", "土壤酸碱度")]}):
        assert not city.record(case).likely.exists()
        update = city.note("provider")
        city.draft("provider", entry.name, entry=entry, **{"items": more, **said})
        city.update(city.apply(update))
        entry.refresh_from_db()
    assert [row.entry for row in city.record(case).likely.all()] == [entry]


def test_the_case_says_where_the_sources_update_stands(city: Needing, browser: Browser):
    case = city.accept(city.ask(city.need()))
    page = text(browser("requester").get(f"/cases/{case.number}/"))
    assert f"{city.update_of(case).number}</span>，变更发生" in page
    city.list_it(case)
    assert "为本件编目" in text(browser("authority").get(f"/cases/{case.number}/"))
    assert "，已更新" in text(browser("requester").get(f"/cases/{case.number}/"))


@pytest.mark.duty("SHA-01")
def test_the_askers_officer_finds_the_draft_from_the_case(city: Needing, browser: Browser):
    case, entry = city.need(), soil(city)
    city.match(case, entry.code, note="采样点和含量都有")
    draft = Draft.objects.get(kind="sharing-request")
    page = text(browser("requester").get(f"/cases/{case.number}/"))
    assert f"/drafts/{draft.pk}/" in page and "采样点和含量都有" in page
    page = text(browser("requester").get(f"/drafts/{draft.pk}/"))
    assert WHY in page and "申请共享“土壤环境监测”" in page
    page = text(browser("authority").get(f"/cases/{case.number}/"))
    assert f"/drafts/{draft.pk}/" not in page and "草稿由交通委经办补充" in page
    assert browser("stranger").get(f"/drafts/{draft.pk}/").status_code == 404
    draft.delete()
    assert "草稿已提交或者删除" in text(browser("requester").get(f"/cases/{case.number}/"))


@pytest.mark.duty("CAT-12")
def test_the_interface_lists_needs_and_raises_them(city: Needing):
    def client(who: str) -> dict[str, str]:
        _token, secret = make_token(
            city.cast.user(who), name="程序", scopes=Scope.values, expires_at=MONDAY + timedelta(days=1),
            by=city.cast.actor(who, MONDAY), at=MONDAY,
        )  # fmt: skip
        return {"Authorization": f"Bearer {secret}"}

    with clock.travel(MONDAY):
        said = {"subject": "cq-jtysw", "items": SOIL, "function": WHY}
        api = Client(headers=client("requester"))
        made = api.post("/api/v1/demand-matching/", said, content_type="application/json")
        assert made.status_code == 201, made.content
        listed = Client(headers=client("provider")).get("/api/v1/needs/").json()
        [line] = listed["results"]
        assert (line["number"], line["state"], line["asked_by"]) == (
            made.json()["number"], "MATCHING", ["市交通运输委"],
        )  # fmt: skip
        assert Client(headers=client("company")).get("/api/v1/needs/").status_code == 403
        assert api.get("/api/v1/needs/?state=NOWHERE").status_code == 400
