"""Loading: every bad cell is named, nothing is half-done, codes stay text, digests are those of the text."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from accounts.actors import SYSTEM
from audit.models import Event
from datacentre import listeners, queries, store
from datacentre.actions import ItemSpec, create_holding, load_version
from datacentre.identifiers import region, resident, uscc
from datacentre.models import HoldingItem, HoldingPart, HoldingVersion
from datacentre.models.holdings import holdings_storage
from datacentre.refusals import BadTable, NotAdmitted, NotYours
from django.db import IntegrityError, connection, transaction

from tests.shelf import AIR_ITEMS, AIR_ROWS, AT, build_entry, build_holding

pytestmark = pytest.mark.django_db
Type = HoldingItem.Type


def upload(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


HEADER = "station,name,day,pm25,hours\n"


def test_a_file_becomes_a_version_with_its_digests_and_its_event(cast):
    holding = build_holding(cast.organisation("provider"), rows=None)
    text = "站点编号,站点名称,日期,细颗粒物,有效小时\n001483,解放碑,2026-09-01,0.05,24\n"
    version = load_version(
        holding, file=upload(text, "utf-8-sig"), note="首次", at=AT, by=cast.actor("provider", AT)
    )
    canonical = (HEADER + "001483,解放碑,2026-09-01,0.05,24\n").encode()
    assert (version.number, version.rows, version.size) == (1, 1, len(canonical))
    assert version.sm3 == hashlib.new("sm3", canonical).hexdigest()
    assert version.sha256 == hashlib.sha256(canonical).hexdigest()
    assert version.received_sm3 == hashlib.new("sm3", text.encode("utf-8-sig")).hexdigest()
    assert Event.objects.filter(action="holding:load", object_id="AIR").count() == 1


def test_values_come_back_as_they_were_with_codes_and_digits_whole(cast):
    holding = build_holding(cast.organisation("provider"))
    rows = [row for _, row in store.rows(holding.latest())]
    assert [row[0] for row in rows] == ["001483", "001484", "001485", "001486"]
    assert rows[2] == ["001485", '<b>观音桥</b>\n"北"', "2026-09-03", "", "0"]
    assert rows[3][3] == "0.12345678901234567890"


def test_every_bad_cell_is_named_at_once_and_nothing_is_kept(cast):
    holding = build_holding(cast.organisation("provider"), code="NONE", rows=None)
    text = (
        HEADER
        + '001,甲,2026-02-30,1,1\n,乙,2026-02-01,1,1\n003,丙,2026-02-01,"1,000",007\n004,丁,2026-02-01,1\n'
    )
    with pytest.raises(BadTable) as refusal:
        load_version(holding, file=upload(text), at=AT, by=cast.actor("provider", AT))
    found = [(error.row, error.column) for error in refusal.value.errors]
    assert found == [(2, "日期"), (3, "站点编号"), (4, "细颗粒物"), (4, "有效小时"), (5, "")]
    assert "2026-02-30" in refusal.value.message and "第 2 行“日期”" in refusal.value.message
    assert not HoldingVersion.objects.exists() and not HoldingPart.objects.exists()
    assert not holdings_storage().exists("NONE")
    assert not Event.objects.filter(action="holding:load").exists()


def test_blocks_already_stored_are_taken_back_when_a_later_row_is_bad(cast, monkeypatch):
    monkeypatch.setattr(store, "BLOCK", 2)
    holding = build_holding(cast.organisation("provider"), code="BACK", rows=None)
    rows = [*AIR_ROWS, {"station": "9", "day": "yesterday"}]
    with pytest.raises(BadTable):
        load_version(holding, rows=rows, at=AT, by=SYSTEM)
    folders = holdings_storage().listdir("BACK")[0]
    assert not [name for folder in folders for name in holdings_storage().listdir(f"BACK/{folder}")[1]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "空的"),
        (HEADER, "没有数据行"),
        ("station,name,day,pm25\n", "缺少这一列"),
        ("station,name,day,pm25,hours,身高\n", "不是本数据实体的信息项"),
        ("station,name,day,pm25,hours,站点编号\n", "出现了两次"),
        (HEADER + '001,"甲,2026-01-01,1,1\n', "引号不成对"),
        (HEADER + "001,甲\x07,2026-01-01,1,1\n", "控制字符"),
        (HEADER + "00 1,甲,2026-01-01,1,1\n", "不能有空格"),
        (HEADER + f"001,{'长' * 32768},2026-01-01,1,1\n", "最多 32,767"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(cast, text, words):
    holding = build_holding(cast.organisation("provider"), rows=None)
    with pytest.raises(BadTable, match=words):
        load_version(holding, file=upload(text), at=AT, by=SYSTEM)


def test_a_file_in_another_encoding_says_how_to_save_it(cast):
    holding = build_holding(cast.organisation("provider"), rows=None)
    with pytest.raises(BadTable, match="CSV UTF-8"):
        load_version(
            holding, file=upload(HEADER + "001,解放碑站点,2026-01-01,1,1\n", "gbk"), at=AT, by=SYSTEM
        )


def test_only_the_owner_loads(cast):
    holding = build_holding(cast.organisation("provider"), rows=None)
    assert load_version(holding, rows=AIR_ROWS, at=AT, by=cast.actor("provider_lead", AT)).number == 1
    for name in ("requester", "authority", "sysadmin", "auditor"):
        with pytest.raises(NotYours, match="只有该单位的人员"):
            load_version(holding, rows=AIR_ROWS, at=AT, by=cast.actor(name, AT))
    assert holding.latest().number == 1


@pytest.mark.duty("CAT-07")
def test_no_data_without_a_published_entry(cast):
    owner = cast.organisation("provider")
    bare = create_holding(code="BARE", name="无目录", owner=owner, items=AIR_ITEMS, at=AT, by=SYSTEM)
    with pytest.raises(NotAdmitted, match="没有目录条目"):
        load_version(bare, rows=AIR_ROWS, at=AT, by=SYSTEM)
    build_entry(owner, code="BARE", holding=bare, published=False)
    with pytest.raises(NotAdmitted, match="已撤销"):
        load_version(bare, rows=AIR_ROWS, at=AT, by=SYSTEM)
    with pytest.raises(IntegrityError, match="没有已发布的目录条目"), transaction.atomic():
        HoldingVersion.objects.create(holding=bare, number=1, loaded_at=AT, rows=0, size=0)


def test_versions_are_counted_and_cannot_be_changed(cast):
    holding = build_holding(cast.organisation("provider"))
    second = load_version(holding, rows=AIR_ROWS[:1], at=AT, by=SYSTEM)
    assert second.number == 2 and holding.latest() == second
    for change in ("UPDATE datacentre_holdingversion SET rows = 9", "DELETE FROM datacentre_holdingpart"):
        with pytest.raises(IntegrityError, match="不能更改或者删除"), transaction.atomic():
            connection.cursor().execute(change)


def test_listeners_hear_of_a_version_after_its_transaction(cast, django_capture_on_commit_callbacks):
    holding = build_holding(cast.organisation("provider"), rows=None)
    heard = []
    listeners.register(heard.append)
    try:
        with django_capture_on_commit_callbacks() as callbacks:
            version = load_version(holding, rows=AIR_ROWS, at=AT, by=SYSTEM)
            assert not heard
        for callback in callbacks:
            callback()
    finally:
        listeners.unregister(heard.append)
    assert version in heard


def test_a_holding_meets_a_grant_when_its_data_has_the_items(cast):
    holding = build_holding(cast.organisation("provider"), rows=None)
    assert not queries.ready(holding, ["station"])
    load_version(holding, rows=AIR_ROWS, at=AT, by=SYSTEM)
    assert queries.ready(holding, ["station", "pm25"])
    assert not queries.ready(holding, ["station", "owner_phone"])


@pytest.mark.duty("CAT-20")
def test_identifiers_are_checked_by_their_own_checksum(cast):
    items = (
        ItemSpec("id", "身份号码", Type.CODE, identifier="resident"),
        ItemSpec("uscc", "统一社会信用代码", Type.CODE, identifier="uscc"),
        ItemSpec("region", "行政区划代码", Type.CODE, identifier="region"),
    )
    holding = build_holding(cast.organisation("provider"), code="IDS", items=items, rows=None)
    good = {"id": "11010519491231002X", "uscc": "11500000MB1670604W", "region": "500103"}
    assert load_version(holding, rows=[good], at=AT, by=SYSTEM).rows == 1
    bad = {"id": "110105194912310021", "uscc": "11500000MB1670604X", "region": "5002f0"}
    with pytest.raises(BadTable) as refusal:
        load_version(holding, rows=[bad], at=AT, by=SYSTEM)
    assert [error.column for error in refusal.value.errors] == [
        "身份号码",
        "统一社会信用代码",
        "行政区划代码",
    ]


def test_identifier_rules_name_what_is_wrong():
    assert (
        resident("11010519491231002X") == ""
        and "18 位" in resident("123")
        and "不是一个日期" in resident("110105194913310020")
    )
    assert uscc("11500000009275780L") == "" and "“I”" in uscc("1150000000927578IL")
    assert uscc("11500000009275780l") == "应写作 11500000009275780L"
    assert region("500000") == region("500103001") == "" and "不是省级代码" in region("990000")


def test_a_canonical_row_can_be_read_back_by_any_csv_reader():
    row = ["", 'a"b', "一,二", "三\n四"]
    assert next(csv.reader(io.StringIO(store.line(row).decode()))) == row
