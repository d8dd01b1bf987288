"""The one door: what it refuses, what it writes down, and that a read stops when its grant stops."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from accounts.actors import SYSTEM
from audit.models import Event
from clock import SHANGHAI
from datacentre import delivery, formats
from datacentre.actions import (
    end_grant,
    narrow_grant,
    open_grant,
    record_use,
    resume_grant,
    suspend_grant,
)
from datacentre.models import Grant, HoldingGroupPermission, Read
from datacentre.refusals import (
    GrantOver,
    GrantSuspended,
    ItemNotGranted,
    ModeNotGranted,
    NothingLoaded,
    NotYetBegun,
    NotYours,
    QuotaUsedUp,
    WrongStatus,
)
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.kernel.reading import ask, download, read
from tests.shelf import AIR_ROWS, AT, build_case, build_grant, build_holding

pytestmark = pytest.mark.django_db


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
