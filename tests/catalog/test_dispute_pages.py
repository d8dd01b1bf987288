"""The pages of disputes and suggestions: where they are raised, what the entry's page says, the list."""

from __future__ import annotations

from datetime import timedelta

import clock
import pytest
from accounts.actions import make_token
from accounts.models import Scope
from django.test import Client
from procedures.models import Case

from catalog.models import Dispute
from tests.cast import Cast
from tests.catalog import correcting
from tests.catalog.disputing import BASIS, MONDAY, TERMS, WORDS, Disputing, items, make
from tests.law import load_law
from tests.shelf import build_entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def world(cast: Cast) -> Disputing:
    load_law()
    return make(cast)


def browser(world: Disputing, who: str) -> Client:
    client = Client()
    client.force_login(world.cast.user(who))
    return client


def entry_page(world: Disputing, who: str = "") -> str:
    client = browser(world, who) if who else Client()
    return client.get("/catalog/AIR/").content.decode()


# from an entry's page


@pytest.mark.duty("OPN-08", "OPN-09")
@pytest.mark.parametrize(
    ("who", "disputes", "suggests"),
    [
        ("requester", True, False),
        ("authority", True, True),
        ("district", True, False),
        ("provider", False, False),
        ("requester_lead", False, False),
        ("company", False, False),
        ("auditor", False, False),
        ("", False, False),
    ],
)
def test_the_page_offers_what_the_reader_may_raise(
    world: Disputing, who: str, disputes: bool, suggests: bool
) -> None:
    page = entry_page(world, who)
    assert ("/file/body-dispute/AIR/" in page) is disputes
    assert ("/file/attribute-suggestion/AIR/" in page) is suggests


@pytest.mark.duty("OPN-08")
def test_an_officer_who_claims_the_data_raises_it_from_the_page(world: Disputing) -> None:
    client = browser(world, "requester")
    page = client.get("/file/body-dispute/AIR/").content.decode()
    assert "所争的数据" in page and "pm25-day" in page and 'value="cq-sthjj" selected' in page
    assert 'name="first"' not in page
    said = {"do": "file", "kind": "source", "other": "cq-sthjj", "claim": WORDS, "basis": BASIS}
    answer = client.post("/file/body-dispute/AIR/", {**said, "basis": "没有书名号"})
    assert answer.status_code == 422 and "书名号" in answer.content.decode()
    answer = client.post("/file/body-dispute/AIR/", said)
    record = Dispute.objects.get()
    assert answer.status_code == 302 and answer.url.startswith(f"/cases/{record.case.number}/")
    page = client.get(f"/cases/{record.case.number}/").content.decode()
    for words in ("争议情况", "各方意见", "一致意见", "未签署", "签署一致意见", "协商不成", WORDS):
        assert words in page, words


@pytest.mark.duty("OPN-08")
def test_the_note_is_neutral_and_for_bodies_that_compile(world: Disputing) -> None:
    assert "正在办理" not in entry_page(world, "stranger")
    case = world.raise_()
    for who in ("stranger", "provider", "requester", "authority", "district"):
        page = entry_page(world, who)
        assert case.number in page and "数源争议" in page and WORDS not in page
        assert "市交通运输委" not in page.split('id="disputed"')[1].split("</section>")[0]
    for who in ("", "company", "citizen"):
        assert case.number not in entry_page(world, who)
    world.agree(case, "requester")
    world.agree(case, "provider")
    assert case.number not in entry_page(world, "stranger")


@pytest.mark.duty("OPN-09")
def test_a_suggestion_is_noted_while_it_runs(world: Disputing) -> None:
    case = world.suggest()
    page = entry_page(world, "stranger")
    assert case.number in page and "建议修改本条目的开放属性" in page
    assert case.number not in entry_page(world)


@pytest.mark.duty("OPN-09")
def test_the_authority_drafts_a_suggestion_from_the_page(world: Disputing) -> None:
    page = browser(world, "authority").get("/file/attribute-suggestion/AIR/").content.decode()
    assert (
        "现在的开放属性" in page and "不予开放" in page and "《中华人民共和国数据安全法》第三十八条" in page
    )
    refused = browser(world, "requester").get("/file/attribute-suggestion/AIR/")
    assert refused.status_code == 403 and "数据主管部门" in refused.content.decode()
    assert browser(world, "authority").get("/file/attribute-suggestion/NOTHING/").status_code == 404


# from elsewhere


@pytest.mark.duty("OPN-08", "CAT-32")
def test_a_review_leads_to_a_dispute_where_it_is_in_question_who_provides(cast: Cast) -> None:
    load_law()
    review = correcting.make(cast)
    case = review.file("citizen")
    world = Disputing(cast, review.entry)
    for who in ("provider", "authority"):
        assert (
            f"/file/body-dispute/{case.number}/"
            in browser(world, who).get(f"/cases/{case.number}/").content.decode()
        )
    page = browser(world, "provider").get(f"/file/body-dispute/{case.number}/").content.decode()
    assert case.number in page and "大气监测数据" in page
    assert browser(world, "stranger").get(f"/file/body-dispute/{case.number}/").status_code == 404
    assert (
        f"/file/body-dispute/{case.number}/"
        not in browser(world, "citizen").get(f"/cases/{case.number}/").content.decode()
    )


@pytest.mark.duty("OPN-08")
def test_data_without_an_entry_is_disputed_from_the_list(world: Disputing) -> None:
    client = browser(world, "requester")
    page = client.get("/catalog/disputes/").content.decode()
    assert "没有主体争议" in page and "/file/body-dispute/cq-jtysw/" in page
    said = {"do": "file", "kind": "source", "other": "cq-tyj", "claim": WORDS, "basis": BASIS}
    answer = client.post("/file/body-dispute/cq-jtysw/", said)
    assert answer.status_code == 422 and "请填写“数据元”" in answer.content.decode()
    client.post("/file/body-dispute/cq-jtysw/", {**said, "element": "公共体育场馆名录"})
    page = client.get("/catalog/disputes/").content.decode()
    assert "公共体育场馆名录" in page and "市交通运输委、市体育局" in page and "未定" in page


# the list


@pytest.mark.duty("OPN-08", "OPN-09")
def test_the_list_shows_what_the_reader_takes_part_in(world: Disputing) -> None:
    case, suggestion = world.raise_(), world.suggest()
    for who, seen in (
        ("requester", (True, False)),
        ("provider", (True, True)),
        ("authority", (True, True)),
        ("stranger", (False, False)),
        ("auditor", (True, True)),
    ):
        page = browser(world, who).get("/catalog/disputes/").content.decode()
        assert (case.number in page, suggestion.number in page) == seen, who
    for who in ("company", "citizen", "registrar"):
        assert browser(world, who).get("/catalog/disputes/").status_code == 403
    assert Client().get("/catalog/disputes/").status_code == 302


def _settled(world: Disputing) -> Case:
    case = world.raise_()
    world.agree(case, "requester")
    return world.agree(case, "provider")


def test_the_result_stands_on_the_case_with_its_update(world: Disputing) -> None:
    case = _settled(world)
    page = browser(world, "provider").get(f"/cases/{case.number}/").content.decode()
    assert "结果" in page and TERMS in page and 'href="/cases/MG-2026-0001/"' in page
    other = browser(world, "requester").get(f"/cases/{case.number}/").content.decode()
    assert "MG-2026-0001" in other and 'href="/cases/MG-2026-0001/"' not in other
    assert "市生态环境局" in browser(world, "requester").get("/catalog/disputes/").content.decode()


def test_a_suggestions_page_sets_present_and_suggested_side_by_side(world: Disputing) -> None:
    case = world.disagreed()
    page = browser(world, "provider").get(f"/cases/{case.number}/").content.decode()
    for words in ("现在", "建议", "不予开放", "有条件开放", "实名登记，用于科学研究", "意见不一致"):
        assert words in page, words


def test_the_pages_cost_the_same_however_many_there_are(
    world: Disputing, django_assert_max_num_queries
) -> None:
    for n in range(6):
        entry = build_entry(
            world.body("provider"), code=f"E-{n}", name=f"条目 {n}", at=MONDAY, items=items(f"e-{n}")
        )
        made = Disputing(world.cast, entry)
        made.raise_()
        made.suggest(treatment="", opening_type="not-open", opening_conditions="", opening_delivery=[])
    client = browser(world, "authority")
    client.get("/catalog/disputes/")
    with django_assert_max_num_queries(7):
        client.get("/catalog/disputes/")
    client.get("/catalog/E-1/")
    with django_assert_max_num_queries(16):
        client.get("/catalog/E-1/")
    number = Dispute.objects.first().case.number
    client.get(f"/cases/{number}/")
    with django_assert_max_num_queries(17):
        client.get(f"/cases/{number}/")


# signing, and the interface


@pytest.mark.duty("OPN-08")
def test_the_page_says_what_a_signature_means_where_the_case_stands(world: Disputing) -> None:
    case = world.raise_()
    world.agree(case, "requester")

    def page() -> str:
        answer = browser(world, "provider").get(f"/cases/{case.number}/?step=agree")
        return answer.content.decode().replace("\u00a0", " ")

    assert "您是最后一方：签署原文即协商一致" in page() and TERMS in page()
    world.act(case, "escalate", "provider", open_points=WORDS)
    assert "您是最后一方：签署原文以后，由数据主管部门记入协商纪要、办结" in page()


@pytest.mark.duty("OPN-08")
def test_a_dispute_is_raised_and_signed_through_the_interface(world: Disputing) -> None:
    def call(who: str, path: str, body: dict, **headers: str):
        user = world.cast.user(who)
        _token, secret = make_token(
            user,
            name="接口",
            scopes=Scope.values,
            expires_at=MONDAY + timedelta(days=30),
            by=world.cast.actor(who, MONDAY),
            at=MONDAY,
        )
        return Client().post(
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )

    said = {"subject": "AIR", "kind": "source", "other": "cq-sthjj", "claim": WORDS, "basis": BASIS}
    refused = call("requester", "body-dispute/", {**said, "first": "cq-tyj"})
    assert refused.status_code == 422 and "first" in refused.content.decode()
    made = call("requester", "body-dispute/", said)
    assert made.status_code == 201
    number = made.json()["number"]
    signed = {"body": "cq-sthjj", "text": TERMS}
    assert call("stranger", f"body-dispute/{number}/agree/", signed).status_code == 404
    first = call("requester", f"body-dispute/{number}/agree/", signed, **{"If-Match": made["ETag"]})
    assert (first.status_code, first.json()["state"]) == (200, "NEGOTIATING")
    last = call("provider", f"body-dispute/{number}/agree/", signed, **{"If-Match": first["ETag"]})
    assert (last.status_code, last.json()["state"]) == (200, "AGREED")
