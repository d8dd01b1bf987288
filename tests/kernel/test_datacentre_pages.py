"""The data centre's pages: who sees which, that a refusal is a page with its reason, and at what cost."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from urllib.parse import quote

import clock
import pytest
from accounts.actors import SYSTEM
from datacentre.actions import end_grant, record_use
from datacentre.models import HoldingVersion, Read, UseRecord
from datacentre.views import file_name
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.shelf import AT, build_grant

pytestmark = pytest.mark.django_db

GRANT = "/datacentre/grants/GX-2026-0001/"
HOLDING = "/datacentre/holdings/AIR/"
EVERY = ("csv", "xlsx", "json")


@pytest.fixture(autouse=True)
def that_morning():
    with clock.travel(AT):
        yield


@pytest.fixture
def as_(client, cast):
    def sign_in(name: str):
        client.force_login(cast.user(name))
        return client

    return sign_in


SEEN = {"requester", "requester_lead", "provider", "provider_lead", "authority", "authority_lead", "auditor"}


@pytest.mark.duty("SHA-09")
@pytest.mark.parametrize(
    "name",
    [
        "requester",
        "requester_lead",
        "provider",
        "authority",
        "auditor",
        "stranger",
        "company",
        "sysadmin",
        "citizen",
    ],
)
def test_a_grants_page_is_for_its_bodies_and_those_who_oversee(as_, grant, name):
    assert as_(name).get(GRANT).status_code == (200 if name in SEEN else 404)


@pytest.mark.duty("SHA-09")
@pytest.mark.parametrize("name", ["requester", "provider", "authority"])
def test_a_grants_page_says_the_conditions_that_the_decision_set(as_, cast, holding, name):
    build_grant(holding, cast.organisation("requester"), conditions="每季度报告使用情况")
    page = as_(name).get(GRANT).content.decode()
    assert "附加条件" in page and "每季度报告使用情况" in page


def test_a_grant_without_conditions_speaks_of_none(as_, grant):
    assert "附加条件" not in as_("requester").get(GRANT).content.decode()


def test_before_its_first_day_a_grant_says_when_it_begins_and_offers_no_data(as_, grant):
    with clock.travel(AT.replace(year=2026, month=8, day=29)):
        page = as_("requester").get(GRANT).content.decode()
        assert "尚未开始" in page and "还有 3 天" in page
        assert "可读取到" not in page and f"{GRANT}csv/" not in page
        assert as_("requester").get(f"{GRANT}csv/").status_code == 403
    with clock.travel(AT.replace(year=2026, month=9, day=1)):
        page = as_("requester").get(GRANT).content.decode()
        assert "尚未开始" not in page and "可读取到" in page and f"{GRANT}csv/" in page


@pytest.mark.parametrize("name", ["provider", "authority", "auditor", "requester", "stranger", "sysadmin"])
def test_a_holdings_page_is_for_its_owner_and_those_who_oversee(as_, grant, name):
    assert as_(name).get(HOLDING).status_code == (200 if name in SEEN - {"requester"} else 404)


def test_nothing_is_shown_to_a_visitor(client, grant):
    for address in (
        GRANT,
        HOLDING,
        f"{GRANT}csv/",
        f"{GRANT}rows/",
        "/datacentre/grants/",
        "/datacentre/holdings/",
    ):
        assert client.get(address).status_code == 302


@pytest.mark.duty("SHA-09")
@pytest.mark.parametrize("way", EVERY)
def test_the_grantee_downloads_and_the_read_is_logged(as_, grant, way):
    response = as_("requester").get(f"{GRANT}{way}/")
    body = b"".join(response.streaming_content)
    assert response.status_code == 200 and body
    name = quote(f"大气监测数据-第1版.{way}")
    assert f"filename*=utf-8''{name}" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"] and response["X-Content-Type-Options"] == "nosniff"
    logged = Read.objects.get()
    assert (logged.way, logged.rows, logged.finished) == (way, 4, True)


@pytest.mark.duty("SHA-09", "SHA-12")
@pytest.mark.parametrize("way", [*EVERY, "rows"])
def test_the_end_of_the_grant_closes_file_and_page_with_its_reason(as_, grant, way):
    end_grant(grant, why="撤销：<b>超出范围</b>", at=AT, by=SYSTEM)
    response = as_("requester").get(f"{GRANT}{way}/")
    page = response.content.decode()
    assert response.status_code == 403 and "撤销：&lt;b&gt;超出范围" in page and "<b>超出范围" not in page
    assert not Read.objects.exists()


@pytest.mark.duty("SHA-12")
@pytest.mark.parametrize("name", ["provider", "authority", "auditor"])
def test_those_who_see_a_grant_do_not_read_under_it(as_, grant, name):
    assert as_(name).get(f"{GRANT}csv/").status_code == 403
    assert as_(name).get(f"{GRANT}rows/").status_code == 403
    assert "下载文件" not in as_(name).get(GRANT).content.decode()


def test_a_used_up_quota_says_so(as_, cast, holding):
    build_grant(holding, cast.organisation("requester"), number="GX-2026-0009", quota=1)
    client = as_("requester")
    assert client.get("/datacentre/grants/GX-2026-0009/rows/").status_code == 200
    response = client.get("/datacentre/grants/GX-2026-0009/rows/")
    assert response.status_code == 429 and "每日上限 1 次" in response.content.decode()


def test_numbers_stand_right_under_their_heads_and_codes_left(as_, grant):
    page = as_("requester").get(f"{GRANT}rows/").content.decode()
    rows = [line for line in page.splitlines() if "<td" in line]
    kinds = [item.type in ("integer", "number") for item in grant.holding.items.all()]
    assert True in kinds and False in kinds
    heads = re.findall(r'<th scope="col"( class="num")?>', page)
    cells = re.findall(r'<td( class="num")?>', rows[0][: rows[0].index("</tr>")])
    assert [bool(head) for head in heads] == [bool(cell) for cell in cells] == kinds


def test_rows_are_shown_as_text(as_, grant):
    page = as_("requester").get(f"{GRANT}rows/").content.decode()
    assert "&lt;b&gt;观音桥" in page and "<b>观音桥" not in page
    assert as_("requester").get(f"{GRANT}rows/?cursor=%00x").status_code == 400


def test_the_page_offers_what_was_granted_and_the_terms(as_, cast, holding, grant):
    page = as_("requester").get(GRANT).content.decode()
    for words in (
        "还有 94 天",
        "不得以任何形式提供给第三方",
        "curl",
        "CSV，UTF-8",
        "重型车通行管理",
        "细颗粒物",
    ):
        assert words in page.replace("\u00a0", " "), words
    build_grant(holding, cast.organisation("requester"), number="GX-2", modes=["api"])
    assert "下载文件" not in as_("requester").get("/datacentre/grants/GX-2/").content.decode()


def test_the_slip_says_where_the_data_comes_from(as_, grant):
    client = as_("requester")
    client.get(f"{GRANT}rows/")
    response = client.get(f"{GRANT}reads/{Read.objects.get().pk}/")
    slip = json.loads(response.content)
    assert slip["授权办件"] == "GX-2026-0001" and slip["SM3"] == HoldingVersion.objects.get().sm3
    assert client.get(f"{GRANT}reads/999999/").status_code == 404


@pytest.mark.duty("SHA-09")
def test_use_is_recorded_on_the_page_and_reminded_of(as_, cast, grant):
    client = as_("requester")
    client.get(f"{GRANT}rows/")
    assert "还没有记录用于哪项工作" not in client.get(GRANT).content.decode()
    with clock.travel(AT + timedelta(days=30)):
        assert "还没有记录用于哪项工作" in client.get(GRANT).content.decode()
        assert client.post(f"{GRANT}use/", {"used_for": ""}).status_code == 422
        assert client.post(f"{GRANT}use/", {"used_for": "研判限行路段"}).status_code == 302
        page = client.get(GRANT).content.decode()
        assert "还没有记录用于哪项工作" not in page and "研判限行路段" in page
    assert as_("provider").post(f"{GRANT}use/", {"used_for": "x"}).status_code == 403
    assert UseRecord.objects.count() == 1


def test_the_provider_sees_who_reads_how_much_and_when(as_, cast, grant):
    as_("requester").get(f"{GRANT}rows/")
    page = as_("provider").get(HOLDING).content.decode().replace("\u00a0", " ")
    for words in ("市交通运输委", "重型车通行管理", "读取 1 次，共 4 行", "09-28", "第 1 版"):
        assert words in page, words


HEADER = "station,name,day,pm25,hours\n"


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("数据.csv", text.encode(), "text/csv")


def test_the_owner_loads_a_version_on_the_page(as_, cast, holding):
    response = as_("provider").post(
        f"{HOLDING}load/", {"file": upload(HEADER + "1,甲,2026-01-01,1,1\n"), "note": "补"}
    )
    assert response.status_code == 302
    assert holding.latest().number == 2 and holding.latest().loaded_by == cast.user("provider")


def test_a_bad_table_comes_back_with_every_cell(as_, holding):
    text = HEADER + ",<script>,x,1,1\n2,乙,2026-01-01,y,1\n"
    response = as_("provider").post(f"{HOLDING}load/", {"file": upload(text)})
    page = response.content.decode()
    assert response.status_code == 422 and "<script>" not in page
    assert "共 3 处需要改正" in page.replace("\u00a0", " ") and "不能为空" in page
    assert holding.latest().number == 1


def test_others_cannot_load(as_, holding):
    facts = {"file": upload(HEADER + "1,甲,2026-01-01,1,1\n")}
    assert as_("requester").post(f"{HOLDING}load/", facts).status_code == 404
    assert as_("authority").post(f"{HOLDING}load/", {"file": upload(HEADER)}).status_code == 403
    assert "核对并载入" not in as_("authority").get(HOLDING).content.decode()
    assert as_("provider").post(f"{HOLDING}load/", {}).status_code == 422


def test_lists_show_ones_own(as_, grant):
    assert "大气监测数据" in as_("requester").get("/datacentre/grants/").content.decode()
    assert "还没有取得授权" in as_("provider").get("/datacentre/grants/").content.decode()
    assert "大气监测数据" in as_("provider").get("/datacentre/holdings/").content.decode()
    assert "还没有汇聚数据" in as_("requester").get("/datacentre/holdings/").content.decode()


def test_the_pages_cost_the_same_however_much_is_read(
    as_, cast, holding, grant, django_assert_max_num_queries
):
    client = as_("provider")
    for round_ in range(2):
        with django_assert_max_num_queries(16):
            client.get(HOLDING)
        with django_assert_max_num_queries(18):
            client.get(GRANT)
        for i in range(20):
            other = build_grant(holding, cast.organisation("stranger"), number=f"GX-{round_}-{i}")
            record_use(grant, used_for=f"第 {i} 次", at=AT, by=cast.actor("requester", AT))
            as_("stranger").get(f"/datacentre/grants/{other.case.number}/rows/")
        as_("provider")


def test_a_file_name_is_safe_and_keeps_its_ending():
    assert file_name('a/b\\c:*?"<>|\n数据-第1版.csv') == "a_b_c_数据-第1版.csv"
    long = file_name("长" * 300 + ".xlsx")
    assert len(long) == 120 and long.endswith(".xlsx")


@pytest.mark.parametrize(
    ("number", "status"), [("GX-2026-9999", 404), ("渝共享", 404), ("%00", 400), ("%01", 404)]
)
def test_a_number_that_no_grant_has_is_not_found(as_, grant, number, status):
    assert as_("requester").get(f"/datacentre/grants/{number}/").status_code == status


def test_a_csv_in_the_browser_is_the_csv_of_the_door(as_, grant):
    body = b"".join(as_("requester").get(f"{GRANT}csv/").streaming_content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(body)))) == 5
