"""待办: whose turn, in what order, how many; filters that mean what they say; and nothing of other bodies."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import clock
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procedures.models import Case

from tests.sharing.conftest import MONDAY

REFUSAL = {"reason": "超出履行职责所必需的范围。", "basis": "《重庆市数据条例》第二十五条第三款"}


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def listed(client, **query) -> list[str]:
    """The numbers of the cases in the list, in its order."""
    page = text(client.get("/work/", query))
    return [part.split("/", 1)[0] for part in page.split('href="/cases/')[1:]]


@pytest.fixture
def two(world) -> tuple[Case, Case]:
    """Two requests, of which the later filed is due later."""
    return world.request(MONDAY - timedelta(days=4)), world.request(MONDAY)


def test_the_authoritys_turn_comes_by_its_limit(two, browser) -> None:
    early, late = two
    assert listed(browser("authority")) == [early.number, late.number]


def test_the_other_side_waits(two, browser) -> None:
    client = browser("requester")
    assert listed(client) == []
    assert listed(client, tab="waiting") == [case.number for case in two]
    page = text(client.get("/work/", {"tab": "waiting"}))
    assert "等市大数据局" in page


@pytest.mark.parametrize("tab", ["mine", "waiting", "body", "done"])
@pytest.mark.parametrize("name", ["stranger", "provider", "sysadmin", "citizen"])
def test_those_without_part_see_nothing(two, browser, name, tab) -> None:
    assert listed(browser(name), tab=tab) == []


def test_a_visitor_is_sent_to_sign_in(two, client) -> None:
    for address in ("/work/", "/work/export/"):
        assert client.get(address).status_code == 302


def test_a_draft_for_signature_is_the_leads_turn(world, two, browser) -> None:
    world.perform(two[0], "refuse", "authority", MONDAY, **REFUSAL)
    assert listed(browser("authority_lead")) == [two[0].number]
    assert listed(browser("authority")) == [two[1].number]
    assert "文稿待签发" in text(browser("authority_lead").get("/work/"))


def test_a_case_given_to_one_person_is_not_the_others_turn(world, two, browser) -> None:
    second = world.second_officer("authority")
    lead = browser("authority_lead")
    given = {"case": [two[0].pk], "to": world.cast.user(second).pk}
    assert lead.post("/work/hand-over/?tab=body", given)["Location"] == "/work/?tab=body"
    assert listed(browser("authority")) == [two[1].number]
    assert listed(browser(second)) == [case.number for case in two]
    assert "authority另一officer" in text(lead.get("/work/", {"tab": "body"}))


def test_only_leads_hand_over(world, two, browser) -> None:
    given = {"case": [two[0].pk], "to": world.cast.user("authority").pk}
    assert browser("authority").post("/work/hand-over/", given).status_code == 403
    browser("requester_lead").post("/work/hand-over/", given)
    assert listed(browser("authority")) == [case.number for case in two]


@pytest.mark.parametrize("given", [{}, {"case": ["x"]}, {"case": ["1"], "to": "999999"}])
def test_handing_over_nothing_changes_nothing(two, browser, given) -> None:
    client = browser("authority_lead")
    assert client.post("/work/hand-over/", given).status_code == 302
    assert "没有转办" in text(client.get("/work/"))


def test_what_is_done(world, two, browser) -> None:
    world.perform(two[0], "refuse", "authority", MONDAY, **REFUSAL)
    world.sign(two[0], "authority_lead", MONDAY)
    for name in ("authority", "authority_lead", "requester"):
        assert listed(browser(name), tab="done") == [two[0].number]
    assert listed(browser(world.second_officer("authority")), tab="done") == []


# groups, counts, filters


def test_counts_and_groups_by_working_days(two, browser) -> None:
    with clock.travel(MONDAY + timedelta(days=8)):  # 29 September: the later one is due today
        page = text(browser("authority").get("/work/"))
        assert '<a class="over" href="?due=over"><b>1</b>已逾期</a>' in page
        assert '<a class="soon" href="?due=today"><b>1</b>今天到期</a>' in page
        assert "逾期" in page
        assert "今天到期" in page
        assert listed(browser("authority"), due="over") == [two[0].number]
        assert listed(browser("authority"), due="today") == [two[1].number]
        assert listed(browser("authority"), due="three") == []


def test_the_calendar_of_limits_knows_the_holidays(two, browser) -> None:
    page = text(browser("authority").get("/work/"))
    assert "25–27 日 中秋节" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "GX-2026-0002"}, [1]),
        ({"q": "排放检验"}, [0, 1]),
        ({"q": "没有这样的"}, []),
        ({"q": "100%"}, []),
        ({"kind": "sharing-request"}, [0, 1]),
        ({"kind": "sharing-objection"}, []),
        ({"kind": "nothing"}, [0, 1]),
        ({"state": "sharing-request:ANSWERING"}, [0, 1]),
        ({"state": "sharing-request:CONSULTING"}, []),
        ({"party": "交通"}, [0, 1]),
        ({"party": "体育局"}, []),
        ({"after": "nonsense"}, [0, 1]),
        ({"after": "2026-13-99_1"}, [0, 1]),
        ({"after": "2026-09-21T00:00:00_1"}, [0, 1]),
    ],
)
def test_filters(two, browser, query, found) -> None:
    assert listed(browser("authority"), **query) == [two[index].number for index in found]


def test_a_filter_without_a_match_says_so_and_how_to_go_on(two, browser) -> None:
    page = text(browser("authority").get("/work/", {"q": "<b>没有</b>"}))
    assert "没有符合条件的办件" in page
    assert "清除条件" in page
    assert "<b>没有</b>" not in page


def test_an_empty_list_says_what_is_true(two, browser) -> None:
    page = text(browser("requester").get("/work/"))
    assert "现在没有轮到您的办件" in page
    assert "有 2 件在等对方" in page


def test_hostile_titles_are_only_words(two, browser) -> None:
    Case.objects.update(title="<img src=x onerror=alert(1)>" + "长" * 150)
    page = text(browser("authority").get("/work/"))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


# pages


@pytest.fixture
def many(world, two, monkeypatch) -> list[str]:
    for hour in range(5):
        world.request(MONDAY + timedelta(hours=hour))
    return list(Case.objects.order_by("due_at", "pk").values_list("number", flat=True))


@pytest.mark.parametrize("tab", ["mine", "body", "waiting"])
def test_pages_follow_each_other_without_gap_or_double(many, browser, tab, monkeypatch) -> None:
    monkeypatch.setattr("web.queries.worklist.PAGE", 3)
    monkeypatch.setattr("web.queries.worklist.page.__kwdefaults__", {"size": 3})
    client = browser("requester" if tab == "waiting" else "authority")
    found, address = [], f"/work/?tab={tab}"
    while address:
        page = text(client.get(address))
        found += [part.split("/", 1)[0] for part in page.split('href="/cases/')[1:]]
        following = (
            page.split('rel="next"')[0].rpartition('<a href="')[2].rstrip('" ')
            if 'rel="next"' in page
            else ""
        )
        address = f"/work/{following.replace('&amp;', '&')}" if following else ""
    assert found == many


# export


def test_the_export_is_the_list_and_runs_no_formula(two, browser) -> None:
    Case.objects.filter(pk=two[0].pk).update(title="=HYPERLINK(1)")
    response = browser("authority").get("/work/export/", {"kind": "sharing-request"})
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["编号", two[0].number, two[1].number]
    assert rows[1][2] == "'=HYPERLINK(1)"


def test_the_export_holds_nothing_of_other_bodies(two, browser) -> None:
    response = browser("stranger").get("/work/export/", {"tab": "body"})
    assert len(response.getvalue().decode().splitlines()) == 1


# cost


@pytest.mark.parametrize("tab", ["mine", "body", "waiting", "done"])
def test_the_number_of_queries_does_not_grow_with_the_list(world, two, browser, tab) -> None:
    client = browser("requester" if tab == "waiting" else "authority_lead")

    def queries() -> int:
        client.get("/work/", {"tab": tab})
        with CaptureQueriesContext(connection) as asked:
            client.get("/work/", {"tab": tab})
        return len(asked)

    before = queries()
    for _ in range(5):
        world.request()
    assert queries() == before
    assert before <= 18
