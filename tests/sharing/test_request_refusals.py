"""What cannot be asked for, what goes back, what is late, and what waits for its data."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from accounts.actors import SYSTEM
from accounts.models import Function, Organisation
from clock import SHANGHAI
from datacentre.actions import load_version
from datacentre.models import Grant
from deadlines.models import Deadline
from deadlines.sweep import sweep
from django.test import TestCase
from notices.models import Outgoing
from procedures.filing import file
from procedures.models import Act, Case
from procedures.refusals import BadFacts, Guarded, NoRight
from procedures.tasks import take_step

from catalog.models import Entry
from sharing.procedures import REQUEST
from tests.cast import Cast
from tests.sharing.conftest import MONDAY, World, make_world

CONSULT = {
    "unsettled": "目录没有写明能否批量获取。",
    "question": "能否批量提供检验结果？",
    "reason": "依据目录不能确定能否共享。",
}
DEFECTS = {"defects": "应用场景：没有写明由哪个系统使用。\n履职依据：没有写明条款。"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": Entry.Status.WITHDRAWN}, "没有发布"),
        ({"sharing_type": "not-shared"}, "不予共享"),
    ],
)
def test_what_is_not_published_or_not_shared_cannot_be_asked_for(world: World, change: dict, sentence: str):
    Entry.objects.filter(pk=world.entry.pk).update(**change)
    world.entry.refresh_from_db()
    with pytest.raises(Guarded, match=sentence):
        world.request()
    assert not Case.objects.exists()


def test_a_body_does_not_ask_for_its_own_data(world: World):
    with pytest.raises(Guarded, match="本单位提供"):
        file(
            REQUEST,
            by=world.cast.actor("provider", MONDAY),
            at=MONDAY,
            subject=world.entry,
            facts=world.facts(function=_function_of(world, "provider")),
        )


def test_enterprises_and_citizens_do_not_ask_for_shared_data(world: World):
    for who in ("company", "citizen"):
        with pytest.raises(NoRight):
            file(
                REQUEST, by=world.cast.actor(who, MONDAY), at=MONDAY, facts=world.facts(), subject=world.entry
            )


@pytest.mark.duty("SHA-17")
def test_another_province_asks_only_under_an_agreement_on_file(world: World):
    body = world.cast.organisation("stranger")
    Organisation.objects.filter(pk=body.pk).update(kind=Organisation.Kind.PARTNER)
    facts = world.facts(function=_function_of(world, "stranger"))
    with pytest.raises(Guarded, match="合作协议"):
        file(REQUEST, by=world.cast.actor("stranger", MONDAY), at=MONDAY, facts=facts, subject=world.entry)
    Organisation.objects.filter(pk=body.pk).update(note="川渝数据共享合作协议，2025 年签订")
    case = file(REQUEST, by=world.cast.actor("stranger", MONDAY), at=MONDAY, facts=facts, subject=world.entry)
    assert case.sharing_request.partner == "other-province"


@pytest.mark.duty("SHA-04")
def test_a_return_names_everything_ends_the_case_and_happens_once_in_a_chain(world: World):
    case = world.perform(world.request(), "return", "authority", MONDAY, **DEFECTS)
    assert (case.state, Deadline.objects.get(case=case, clock="ANSWER").outcome) == ("RETURNED", "met")
    again = file(
        REQUEST,
        by=world.cast.actor("requester", MONDAY),
        at=MONDAY,
        facts=world.facts(),
        subject=world.entry,
        previous=case,
    )
    with pytest.raises(Guarded, match="不能再次退回"):
        world.perform(again, "return", "authority", MONDAY, **DEFECTS)


def test_a_withdrawal_ends_all_clocks_and_tells_the_consulted_provider(world: World):
    case = world.perform(world.request(), "consult", "authority", MONDAY, **CONSULT)
    Outgoing.objects.all().delete()
    case = world.perform(case, "withdraw", "requester", MONDAY, reason="业务调整，不再需要。")
    assert case.state == "WITHDRAWN"
    assert set(Deadline.objects.filter(case=case).values_list("outcome", flat=True)) == {"ended"}
    assert Outgoing.objects.filter(organisation=world.cast.organisation("provider")).exists()


@pytest.mark.duty("SHA-07")
def test_an_opinion_is_added_late_only_where_it_was_due(world: World):
    case = world.perform(world.request(), "consult", "authority", MONDAY, **CONSULT)
    world.perform(case, "opine", "provider", MONDAY, opinion="can", reason="可以按照申请的用途提供数据。")
    case = world.sign(case, "provider_lead", MONDAY)
    with pytest.raises(Guarded, match="只有逾期"):
        world.perform(
            case, "opine-late", "provider", MONDAY, opinion="can", reason="可以按照申请的用途提供数据。"
        )


@pytest.mark.duty("SHA-07", "SHA-19")
def test_a_silent_provider_breaches_at_the_moment_and_the_case_goes_on(world: World):
    other = world.perform(world.request(), "consult", "authority", MONDAY, **CONSULT)
    late = datetime(2026, 9, 30, 9, 0, tzinfo=SHANGHAI)  # the opinion was due on 9 月 24 日
    sweep(late, take_step=take_step)
    other.refresh_from_db()
    opinion = Deadline.objects.get(case=other, clock="OPINION")
    assert other.state == "ANSWERING"
    assert opinion.breached_at == datetime(2026, 9, 25, 0, 0, tzinfo=SHANGHAI)
    lapse = Act.objects.get(case=other, step="no-opinion")
    assert (lapse.at, lapse.effective_at) == (late, opinion.due_at)
    world.perform(
        other,
        "opine-late",
        "provider",
        late,
        opinion="conditions",
        reason="合并之后可以按照用途提供。",
        conditions="合并不足 5 例的单元",
    )
    world.sign(other, "provider_lead", late)
    other.refresh_from_db()
    assert other.state == "ANSWERING" and other.sharing_request.opinion["opinion"] == "conditions"
    assert Deadline.objects.get(case=other, clock="OPINION").breached_at is not None


@pytest.mark.duty("SHA-06")
def test_what_the_catalogue_settles_is_not_consulted_about_and_a_late_extension_is_refused(world: World):
    case = world.request()
    after = datetime(2026, 9, 30, 9, 0, tzinfo=SHANGHAI)
    with pytest.raises(Guarded, match="届满"):
        world.perform(case, "consult", "authority", after, **CONSULT)


@pytest.mark.duty("SHA-05", "SHA-12")
def test_a_grant_waits_for_its_data_and_opens_when_it_arrives(cast: Cast, law: None):
    world = make_world(cast, loaded=False)
    case = world.granted()
    assert case.state == "GRANTED" and not Grant.objects.exists()
    assert [turn.organisation.short_name for turn in case.turns.all()] == ["市生态环境局"]
    rows = [{"plate": "渝A00001", "result": "合格", "phone": "13800000000"}]
    with TestCase.captureOnCommitCallbacks(execute=True):
        load_version(world.entry.holding, rows=rows, at=MONDAY + timedelta(days=2), by=SYSTEM)
    case.refresh_from_db()
    assert case.state == "IN_USE"
    assert Deadline.objects.get(case=case, clock="SUPPLY").outcome == "met"


@pytest.mark.duty("SHA-09")
def test_the_requester_may_give_the_data_up_and_says_what_became_of_copies(world: World):
    case = world.perform(
        world.granted(),
        "relinquish",
        "requester",
        MONDAY,
        last_use="9 月 20 日最后一次比对",
        copies="业务库一份，已于当日覆盖删除。",
    )
    assert (case.state, Grant.objects.get(case=case).status) == ("RELINQUISHED", "ended")


@pytest.mark.duty("CAT-29", "SHA-08")
def test_basic_data_of_a_base_database_is_granted_at_once(world: World):
    Entry.objects.filter(pk=world.entry.pk).update(
        base_database=True, sharing_type="unconditional", sharing_basis="", sharing_basis_kind=""
    )
    world.entry.items.update(sharing_type="unconditional", sharing_basis="", sharing_basis_kind="")
    world.entry.refresh_from_db()
    assert world.request().state == "IN_USE"


def test_hostile_text_is_kept_as_it_is_and_a_null_character_is_refused(world: World):
    hostile = "<script>alert(1)</script>{{ 7*7 }}' OR 1=1 -- 用于执法检查时核对号牌与检验结果。"
    assert world.request(scenario=hostile).sharing_request.scenario == hostile
    with pytest.raises(BadFacts) as refusal:
        world.request(scenario="用于执法检查时核对号牌与检验结果。\x00" * 3)
    assert "scenario" in refusal.value.errors
    with pytest.raises(BadFacts, match="最多写 1000 个字，现在是 1001 个字"):
        world.request(scenario="用" * 1001)
    with pytest.raises(BadFacts, match="没有“colour”这一项"):
        world.request(colour="red")
    with pytest.raises(BadFacts, match="没有“salary”这一项"):
        world.request(items=["plate", "salary"])


def _function_of(world: World, who: str) -> str:
    return Function.objects.create(
        organisation=world.cast.organisation(who), code="F-1", name="执法检查", basis="职能配置规定"
    ).code
