"""共享授权核查与撤销: a grant is suspended everywhere at once, narrowed, restored or revoked; its request hears."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from clock import SHANGHAI
from datacentre.models import Grant
from deadlines.models import Deadline
from procedures import hearings
from procedures.filing import file
from procedures.models import Hearing
from procedures.refusals import BadFacts, Guarded, NoRight

from sharing.procedures import REVOCATION
from tests.sharing.conftest import MONDAY, World

pytestmark = pytest.mark.duty("SHA-09", "SHA-13")

OPENING = {
    "ground": "purpose",
    "facts": "调用记录显示用于与申请场景无关的批量比对。",
    "log_extract": "2026-09-20 调用 3000 次",
}
REVOKE = {"reason": "用于其他目的，超出授权范围。", "basis": "《重庆市数据条例》第二十五条第三款"}


@pytest.fixture
def granted(world: World):
    return world.granted()


def opened(world: World, request, who: str = "authority", **changes: object):
    return file(
        REVOCATION,
        by=world.cast.actor(who, MONDAY),
        at=MONDAY,
        facts={**OPENING, **changes},
        subject=request.grant,
    )


def heard(at: datetime = MONDAY) -> None:
    hearings.deliver(at)


@pytest.mark.duty("SHA-10", "SHA-11")
def test_the_provider_may_open_a_case_and_the_requester_has_to_explain(world: World, granted):
    case = opened(world, granted, "provider")
    assert case.state == "EXAMINING"
    assert {t.organisation.short_name for t in case.turns.all()} == {"市大数据局", "市交通运输委"}
    world.perform(case, "explain", "requester", MONDAY, explanation="系统误配，已于当日停用该任务。")
    case = world.sign(case, "requester_lead", MONDAY)
    assert Deadline.objects.get(case=case, clock="EXPLAIN").outcome == "met"
    assert {t.organisation.short_name for t in case.turns.all()} == {"市大数据局"}


def test_a_stranger_cannot_open_one(world: World, granted):
    with pytest.raises(NoRight):
        opened(world, granted, "stranger")


def test_an_urgent_suspension_closes_access_at_once_and_is_confirmed_by_another(world: World, granted):
    case = opened(world, granted)
    case = world.perform(case, "suspend", "authority", MONDAY, reason="正在大量下载，不能等待。")
    assert case.state == "SUSPENDED"
    assert Grant.objects.get(case=granted).status == "suspended"
    heard()
    granted.refresh_from_db()
    assert granted.state == "SUSPENDED"
    with pytest.raises(NoRight):
        world.sign(case, "authority", MONDAY)
    case = world.sign(case, "authority_lead", MONDAY)
    assert case.acts.order_by("id").last().step == "confirm:suspend"
    world.perform(case, "restore", "authority", MONDAY, finding="说明属实，没有超出范围使用。")
    case = world.sign(case, "authority_lead", MONDAY)
    heard()
    granted.refresh_from_db()
    assert (case.state, granted.state, Grant.objects.get(case=granted).status) == (
        "RESTORED",
        "IN_USE",
        "open",
    )


def test_narrowing_leaves_the_other_items(world: World, granted):
    case = opened(world, granted)
    world.perform(
        case,
        "narrow",
        "authority",
        MONDAY,
        items_out=["result"],
        scope="",
        reason="检验结果与用途没有关系，予以缩减。",
        basis="《重庆市数据条例》第二十五条第三款",
    )
    world.sign(case, "authority_lead", MONDAY)
    heard()
    assert Grant.objects.get(case=granted).items == ["plate"]


def test_revocation_ends_the_request_and_asks_what_became_of_copies(world: World, granted):
    case = opened(world, granted)
    world.perform(case, "revoke", "authority", MONDAY, **REVOKE, effective_on="2026-09-21")
    case = world.sign(case, "authority_lead", MONDAY)
    heard()
    granted.refresh_from_db()
    assert (case.state, granted.state) == ("DISPOSING", "REVOKED")
    assert Grant.objects.get(case=granted).status == "ended"
    world.perform(
        case,
        "report-disposal",
        "requester",
        MONDAY,
        copies="一份，在业务库",
        method="覆盖删除",
        disposed_on="2026-09-21",
        statement="已全部删除，没有其他副本。",
    )
    assert world.sign(case, "requester_lead", MONDAY).state == "REVOKED"


def test_a_revocation_without_fault_gives_ten_working_days(world: World, granted):
    case = opened(world, granted, ground="error")
    with pytest.raises(Guarded, match="2026-10-12"):
        world.perform(case, "revoke", "authority", MONDAY, **REVOKE, effective_on="2026-10-10")
    world.perform(case, "revoke", "authority", MONDAY, **REVOKE, effective_on="2026-10-12")
    world.sign(case, "authority_lead", MONDAY)
    heard(MONDAY + timedelta(days=3))
    granted.refresh_from_db()
    assert granted.state == "IN_USE"
    heard(datetime(2026, 10, 12, 0, 0, tzinfo=SHANGHAI))
    granted.refresh_from_db()
    assert granted.state == "REVOKED"


@pytest.mark.duty("SHA-19")
def test_an_unmet_demand_lapses_by_itself_and_is_a_breach(world: World, granted):
    from procedures.tasks import take_step

    case = opened(world, granted)
    with pytest.raises(BadFacts):
        world.perform(
            case, "demand", "authority", MONDAY, demand="立即停止超范围使用。" * 2, rectify_by="2026-09-21"
        )
    world.perform(
        case, "demand", "authority", MONDAY, demand="立即停止超范围使用。" * 2, rectify_by="2026-09-30"
    )
    case = world.sign(case, "authority_lead", MONDAY)
    assert case.state == "RECTIFYING"
    late = datetime(2026, 10, 3, 8, 0, tzinfo=SHANGHAI)
    take_step(Deadline.objects.get(case=case, clock="RECTIFY"), late)
    case.refresh_from_db()
    assert case.state == "CHECKING"
    assert Deadline.objects.get(case=case, clock="RECTIFY").breached_at == datetime(
        2026, 10, 1, 0, 0, tzinfo=SHANGHAI
    )


def test_a_step_asked_twice_is_taken_once(world: World, granted):
    case = opened(world, granted)
    world.perform(case, "suspend", "authority", MONDAY, reason="正在大量下载，不能等待。")
    heard()
    heard()
    assert Hearing.objects.get().outcome == "taken"
    assert granted.acts.filter(step="suspend").count() == 1
