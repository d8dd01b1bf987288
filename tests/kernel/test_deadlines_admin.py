"""An administrator sees what a change will do before it is done; nobody else changes anything."""

from __future__ import annotations

import re

import pytest
from audit.models import Event
from deadlines.models import CalendarNotice, Deadline, Term
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.kernel.clockwork import load_calendar, running, term

pytestmark = pytest.mark.django_db

NOTICE = {
    "number": "渝府办测试〔2026〕2号",
    "title": "关于临时调整工作日的通知（测试）",
    "days": "2026-12-29 休 临时停工",
    "reason": "极端天气",
}


@pytest.fixture(autouse=True)
def law(db: None) -> None:
    load_calendar()
    term("T07", 5)


def sign_in(account: str) -> Client:
    client = Client()
    client.post("/login/", {"username": account, "password": PASSWORD})
    return client


@pytest.fixture
def sysadmin(cast: Cast) -> Client:
    return sign_in("sysadmin")


def confirmed(text: str) -> str:
    return re.search(r'name="confirmed" value="([^"]+)"', text).group(1)


def test_a_notice_is_shown_then_saved(sysadmin: Client, cast: Cast):
    deadline = running("2026-12-25 09:00")
    page = sysadmin.post("/admin/deadlines/calendarnotice/add/", NOTICE).content.decode()
    assert "1 件在办期限变动" in page and deadline.case.number in page
    assert not CalendarNotice.objects.filter(number=NOTICE["number"]).exists()
    answer = sysadmin.post("/admin/deadlines/calendarnotice/add/", {**NOTICE, "confirmed": confirmed(page)})
    assert answer.status_code == 302
    before = deadline.due_on
    deadline.refresh_from_db()
    assert deadline.due_on > before
    event = Event.objects.get(action="calendar:load", object_id=NOTICE["number"])
    assert event.actor == cast.user("sysadmin").name and "极端天气" in event.body


def test_what_has_moved_since_is_shown_again(sysadmin: Client):
    running("2026-12-25 09:00")
    page = sysadmin.post("/admin/deadlines/calendarnotice/add/", NOTICE).content.decode()
    running("2026-12-25 10:00")
    again = sysadmin.post("/admin/deadlines/calendarnotice/add/", {**NOTICE, "confirmed": confirmed(page)})
    assert again.status_code == 200 and "2 件在办期限变动" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"days": "2026-12-29 放假"}, "第 1 行应写作"),
        ({"reason": ""}, "reason"),
        ({"days": "2026-12-29 班"}, "须写明因哪个节日"),
        ({"covers_year": "2027"}, "13 天"),
    ],
)
def test_a_faulty_notice_is_told_what_to_mend(sysadmin: Client, wrong: dict[str, str], told: str):
    page = sysadmin.post("/admin/deadlines/calendarnotice/add/", {**NOTICE, **wrong})
    assert page.status_code == 200 and told in page.content.decode()
    assert "confirmed" not in page.content.decode()


def test_a_term_gets_a_new_version(sysadmin: Client):
    row = Term.objects.get(code="T07")
    address = f"/admin/deadlines/term/{row.pk}/change/"
    assert 'value="5"' in sysadmin.get(address).content.decode()
    facts = {
        "code": "T07",
        "name": "答复共享申请",
        "amount": "7",
        "unit": "wd",
        "basis": "REG22-26.1",
        "standing": "law",
        "valid_from": "2026-12-01",
        "reason": "条例修改",
    }
    page = sysadmin.post(address, facts).content.decode()
    assert "没有在办期限变动" in page
    assert sysadmin.post(address, {**facts, "confirmed": confirmed(page)}).status_code == 302
    assert list(Term.objects.filter(code="T07").values_list("amount", flat=True)) == [5, 7]
    wrong = sysadmin.post(address, {**facts, "basis": "REG22-999"}).content.decode()
    assert "REG22" in wrong and "confirmed" not in wrong


@pytest.mark.parametrize("who", ["secadmin", "authority", "auditor"])
def test_nobody_else_changes_calendars_or_terms(cast: Cast, who: str):
    answer = sign_in(who).post("/admin/deadlines/calendarnotice/add/", {**NOTICE, "confirmed": "x"})
    assert answer.status_code in (302, 403)
    assert not CalendarNotice.objects.filter(number=NOTICE["number"]).exists()


def test_failed_rows_are_to_be_seen(sysadmin: Client):
    deadline = running("2026-12-25 09:00")
    Deadline.objects.filter(pk=deadline.pk).update(failure="RuntimeError: 存储不可用")
    page = sysadmin.get("/admin/deadlines/deadline/?failure__isempty=0")
    assert page.status_code == 200 and "存储不可用" in page.content.decode()
    assert sysadmin.get("/admin/deadlines/calendarnotice/").status_code == 200
    notice = CalendarNotice.objects.first()
    assert "元旦" in sysadmin.get(f"/admin/deadlines/calendarnotice/{notice.pk}/change/").content.decode()
