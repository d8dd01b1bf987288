"""What is delivered: files in each form, and pages of rows that answer questions."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import pytest
from accounts.actors import SYSTEM
from datacentre import formats, paging
from datacentre.actions import (
    ItemSpec,
    load_version,
)
from datacentre.models import HoldingItem, Read
from datacentre.proofs import confirm
from datacentre.provenance import provenance
from datacentre.refusals import (
    BadQuery,
    TooLarge,
)
from openpyxl import load_workbook

from tests.kernel.reading import ask, download
from tests.shelf import AT, build_grant, build_holding

pytestmark = pytest.mark.django_db


# The forms -----------------------------------------------------------------------------------------------------


def test_csv_opens_in_a_spreadsheet_without_running_anything(cast, grant):
    text = download(grant, cast).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["站点编号", "站点名称", "日期", "细颗粒物", "有效小时"]
    assert rows[2][1] == '\'=HYPERLINK("http://x")' and rows[2][3] == "-1.5"
    assert rows[4][1] == "'+86" and rows[3][1] == '<b>观音桥</b>\n"北"'


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_beginning_of_a_formula_is_disarmed(begin):
    assert formats.disarm(f"{begin}1+1") == f"'{begin}1+1"
    assert formats.rearm(formats.disarm(f"{begin}1+1")) == f"{begin}1+1"
    assert formats.disarm("1=1") == "1=1"
    assert formats.rearm("'90 年代") == "'90 年代"


def test_a_table_leaves_as_spreadsheets_expect_it_and_in_parts():
    """Every column is disarmed unless it is said which are; a long table is sent as it comes."""
    rows = [["=1+1", "-5"], ["甲,乙", "一行\n两行"]]
    whole = b"".join(formats.csv_table(["名称", "+数"], rows)).decode()
    assert whole == '\ufeff名称,\'+数\r\n\'=1+1,\'-5\r\n"甲,乙","一行\n两行"\r\n'
    some = b"".join(formats.csv_table(["名称", "数"], rows[:1], [True, False])).decode()
    assert some.endswith("'=1+1,-5\r\n")
    parts = list(formats.csv_table(["名称"], (["长" * 1000] for _ in range(200))))
    assert len(parts) > 1 and b"".join(parts).count(b"\r\n") == 201


def test_xlsx_keeps_codes_as_text_numbers_as_numbers_and_tells_its_source(cast, grant):
    book = load_workbook(io.BytesIO(download(grant, cast, way="xlsx")))
    sheet = book["数据"]
    first = [cell.value for cell in sheet[2]]
    assert first[0] == "001483" and first[3] == 0.0525333 and first[2] == datetime(2026, 9, 1)
    assert sheet["B3"].value == '=HYPERLINK("http://x")' and sheet["B3"].data_type in ("s", "inlineStr")
    assert sheet["D5"].value == "0.12345678901234567890"
    about = {row[0].value: row[1].value for row in book["来源说明"]}
    assert about["授权办件"] == "GX-2026-0001" and "不得以任何形式提供给第三方" in about["使用限制"]


def test_xlsx_refuses_more_rows_than_a_sheet_has(cast, grant, monkeypatch):
    monkeypatch.setattr(formats, "XLSX_ROWS", 3)
    with pytest.raises(TooLarge, match="请下载 CSV"):
        download(grant, cast, way="xlsx")
    assert not Read.objects.get().finished


def test_json_keeps_every_digit_and_says_null(cast, grant):
    text = download(grant, cast, way="json").decode()
    rows = json.loads(text, parse_float=str)
    assert rows[0]["station"] == "001483" and rows[2]["pm25"] is None
    assert rows[3]["pm25"] == "0.12345678901234567890" and rows[2]["hours"] == 0


@pytest.mark.duty("SHA-15")
def test_licences_come_with_issuer_time_and_a_proof_that_can_be_confirmed(cast):
    items = (
        ItemSpec(
            "number", "证号", HoldingItem.Type.CODE, kind="licence", issuer_item="office", issued_item="day"
        ),
        ItemSpec("holder", "持证人"),
        ItemSpec("office", "发证机关"),
        ItemSpec("day", "发证日期", HoldingItem.Type.DATE),
    )
    rows = (
        {"number": "渝001", "holder": "张三", "office": "渝中区", "day": "2026-01-02"},
        {"number": "渝002", "holder": "李四", "office": "", "day": ""},
    )
    holding = build_holding(cast.organisation("provider"), code="LIC", items=items, rows=rows)
    grant = build_grant(holding, cast.organisation("requester"), items=["number", "holder"])
    body = json.loads(download(grant, cast, way="json"))
    assert (body[0]["_issuer"], body[0]["_issued"]) == ("渝中区", "2026-01-02")
    assert body[1]["_issuer"] == "重庆市生态环境局" and body[1]["_issued"].startswith("2026-09-28T10:00")
    assert confirm(body[0]["_proof"], ["number", "holder"])
    assert not confirm(body[0]["_proof"], ["number"])
    for forged in (
        "",
        "LIC/1/0:00",
        "LIC/9/0:1",
        "LIC/1/99:1",
        "LIC/x/y:z",
        "无",
        body[0]["_proof"][:-1] + "?",
    ):
        assert not confirm(forged, ["number", "holder"])
    slip = provenance(Read.objects.get())
    assert "同等效力" in slip["文书证照合同"]["效力"] and slip["SM3"] == holding.latest().sm3


def test_plain_data_carries_no_proof(cast, grant):
    assert "_proof" not in json.loads(download(grant, cast, way="json"))[0]


# Pages ---------------------------------------------------------------------------------------------------------


def test_pages_follow_the_cursor_to_the_end(cast, grant):
    first = ask(grant, cast, limit=3)
    assert len(first.rows) == 3 and first.next
    second = ask(grant, cast, limit=3, cursor=first.next)
    assert [row[0] for row in second.rows] == ["001486"] and second.next == ""
    assert [r.rows for r in Read.objects.order_by("id")] == [3, 1]
    assert all(r.finished for r in Read.objects.all())


def test_a_cursor_stays_in_its_version(cast, grant, holding):
    first = ask(grant, cast, limit=1)
    load_version(holding, rows=[{"station": "9"}], at=AT, by=SYSTEM)
    assert ask(grant, cast, cursor=first.next).rows[0][0] == "001484"
    assert ask(grant, cast).rows[0][0] == "9"


@pytest.mark.parametrize(
    ("filters", "stations"),
    [
        ({"station": "001484"}, ["001484"]),
        ({"station": "1484"}, []),
        ({"day__gte": "2026-09-02", "day__lt": "2026-09-04"}, ["001484", "001485"]),
        ({"pm25__gt": "-2", "pm25__lte": "0"}, ["001484"]),
        ({"pm25": ""}, ["001485"]),
        ({"hours": "0"}, ["001485"]),
        ({"pm25": "0.05253330"}, ["001483"]),
        ({"name": "+86"}, ["001486"]),
        ({"day__gt": "2030-01-01"}, []),
    ],
)
def test_filters_compare_by_type(cast, grant, filters, stations):
    found = ask(grant, cast, filters=filters)
    assert [row[0] for row in found.rows] == stations
    assert Read.objects.get().filters


def test_filters_answer_alike_across_blocks_passed_over(cast, monkeypatch):
    from datacentre import store

    monkeypatch.setattr(store, "BLOCK", 10)
    rows = tuple({"station": f"{i:05d}", "hours": str(i % 7)} for i in range(95))
    holding = build_holding(cast.organisation("provider"), code="BLOCKS", rows=rows)
    grant = build_grant(holding, cast.organisation("requester"))
    opened = []
    monkeypatch.setattr(
        store, "_open", lambda part, real=store._open: opened.append(part.number) or real(part)
    )
    found = ask(grant, cast, filters={"station__gte": "00040", "station__lt": "00050"})
    assert [row[0] for row in found.rows] == [f"{i:05d}" for i in range(40, 50)] and opened == [4]
    seen, cursor = [], ""
    while True:
        answer = ask(grant, cast, filters={"hours": "3"}, limit=4, cursor=cursor)
        seen += [row[0] for row in answer.rows]
        cursor = answer.next
        if not cursor:
            break
    assert seen == [f"{i:05d}" for i in range(95) if i % 7 == 3]


def test_a_query_that_finds_little_hands_back_a_cursor(cast, grant, monkeypatch):
    monkeypatch.setattr(paging, "LOOKED_AT", 2)
    first = ask(grant, cast, filters={"station": "001486"})
    assert first.rows == [] and first.next
    assert ask(grant, cast, filters={"station": "001486"}, cursor=first.next).rows[0][0] == "001486"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"cursor": "???"}, "cursor"),
        ({"cursor": "OTk6MA"}, "cursor"),
        ({"cursor": "中文"}, "cursor"),
        ({"filters": {"phone": "1"}}, "没有信息项"),
        ({"filters": {"name__gt": "1"}}, "只能按相等"),
        ({"filters": {"day": "昨天"}}, "应为日期"),
        ({"filters": {"pm25__gt": ""}}, "缺少值"),
        ({"filters": {"pm25__like": "1"}}, "没有信息项"),
    ],
)
def test_a_question_that_cannot_be_understood_says_why_and_leaves_no_read(cast, grant, question, words):
    with pytest.raises(BadQuery, match=words):
        ask(grant, cast, **question)
    assert not Read.objects.exists()
