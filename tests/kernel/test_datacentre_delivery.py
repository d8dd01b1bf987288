"""The one door: what it refuses, what it writes down, and that a read stops when its grant stops."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta

import pytest
from accounts.actors import SYSTEM
from audit.models import Event
from clock import SHANGHAI
from datacentre import delivery, formats, paging
from datacentre.actions import (
    ItemSpec,
    end_grant,
    load_version,
    narrow_grant,
    open_grant,
    record_use,
    resume_grant,
    suspend_grant,
)
from datacentre.delivery import open_read
from datacentre.models import Grant, HoldingGroupPermission, HoldingItem, Read
from datacentre.paging import page
from datacentre.proofs import confirm
from datacentre.provenance import provenance
from datacentre.refusals import (
    BadQuery,
    GrantOver,
    GrantSuspended,
    ItemNotGranted,
    ModeNotGranted,
    NothingLoaded,
    NotYetBegun,
    NotYours,
    QuotaUsedUp,
    TooLarge,
    WrongStatus,
)
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from openpyxl import load_workbook

from tests.shelf import AIR_ROWS, AT, build_case, build_grant, build_holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def holding(cast):
    return build_holding(cast.organisation("provider"))


@pytest.fixture
def grant(cast, holding):
    return build_grant(holding, cast.organisation("requester"))


def tick():
    return AT


def read(grant, cast, *, who="requester", way="csv", at=AT, items=None, tick=tick):
    return open_read(grant, actor=cast.actor(who, at), at=at, way=way, items=items, tick=tick)


def download(grant, cast, **more) -> bytes:
    return b"".join(formats.write(read(grant, cast, **more)))


# What the door writes down -------------------------------------------------------------------------------------


@pytest.mark.duty("SHA-09")
def test_a_download_is_logged_with_grant_purpose_and_digest(cast, grant):
    body = download(grant, cast)
    logged = Read.objects.get()
    assert (logged.grant, logged.user, logged.way) == (grant, cast.user("requester"), "csv")
    assert (logged.rows, logged.finished, logged.stopped) == (4, True, "")
    assert logged.items == grant.items and logged.version.number == 1
    import hashlib

    assert logged.sm3 == hashlib.new("sm3", body).hexdigest()
    begun, ended = Event.objects.filter(action__startswith="grant:read").order_by("id")
    assert json.loads(begun.body)["after"]["purpose"] == "重型车通行管理"
    assert json.loads(ended.body)["after"]["sm3"] == logged.sm3


def test_an_ended_read_cannot_be_changed_or_deleted(cast, grant):
    download(grant, cast)
    for change in ("UPDATE datacentre_read SET rows = 1", "DELETE FROM datacentre_read"):
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(change)


# What it refuses -----------------------------------------------------------------------------------------------


@pytest.mark.duty("SHA-09", "SHA-12")
@pytest.mark.parametrize(
    "who",
    ["stranger", "provider", "authority", "authority_lead", "auditor", "sysadmin", "company", "citizen"],
)
def test_only_the_grantee_reads_and_a_refusal_leaves_no_read(cast, grant, who):
    with pytest.raises(NotYours, match="只有该单位的人员可以读取"):
        read(grant, cast, who=who)
    assert not Read.objects.exists()
    assert read(grant, cast, who="requester_lead").read.organisation == cast.organisation("requester")


def test_a_post_that_has_ended_reads_no_more(cast, grant):
    cast.user("requester").posts.update(valid_to=date(2026, 9, 28))
    with pytest.raises(NotYours):
        read(grant, cast)


@pytest.mark.duty("SHA-09")
def test_the_days_of_the_grant_are_whole_days_in_chongqing(cast, grant):
    last_moment = datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
    assert read(grant, cast, at=last_moment)
    with pytest.raises(GrantOver, match="最后一日是 2026-12-31"):
        read(grant, cast, at=last_moment + timedelta(seconds=1))
    first = datetime(2026, 9, 1, tzinfo=SHANGHAI)
    assert read(grant, cast, at=first)
    with pytest.raises(NotYetBegun, match="自 2026-09-01 起"):
        read(grant, cast, at=first - timedelta(seconds=1))


WAYS = ["page", "csv", "xlsx", "json", "api"]


@pytest.mark.duty("SHA-09")
@pytest.mark.parametrize("way", WAYS)
def test_an_ended_grant_closes_every_way(cast, grant, way):
    read(grant, cast, way=way)
    end_grant(grant, why="撤销：超出使用范围", at=AT, by=SYSTEM)
    with pytest.raises(GrantOver, match="已于 2026-09-28 10:00 终止：撤销：超出使用范围"):
        read(grant, cast, way=way)


@pytest.mark.duty("SHA-09")
@pytest.mark.parametrize("way", WAYS)
def test_a_suspended_grant_closes_every_way_until_it_is_resumed(cast, grant, way):
    suspend_grant(grant, why="核查中", at=AT, by=SYSTEM)
    with pytest.raises(GrantSuspended, match="核查中"):
        read(grant, cast, way=way)
    resume_grant(grant, why="不成立", at=AT, by=SYSTEM)
    assert read(grant, cast, way=way)


def test_items_outside_the_grant_are_refused_also_as_a_filter(cast, grant):
    grant = narrow_grant(grant, items=["station", "day"], why="调整", at=AT, by=SYSTEM)
    assert [item.code for item in read(grant, cast).items] == ["station", "day"]
    with pytest.raises(ItemNotGranted, match="pm25"):
        read(grant, cast, items=["pm25"])
    with pytest.raises(ItemNotGranted, match="不能用它筛选"):
        ask(grant, cast, filters={"pm25__gt": "0"})
    with pytest.raises(ItemNotGranted):
        read(grant, cast, items=["owner_phone'; DROP TABLE"])
    with pytest.raises(ItemNotGranted, match="没有选择"):
        read(grant, cast, items=[])


def test_a_way_that_was_not_granted_is_refused(cast, holding):
    grant = build_grant(holding, cast.organisation("requester"), modes=["file"])
    assert read(grant, cast, way="csv")
    with pytest.raises(ModeNotGranted, match="不包括接口"):
        read(grant, cast, way="api")


def test_the_quota_counts_the_day_in_chongqing(cast, holding):
    grant = build_grant(holding, cast.organisation("requester"), quota=2)
    midnight = datetime(2026, 9, 29, tzinfo=SHANGHAI)
    for _ in range(2):
        ask(grant, cast, at=midnight - timedelta(minutes=1))
    with pytest.raises(QuotaUsedUp, match="每日上限 2 次"):
        ask(grant, cast, at=midnight - timedelta(seconds=1))
    assert ask(grant, cast, at=midnight)


def test_nothing_loaded_is_said(cast):
    holding = build_holding(cast.organisation("provider"), rows=None)
    with pytest.raises(NothingLoaded, match="还没有载入"):
        read(build_grant(holding, cast.organisation("requester")), cast)


def test_grant_and_object_permission_must_agree(cast, grant):
    HoldingGroupPermission.objects.all().delete()
    with pytest.raises(NotYours, match="对象权限不一致"):
        read(grant, cast)


# The grant ends on the way -------------------------------------------------------------------------------------


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(delivery, "CHECK_ROWS", 2)


@pytest.mark.duty("SHA-09")
@pytest.mark.parametrize("act", [end_grant, suspend_grant])
def test_a_stream_stops_when_its_grant_is_closed(cast, grant, often, act):
    door = read(grant, cast)
    rows = door.rows()
    assert [next(rows)[0], next(rows)[0]] == ["001483", "001484"]
    act(grant, why="核查", at=AT, by=SYSTEM)
    with pytest.raises((GrantOver, GrantSuspended)):
        next(rows)
    logged = Read.objects.get()
    assert (logged.rows, logged.finished) == (2, False)
    assert "核查" in logged.stopped


@pytest.mark.duty("SHA-09")
def test_a_stream_stops_at_the_end_of_the_last_day(cast, grant, often):
    late = datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
    now = [late]
    rows = read(grant, cast, at=late, tick=lambda: now[0]).rows()
    next(rows), next(rows)
    now[0] = late + timedelta(seconds=1)
    with pytest.raises(GrantOver, match="期满"):
        next(rows)
    assert Read.objects.get().ended_at == now[0]


def test_a_stream_stops_when_an_item_is_taken_out(cast, grant, often):
    rows = read(grant, cast).rows()
    next(rows), next(rows)
    narrow_grant(grant, items=["station"], why="调整", at=AT, by=SYSTEM)
    with pytest.raises(ItemNotGranted, match="细颗粒物"):
        next(rows)


def test_a_download_that_the_receiver_breaks_off_is_not_finished(cast, grant, monkeypatch):
    monkeypatch.setattr(formats, "_CHUNK", 1)
    chunks = formats.write(read(grant, cast))
    next(chunks)
    chunks.close()
    logged = Read.objects.get()
    assert not logged.finished and logged.stopped == "接收方中断了下载" and logged.rows == 1


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
    assert formats.disarm("1=1") == "1=1"


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


def ask(grant, cast, *, at=AT, **more):
    return page(grant, actor=cast.actor("requester", at), at=at, tick=tick, **more)


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


# The grant itself ----------------------------------------------------------------------------------------------


def _permitted(grant: Grant) -> bool:
    return HoldingGroupPermission.objects.filter(
        content_object=grant.holding,
        group__name=f"org:{grant.grantee.code}",
        permission__codename="read_holding",
    ).exists()


@pytest.mark.duty("SHA-09")
def test_the_object_permission_stands_while_any_grant_is_open(cast, holding):
    one = build_grant(holding, cast.organisation("requester"))
    two = build_grant(holding, cast.organisation("requester"), number="GX-2026-0002")
    assert _permitted(one)
    end_grant(one, why="主动停用", at=AT, by=SYSTEM)
    assert _permitted(two)
    suspend_grant(two, why="核查", at=AT, by=SYSTEM)
    assert not _permitted(two)
    resume_grant(two, why="不成立", at=AT, by=SYSTEM)
    assert _permitted(two)
    end_grant(two, why="到期", at=AT, by=SYSTEM)
    assert not _permitted(two)
    actions = Event.objects.filter(object_kind="grant").values_list("action", flat=True)
    assert sorted(set(actions)) == ["grant:end", "grant:open", "grant:resume", "grant:suspend"]


def test_an_act_from_the_wrong_status_is_refused(cast, grant):
    with pytest.raises(WrongStatus, match="有效"):
        resume_grant(grant, why="", at=AT, by=SYSTEM)
    end_grant(grant, why="到期", at=AT, by=SYSTEM)
    for act in (suspend_grant, resume_grant, end_grant):
        with pytest.raises(WrongStatus, match="已终止"):
            act(grant, why="再来", at=AT, by=SYSTEM)


def test_narrowing_never_widens(cast, grant):
    grant = narrow_grant(grant, items=["day", "station"], scope="执法处", why="调整", at=AT, by=SYSTEM)
    assert (grant.items, grant.scope) == (["station", "day"], "执法处")
    with pytest.raises(ItemNotGranted, match="不能增加"):
        narrow_grant(grant, items=["station", "pm25"], why="", at=AT, by=SYSTEM)
    with pytest.raises(ItemNotGranted, match="应当终止"):
        narrow_grant(grant, items=[], why="", at=AT, by=SYSTEM)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"items": []}, "至少要有一个"),
        ({"items": ["phone"]}, "没有信息项：phone"),
        ({"modes": ["fax"]}, "没有这种提供方式"),
        ({"purpose": ""}, "purpose|用途|不能为空"),
        ({"first_day": date(2027, 1, 1)}, "grant_days_in_order|违反"),
    ],
)
def test_a_grant_that_does_not_fit_is_not_opened(cast, holding, facts, words):
    with pytest.raises(ValidationError, match=words), transaction.atomic():
        build_grant(holding, cast.organisation("requester"), **facts)
    assert not Grant.objects.exists()


def test_nobody_is_granted_its_own_data(cast, holding):
    owner = cast.organisation("provider")
    with pytest.raises(ValidationError, match="不需要向自己授权"):
        open_grant(
            holding, case=build_case(owner), grantee=owner, items=["day"], purpose="x",
            first_day=AT.date(), last_day=AT.date(), at=AT, by=SYSTEM,
        )  # fmt: skip


@pytest.mark.duty("SHA-09")
def test_use_is_recorded_by_the_grantee_and_by_nobody_else(cast, grant):
    use = record_use(grant, used_for="<script>研判限行路段</script>", at=AT, by=cast.actor("requester", AT))
    assert use.grant == grant and Event.objects.filter(action="grant:use").exists()
    with pytest.raises(NotYours):
        record_use(grant, used_for="看看", at=AT, by=cast.actor("provider", AT))
    with pytest.raises(ValidationError):
        record_use(grant, used_for="", at=AT, by=cast.actor("requester", AT))


@pytest.mark.duty("SHA-09")
def test_a_grant_is_seen_by_its_two_bodies_the_authority_and_its_auditor(cast, grant):
    seen = {name: Grant.objects.visible_to(cast.actor(name, AT)).exists() for name in (
        "requester", "provider", "authority", "authority_lead", "auditor",
        "stranger", "company", "district", "sysadmin", "secadmin", "citizen",
    )}  # fmt: skip
    assert [name for name, yes in seen.items() if yes] == [
        "requester",
        "provider",
        "authority",
        "authority_lead",
        "auditor",
    ]


def test_the_rows_of_the_shelf_are_what_was_delivered(cast, grant):
    assert len(json.loads(download(grant, cast, way="json"))) == len(AIR_ROWS)
