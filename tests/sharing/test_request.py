"""共享申请 from submission to shared data, and every way it may be refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from audit.models import Event
from clock import SHANGHAI
from datacentre.models import Grant
from deadlines.models import Deadline
from documents.models import Paper
from notices.models import Outgoing
from procedures.models import Turn
from procedures.refusals import BadFacts, Guarded, NoRight, Stale, Waiting, WrongState

from tests.sharing.conftest import MONDAY, World


@pytest.mark.duty("SHA-04", "SHA-05")
def test_a_request_gets_a_number_a_receipt_and_five_working_days(world: World):
    case = world.request()
    assert (case.number, case.state) == ("GX-2026-0001", "ANSWERING")
    answer = Deadline.objects.get(case=case, clock="ANSWER")
    # 2026-09-21 is a Monday; 09-25 to 09-27 are 中秋节 and 09-20 was worked
    assert answer.due_on == date(2026, 9, 29)
    turn = Turn.objects.get(case=case)
    assert (turn.organisation, turn.role, turn.due_on) == (
        world.cast.organisation("authority"),
        "officer",
        answer.due_on,
    )
    assert Paper.objects.get(case=case).kind == "sharing-receipt"
    assert Event.objects.filter(object_id=case.number, action="sharing-request:submit").count() == 1
    assert Outgoing.objects.filter(case=case, organisation=world.cast.organisation("authority")).count() == 1


@pytest.mark.duty("SHA-04")
def test_a_request_without_a_use_scenario_is_refused_and_leaves_nothing(world: World):
    with pytest.raises(BadFacts) as refusal:
        world.request(scenario="")
    assert refusal.value.errors == {"scenario": ["请填写“应用场景”"]}
    assert not Event.objects.filter(object_kind="case").exists()
    assert world.request().number.endswith("-0001")


@pytest.mark.duty("SHA-05", "SHA-09", "SHA-12")
def test_a_grant_needs_two_people_and_opens_the_data(world: World):
    case = world.request()
    case = world.perform(
        case,
        "grant",
        "authority",
        MONDAY,
        **world.grant_facts(
            items=["plate"],
            left_out_reason="与履行这一职责没有直接关系。",
            left_out_basis="《重庆市数据条例》第二十五条第三款",
        ),
    )
    assert case.state == "ANSWERING"
    assert Turn.objects.get(case=case).role == "lead"
    with pytest.raises(NoRight):
        world.sign(case, "authority", MONDAY)
    case = world.sign(case, "authority_lead", MONDAY)
    assert case.state == "IN_USE"
    grant = Grant.objects.get(case=case)
    assert (grant.items, grant.last_day, grant.status) == (["plate"], date(2027, 10, 8), "open")
    assert Deadline.objects.get(case=case, clock="ANSWER").outcome == "met"
    assert Deadline.objects.get(case=case, clock="TERM").due_on == date(2027, 10, 8)
    paper = Paper.objects.get(case=case, kind="sharing-answer")
    assert paper.number == "渝数共答〔2026〕1号"
    assert "不同意共享检验结果" in str(paper.content)


@pytest.mark.duty("SHA-05")
def test_a_refusal_without_reason_and_basis_is_refused_by_type(world: World):
    case = world.request()
    with pytest.raises(BadFacts) as refusal:
        world.perform(case, "refuse", "authority", MONDAY, reason="", basis="")
    assert set(refusal.value.errors) == {"reason", "basis"}
    world.perform(
        case,
        "refuse",
        "authority",
        MONDAY,
        reason="申请的数据含个人信息，超出履职所必需的范围。",
        basis="《中华人民共和国个人信息保护法》第三十四条",
    )
    case = world.sign(case, "authority_lead", MONDAY)
    assert case.state == "REFUSED" and case.closed_at == MONDAY
    assert not Turn.objects.filter(case=case).exists()


@pytest.mark.duty("SHA-06", "SHA-07")
def test_a_consultation_extends_the_answer_once_and_gives_the_provider_three_days(world: World):
    case = world.request()
    consult = {
        "unsettled": "目录没有写明能否批量获取。",
        "question": "能否批量提供检验结果？",
        "reason": "依据目录不能确定能否共享。",
    }
    case = world.perform(case, "consult", "authority", MONDAY, **consult)
    assert case.state == "CONSULTING"
    assert Deadline.objects.get(case=case, clock="ANSWER").due_on == date(2026, 10, 12)
    assert Deadline.objects.get(case=case, clock="OPINION").due_on == date(2026, 9, 24)
    assert [turn.organisation for turn in Turn.objects.filter(case=case)] == [
        world.cast.organisation("provider")
    ]
    case = world.perform(
        case, "opine", "provider", MONDAY, opinion="can", reason="用途与职能相符，可以提供。"
    )
    case = world.sign(case, "provider_lead", MONDAY)
    assert case.state == "ANSWERING"
    with pytest.raises(Guarded, match="已延长过一次"):
        world.perform(case, "consult", "authority", MONDAY, **consult)


def test_only_those_who_may_take_a_step_take_it(world: World):
    case = world.request()
    for who in ("requester", "provider", "stranger", "citizen", "auditor", "sysadmin"):
        with pytest.raises(NoRight):
            world.perform(case, "refuse", who, MONDAY, reason="x" * 20, basis="《重庆市数据条例》")


def test_a_step_out_of_its_state_or_on_a_stale_page_is_refused(world: World):
    from procedures.perform import perform

    case = world.request()
    with pytest.raises(WrongState):
        world.perform(case, "opine", "provider", MONDAY, opinion="can", reason="x" * 20)
    with pytest.raises(Stale):
        perform(
            case,
            "withdraw",
            by=world.cast.actor("requester", MONDAY),
            at=MONDAY,
            facts={"reason": "不再需要了"},
            version=case.version - 1,
        )


def test_while_a_draft_waits_no_other_decision_is_taken(world: World):
    case = world.request()
    case = world.perform(case, "grant", "authority", MONDAY, **world.grant_facts())
    with pytest.raises(Waiting):
        world.perform(case, "refuse", "authority", MONDAY, reason="x" * 20, basis="《重庆市数据条例》")


@pytest.mark.duty("SHA-01", "SHA-08")
def test_what_is_unconditional_is_granted_at_once_with_the_same_paper_and_trail(open_world: World):
    world = open_world
    case = world.request()
    assert case.state == "IN_USE"
    assert [act.step for act in case.acts.order_by("id")] == ["submit", "grant-at-once", "open-access"]
    assert Paper.objects.filter(case=case, kind="sharing-answer").count() == 1
    assert Event.objects.filter(object_id=case.number).count() >= 3


@pytest.mark.duty("SHA-10")
def test_data_outside_ones_functions_cannot_be_asked_for(world: World):
    with pytest.raises(BadFacts) as refusal:
        world.request(function="NOT-MINE")
    assert "职能" in refusal.value.errors["function"][0]


def test_a_request_that_expires_closes_its_access(world: World):
    from procedures.tasks import take_step

    case = world.granted()
    term = Deadline.objects.get(case=case, clock="TERM")
    take_step(term, datetime(2027, 10, 9, 0, 1, tzinfo=SHANGHAI))
    case.refresh_from_db()
    assert case.state == "EXPIRED"
    assert case.closed_at == datetime(2027, 10, 9, 0, 0, tzinfo=SHANGHAI)
    assert Grant.objects.get(case=case).status == "ended"


@pytest.mark.duty("SHA-05")
def test_a_request_at_night_is_of_its_day_in_chongqing(world: World):
    night = datetime(2026, 9, 22, 0, 30, tzinfo=SHANGHAI)  # still the 21st in UTC
    case = world.request(night)
    case.refresh_from_db()
    assert case.received_on == date(2026, 9, 22)
    assert "2026年9月22日" in str(_refused(world, case, night).content)


def _refused(world: World, case, at: datetime) -> Paper:
    world.perform(
        case,
        "refuse",
        "authority",
        at,
        reason="超出履行职责所必需的范围。",
        basis="《中华人民共和国数据安全法》第三十八条",
    )
    world.sign(case, "authority_lead", at)
    return Paper.objects.get(case=case, kind="sharing-refusal")
