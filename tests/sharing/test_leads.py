"""What sharing hands to supervision (SHA-19), and what it shows of its answers on the home page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts.models import Organisation
from procedures import hearings
from procedures.filing import file
from procedures.models import Case

from catalog.models import Entry
from security.models import Lead
from sharing.portal import recent_answers
from sharing.procedures import REVOCATION
from tests.sharing.conftest import MONDAY, World

OPENING = {"facts": "调用记录显示用于与申请场景无关的批量比对。", "log_extract": "2026-09-20 调用 3000 次"}
REVOKE = {"reason": "用于其他目的，超出授权范围。", "basis": "《重庆市数据条例》第二十五条第三款"}


def revoked(world: World, ground: str, effective_on: str = "2026-09-21") -> Case:
    granted = world.granted()
    case = file(
        REVOCATION,
        by=world.cast.actor("authority", MONDAY),
        at=MONDAY,
        facts={**OPENING, "ground": ground},
        subject=granted.grant,
    )
    world.perform(case, "revoke", "authority", MONDAY, **REVOKE, effective_on=effective_on)
    case = world.sign(case, "authority_lead", MONDAY)
    hearings.deliver(MONDAY)
    return case


@pytest.mark.duty("SHA-11", "SHA-19")
def test_a_grant_revoked_for_fault_is_a_lead(world: World):
    case = revoked(world, "purpose")
    lead = Lead.objects.get()
    assert (lead.source, lead.status, lead.case) == ("step", "new", case)
    assert (lead.body, lead.ground) == (world.cast.organisation("requester"), "GOV19-50(五)")
    assert lead.act.step == "revoke" and "批量比对" in lead.facts


@pytest.mark.duty("SHA-10", "SHA-19")
@pytest.mark.parametrize(("ground", "cited"), [("unrelated", "GOV19-50(四)"), ("risk", "REG22-56(五)")])
def test_the_ground_of_the_lead_follows_from_that_of_the_case(world: World, ground: str, cited: str):
    revoked(world, ground)
    assert Lead.objects.get().ground == cited


def test_a_body_not_bound_by_the_measures_answers_under_the_regulation(world: World):
    body = world.cast.organisation("requester")
    Organisation.objects.filter(pk=body.pk).update(kind=Organisation.Kind.PUBLIC_SERVICE)
    revoked(world, "purpose")
    assert Lead.objects.get().ground == "REG22-56(五)"


def test_without_fault_there_is_no_lead(world: World):
    revoked(world, "changed", effective_on="2026-10-13")
    assert not Lead.objects.exists()


@pytest.mark.duty("SHA-13", "SHA-19")
def test_copies_nobody_accounts_for_are_a_lead_of_their_own(world: World):
    case = revoked(world, "error", effective_on="2026-10-13")
    later = MONDAY + timedelta(days=40)
    world.perform(case, "close-unreported", "authority", later, lead="催告两次，使用单位仍未报告副本的处置。")
    assert not Lead.objects.exists()  # the draft waits; nothing has been decided
    world.sign(case, "authority_lead", later)
    lead = Lead.objects.get()
    assert (lead.act.step, lead.ground) == ("close-unreported", "REG22-56(五)") and "催告两次" in lead.facts


def test_the_home_page_tells_answers_without_people(world: World, django_assert_num_queries):
    wednesday = MONDAY + timedelta(days=2)
    case = world.request()
    world.perform(
        case,
        "grant",
        "authority",
        wednesday,
        **world.grant_facts(
            items=["plate"], left_out_reason="与用途无关，予以排除", left_out_basis=REVOKE["basis"]
        ),
    )
    world.sign(case, "authority_lead", wednesday)
    second = world.request()
    world.perform(
        second, "refuse", "authority", MONDAY, reason="与本单位职责没有关系。", basis=REVOKE["basis"]
    )
    world.sign(second, "authority_lead", MONDAY)
    world.request()
    recent_answers(wednesday)
    with django_assert_num_queries(4):
        refused, granted = recent_answers(wednesday)
    assert (granted.title, granted.outcome, granted.tone) == ("机动车排放检验结果信息", "部分同意", "ok")
    assert granted.note == "用时 2 个工作日（限 5 个）" and granted.href == "/catalog/CAR/"
    assert (refused.outcome, refused.note) == ("不同意", "当天答复（限 5 个）")
    shown = " ".join(map(str, (refused, granted)))
    for hidden in ("交通", "陈静", case.number, "经办"):
        assert hidden not in shown


def test_an_entry_no_longer_published_is_not_told(world: World):
    world.granted()
    Entry.objects.update(status="withdrawn")
    assert recent_answers(MONDAY) == []
