"""Quality for people and machines: on the entry, by body; and from a failing rule to its mending."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import clock
import pytest
from accounts.actors import SYSTEM
from accounts.models import Organisation
from django.test import Client
from procedures.models import Draft as Paper

from catalog.models import Draft, Entry, EntryQuality, QualityProblem
from catalog.publishing import Change, publish
from catalog.quality import keeping
from tests.cast import Cast
from tests.catalog.looking import CODED, ROWS
from tests.law import load_law
from tests.shelf import AT, SAID, build_entry, build_holding, content

pytestmark = [pytest.mark.django_db, pytest.mark.duty("CAT-30")]


@pytest.fixture
def provider(cast: Cast) -> Organisation:
    load_law()
    body = cast.organisation("provider")
    build_holding(body)
    build_entry(body, code="NOISE", name="噪声监测")
    build_holding(body, code="FIRMS", items=CODED, rows=ROWS)
    firms = Entry.objects.get(code="FIRMS")
    items = [
        {"code": "uscc", "name": "统一社会信用代码", "type": "code"},
        *({"code": c, "name": n, "type": "text"} for c, n in (("day", "日期"), ("note", "备注"))),
    ]
    publish(
        [Change(body, content(name="企业名单", identifier_kind="organisation", items=items), entry=firms)],
        reason="写明类型",
        at=AT,
        by=SYSTEM,
    )
    keeping.settle(AT)
    return body


@pytest.fixture
def go(provider: Organisation, cast: Cast):
    def to(who: str, address: str, **posted: Any):
        client = Client()
        if who:
            client.force_login(cast.user(who))
        with clock.travel(AT + timedelta(minutes=5)):
            return client.post(address, posted) if posted else client.get(address)

    return to


def text(response: Any) -> str:
    assert response.status_code == 200, response
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


# On the entry


def test_the_entry_page_says_what_fails_with_its_reason(go):
    said = text(go("", "/catalog/NOISE/"))
    assert "数据尚未汇聚到城市大数据资源中心。" in said and "每条规则和变化" in said
    assert "先改这一项" not in said and "起草校核申请" not in said
    assert "先改这一项" in text(go("provider", "/catalog/NOISE/"))


def test_an_entry_without_a_look_says_nothing_of_quality(go):
    EntryQuality.objects.all().delete()
    assert 'id="quality"' not in text(go("", "/catalog/AIR/"))
    assert "还没有检查" in text(go("", "/catalog/AIR/quality/"))


def test_every_rule_and_every_change_is_on_the_page_of_an_entry(go):
    said = text(go("", "/catalog/FIRMS/quality/"))
    for words in (
        "1 个没有通过校验（第 2 行）",
        "按行号核对源头的代码",
        "不适用",
        "变化",
        "责任单位",
    ):
        assert words in said
    assert "11500000009276683B" not in said, "a result names rows, never values"


def test_what_is_not_published_has_no_quality_for_strangers(go, provider):
    build_entry(provider, code="GONE", name="撤销的条目", published=False)
    assert go("", "/catalog/GONE/quality/").status_code == 404
    assert go("provider", "/catalog/GONE/quality/").status_code == 200


# To its mending


def test_a_failing_rule_leads_to_a_change_of_the_entry_in_one_act(go):
    response = go("provider", "/catalog/AIR/quality/mend/", rule="summary")
    draft = Draft.objects.get(entry__code="AIR")
    assert response.headers["Location"] == f"/catalog/compile/{draft.pk}/#summary"
    again = go("provider", "/catalog/AIR/quality/mend/", rule="items-defined")
    assert Draft.objects.filter(entry__code="AIR").count() == 1
    assert again.headers["Location"].endswith("/items/#items-0-description")


def test_an_error_in_data_leads_to_an_application_for_review(go, cast, provider):
    response = go("requester", "/catalog/FIRMS/quality/mend/", rule="coded", do="review")
    paper = Paper.objects.get()
    assert response.headers["Location"] == f"/drafts/{paper.pk}/"
    assert (paper.kind, paper.subject, paper.facts["item"]) == ("correction-review", "FIRMS", "uscc")
    said = text(go("requester", f"/drafts/{paper.pk}/"))
    assert "没有通过校验（第 2 行）" in said


@pytest.mark.parametrize(
    ("who", "posted", "why"),
    [
        ("requester", {"rule": "summary"}, "目录由该单位和市数据主管部门编制"),
        ("provider", {"rule": "keys-once"}, "没有不符"),
        ("provider", {"rule": "coded"}, "不在目录编制中改"),
        ("provider", {"rule": "coded", "do": "review"}, "请直接改正并载入新版"),
        ("auditor", {"rule": "coded", "do": "review"}, "由其他单位的经办人提出"),
        ("requester", {"rule": "summary", "do": "review"}, "不是数据的错误"),
        ("provider", {"rule": "nothing"}, "没有不符"),
    ],
)
def test_what_cannot_be_mended_so_is_refused_with_the_reason(cast, provider, who, posted, why):
    client = Client()
    client.force_login(cast.user(who))
    with clock.travel(AT):
        said = text(client.post("/catalog/FIRMS/quality/mend/", posted, follow=True))
    assert why in said
    assert not Paper.objects.exists() and not Draft.objects.exists()


@pytest.mark.parametrize("who", ["requester", "company", "citizen", "auditor"])
def test_a_change_that_was_begun_is_not_shown_to_strangers(go, who):
    go("provider", "/catalog/FIRMS/quality/mend/", rule="summary")
    assert Draft.objects.filter(entry__code="FIRMS").exists()
    answered = go(who, "/catalog/FIRMS/quality/mend/", rule="summary")
    assert answered.headers["Location"] == "/catalog/FIRMS/quality/"


def test_problem_data_names_how_it_was_found(go):
    problem = QualityProblem.objects.get(rule="coded")
    assert problem.get_source_display() == "质量检查"
    assert "质量检查" in text(go("provider", "/catalog/problems/"))


# By body


@pytest.mark.duty("CAT-13", "CAT-24")
def test_a_body_sees_what_to_mend_first(go, provider):
    address = f"/catalog/quality/bodies/{provider.code}/"
    said = text(go("provider", address))
    assert said.index("噪声监测") < said.index("大气监测数据"), "what must be mended stands first"
    only = text(go("provider", f"{address}?rule=held"))
    assert "噪声监测" in only and "AIR" not in only
    assert go("requester", address).status_code == 404
    for who in ("authority", "auditor"):
        assert go(who, address).status_code == 200


def test_what_to_mend_is_taken_away_as_a_table(go, provider):
    lines = text(go("provider", f"/catalog/quality/bodies/{provider.code}/export.csv?rule=held")).splitlines()
    assert lines[0].startswith("\ufeff资源代码,名称,程度,规则")
    assert any(line.startswith("NOISE,噪声监测,必须改,数据已经汇聚,可访问性,数据尚未汇聚") for line in lines)
    assert not any(line.startswith("AIR,") for line in lines)
    assert go("requester", f"/catalog/quality/bodies/{provider.code}/export.csv").status_code == 404


def test_a_name_that_a_spreadsheet_would_run_is_disarmed_in_the_table(go, provider):
    Entry.objects.filter(code="NOISE").update(name="＝HYPERLINK(1)")
    said = text(go("provider", f"/catalog/quality/bodies/{provider.code}/export.csv"))
    assert "NOISE,'＝HYPERLINK(1)," in said


@pytest.mark.duty("CAT-13")
def test_the_overview_is_for_those_who_compile_and_supervise(go):
    said = text(go("requester", "/catalog/quality/"))
    assert "条目不足 20 个，不排名" in said and "不符最多的规则" in said
    assert go("company", "/catalog/quality/").status_code == 403
    assert go("", "/catalog/quality/").status_code == 302
    assert "每个已发布的条目和它的数据" in text(go("", "/catalog/quality/rules/"))
    rule = text(go("authority", "/catalog/quality/rules/held/"))
    assert "重庆市生态环境局" in rule and "重庆市生态环境局" not in text(
        go("requester", "/catalog/quality/rules/held/")
    )
    assert go("authority", "/catalog/quality/rules/nothing/").status_code == 404


def test_what_was_set_aside_is_shown_to_the_authority(go):
    EntryQuality.objects.filter(entry__code="AIR").update(error="ValueError: 坏了")
    assert "ValueError: 坏了" in text(go("authority", "/catalog/quality/"))
    assert "ValueError: 坏了" not in text(go("provider", "/catalog/quality/"))


def test_pages_cost_the_same_for_many_entries(cast, provider, django_assert_num_queries):
    made = [
        Change(provider, content(**{**SAID, "name": f"监测点 {n} 的数据"}), code=f"P-{n}") for n in range(30)
    ]
    publish(made, reason="首次发布", at=AT, by=SYSTEM)
    keeping.settle(AT)
    for who, address, cost in (
        ("provider", f"/catalog/quality/bodies/{provider.code}/", 11),
        ("authority", "/catalog/quality/", 10),
        ("provider", "/catalog/AIR/quality/", 8),
    ):
        client = Client()
        client.force_login(cast.user(who))
        with clock.travel(AT), django_assert_num_queries(cost):
            said = text(client.get(address))
        assert "33 " in said or who == "provider"


# For machines


def test_the_interface_says_the_same(go, provider):
    assert len(go("", "/api/v1/quality-rules/").json()) == 30
    entry = go("", "/api/v1/entries/FIRMS/quality/").json()
    assert entry["failing"][0] == "coded" and entry["must"] == 1
    (coded,) = [one for one in entry["results"] if one["rule"] == "coded"]
    assert (coded["outcome"], coded["where"]) == ("fails", ["统一社会信用代码"])
    assert go("", "/api/v1/entries/NOPE/quality/").status_code == 404
    ranked = go("provider", "/api/v1/quality-ranking/").json()
    assert (ranked["least"], ranked["whole"]["entries"], ranked["places"][0]["rank"]) == (20, 3, None)
    assert go("provider", "/api/v1/quality-ranking/?month=2020-01").status_code == 404
    assert go("company", "/api/v1/quality-ranking/").status_code == 403
    body = go("provider", f"/api/v1/quality-bodies/{provider.code}/").json()
    assert body["months"][-1]["figures"]["entries"] == 3
    lines = go("provider", f"/api/v1/quality-bodies/{provider.code}/entries/?rule=held").json()
    assert [line["code"] for line in lines["results"]] == ["NOISE"]
    assert go("requester", f"/api/v1/quality-bodies/{provider.code}/entries/").status_code == 404
