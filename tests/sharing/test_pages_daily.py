"""What a desk uses all day on a case: the one before and after, a reminder, how the same was answered before."""

from __future__ import annotations

from datetime import timedelta

import clock
import pytest
from audit.models import Event
from notices.models import Outgoing
from procedures.actions import reassign
from procedures.models import Act, Case

from tests.sharing.conftest import MONDAY
from tests.sharing.test_pages_worklist import text

REFUSAL = {"reason": "超出履行职责所必需的范围。", "basis": "《重庆市数据条例》第二十五条第三款"}


# the case before and after


@pytest.fixture
def three(world) -> list[Case]:
    """In the order of their limits: the second is filed first."""
    return [world.request(MONDAY - timedelta(days=days)) for days in (5, 4, 0)]


def go(client, case: Case, way: str) -> str:
    return client.get(f"/cases/{case.number}/{way}/")["Location"]


def test_one_goes_through_the_list_in_its_order(three, browser) -> None:
    client = browser("authority")
    first, second, third = (f"/cases/{case.number}/" for case in three)
    assert [go(client, case, "next") for case in three] == [second, third, "/work/"]
    assert [go(client, case, "previous") for case in three] == ["/work/", first, second]
    assert "前面没有轮到您的办件了" in text(client.get("/work/"))


def test_from_a_case_that_is_not_ones_turn_the_first_comes_next(world, three, browser) -> None:
    world.perform(three[1], "refuse", "authority", MONDAY, **REFUSAL)
    client = browser("authority")
    assert go(client, three[1], "next") == f"/cases/{three[0].number}/"
    assert go(client, three[1], "previous") == "/work/"
    assert go(client, three[0], "next") == f"/cases/{three[2].number}/"


def test_nobody_is_led_to_a_case_that_is_not_theirs(three, browser) -> None:
    assert go(browser("requester"), three[0], "next") == "/work/"
    for way in ("next", "previous"):
        assert browser("stranger").get(f"/cases/{three[0].number}/{way}/").status_code == 404


# a reminder


def urge(client, case: Case):
    return client.post(f"/cases/{case.number}/urge/")


@pytest.fixture
def case(world) -> Case:
    return world.request()


def test_a_party_reminds_whoever_has_the_turn(case, browser) -> None:
    before = Outgoing.objects.count()
    client = browser("requester")
    assert "提醒市大数据局办理" in text(client.get(f"/cases/{case.number}/"))
    assert urge(client, case).status_code == 302
    sent = Outgoing.objects.order_by("pk")[before:]
    assert [(m.topic, m.organisation.short_name, m.role) for m in sent] == [
        ("sharing-request:urge", "市大数据局", "officer")
    ]
    assert Event.objects.filter(action="sharing-request:urge", object_id=case.number).count() == 1
    page = text(client.get(f"/cases/{case.number}/"))
    assert "已提醒市大数据局办理" in page and "今天已经催办" in page
    assert "催办" in text(browser("authority").get(f"/cases/{case.number}/"))


def test_a_lead_reminds_the_own_officer_who_has_the_case(world, case, browser) -> None:
    officer = world.cast.user("authority")
    reassign(case, to=officer, by=world.cast.actor("authority_lead", MONDAY), at=MONDAY)
    assert urge(browser("authority_lead"), case).status_code == 302
    assert Outgoing.objects.filter(topic="sharing-request:urge").get().user == officer


def test_once_a_working_day(case, browser) -> None:
    client = browser("requester")
    urge(client, case)
    again = urge(browser("requester_lead"), case)
    assert again.status_code == 409 and "一个工作日只催办一次" in text(again)
    assert Act.objects.filter(case=case, step="urge").count() == 1
    with clock.travel(MONDAY + timedelta(days=1)):
        assert urge(client, case).status_code == 302
    with clock.travel(MONDAY + timedelta(days=5)):  # a holiday: no working day since the day before
        Act.objects.filter(case=case, step="urge").update(at=MONDAY + timedelta(days=3))
        assert urge(client, case).status_code == 409


@pytest.mark.parametrize(
    ("name", "status"), [("authority", 409), ("auditor", 403), ("stranger", 404), ("provider", 404)]
)
def test_nobody_else_reminds(case, browser, name, status) -> None:
    """The one whose turn it is has nobody to remind, an auditor takes part in nothing."""
    client = browser(name)
    assert urge(client, case).status_code == status
    assert not Act.objects.filter(step="urge").exists()
    if status != 404:
        assert f"/cases/{case.number}/urge/" not in text(client.get(f"/cases/{case.number}/"))


def test_a_case_that_ended_is_not_urged(world, case, browser) -> None:
    world.perform(case, "refuse", "authority", MONDAY, **REFUSAL)
    world.sign(case, "authority_lead", MONDAY)
    assert urge(browser("requester"), case).status_code == 409


# how the same was answered before


@pytest.fixture
def answered(world) -> tuple[Case, Case]:
    granted, refused = world.granted(), world.request()
    world.perform(refused, "refuse", "authority", MONDAY, **REFUSAL)
    return granted, world.sign(refused, "authority_lead", MONDAY)


def test_the_answers_for_the_same_data_are_shown_when_asked(answered, case, browser) -> None:
    client, address = browser("authority"), f"/sharing/similar/{case.number}/"
    assert address in text(client.get(f"/cases/{case.number}/"))
    page = text(client.get(address))
    for one in answered:
        assert f"/cases/{one.number}/" in page
    assert "不同意" in page and REFUSAL["reason"] in page and f"/cases/{case.number}/" in page
    part = text(client.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part and f"/cases/{case.number}/" not in part


def test_only_those_that_one_may_see(world, answered, case, browser) -> None:
    """The provider sees the one in which it was made a party, and not the refusal, in which it was not."""
    world.perform(
        case, "consult", "authority", MONDAY, unsettled="增量文件是否属于批量获取",
        question="每日增量文件能否提供，需要哪些限制", reason="目录没有规定增量文件的提供条件",
    )  # fmt: skip
    page = text(browser("provider").get(f"/sharing/similar/{case.number}/"))
    assert answered[0].number in page and answered[1].number not in page


@pytest.mark.parametrize("name", ["stranger", "provider", "citizen", "company"])
def test_not_for_those_who_do_not_see_the_case(answered, case, browser, name) -> None:
    assert browser(name).get(f"/sharing/similar/{case.number}/").status_code == 404
