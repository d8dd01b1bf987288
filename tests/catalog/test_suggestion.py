"""开放属性修改建议, step by step: every way through it, and beside each what is refused (OPEN20-15.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from accounts.actors import SYSTEM
from accounts.models import Organisation
from clock import SHANGHAI
from deadlines.models import Deadline
from deadlines.sweep import sweep
from documents.models import Paper
from notices.models import Outgoing
from procedures import registry, turns
from procedures.filing import prepare
from procedures.models import Case, Party, Turn
from procedures.perform import perform
from procedures.refusals import BadFacts, Guarded, NoRight, WrongState
from procedures.tasks import take_step

from catalog.disputes import attributes
from catalog.models import AttributeSuggestion, CatalogueUpdate, Draft, Entry
from catalog.panels.suggestion import suggestion_context
from catalog.publishing import withdraw
from security.models import Lead
from tests.cast import Cast
from tests.catalog.city import City
from tests.catalog.disputing import DECISION, LAW, MONDAY, WORDS, Disputing, items, make
from tests.law import load_law

pytestmark = pytest.mark.django_db
#: After the ten working days of the reply.
LATE = datetime(2026, 10, 13, 1, tzinfo=SHANGHAI)


@pytest.fixture
def world(cast: Cast) -> Disputing:
    load_law()
    return make(cast)


@pytest.fixture
def case(world: Disputing) -> Case:
    return world.suggest()


def attribute(**changes: Any) -> dict[str, Any]:
    """As it was suggested, for the steps that name one."""
    return {
        "opening_type": "conditional",
        "opening_conditions": "实名登记，用于科学研究",
        "opening_delivery": ["file"],
        "basis": LAW,
        "basis_kind": "law",
        **changes,
    }


def record(case: Case) -> AttributeSuggestion:
    return AttributeSuggestion.objects.get(case=case)


def papers(case: Case) -> list[str]:
    return list(Paper.objects.filter(case=case).order_by("pk").values_list("kind", flat=True))


def accept(world: Disputing, case: Case, **changes: Any) -> Case:
    world.act(case, "accept", "provider", **attribute(**changes))
    return world.sign(case, "provider_lead")


# suggesting


@pytest.mark.duty("OPN-09")
def test_the_authority_suggests_with_two_signatures(world: Disputing) -> None:
    assert not AttributeSuggestion.objects.exists()
    case = world.suggest()
    assert case.state == "SUGGESTED"
    found = record(case)
    assert (found.present["opening_type"], found.suggested["opening_type"]) == ("not-open", "conditional")
    assert papers(case) == ["attribute-suggestion"]
    said = str(Paper.objects.get(case=case).content)
    assert "不予开放" in said and "有条件开放" in said and "实名登记" in said
    assert [turn.organisation.code for turn in Turn.objects.filter(case=case)] == ["cq-sthjj"]
    assert Deadline.objects.get(case=case).clock == "REPLY"


def test_nobody_but_the_authority_of_the_level_suggests(world: Disputing) -> None:
    for who in ("requester", "provider", "company", "district", "authority_lead"):
        with pytest.raises((NoRight, Guarded)):
            prepare(
                registry.get("attribute-suggestion"),
                by=world.cast.actor(who, MONDAY),
                at=MONDAY,
                subject=world.entry,
            )


@pytest.mark.duty("OPN-09")
def test_a_district_bodys_attribute_is_its_own_authoritys_to_suggest(world: Disputing) -> None:
    provider = world.body("provider")
    provider.kind, provider.district = (
        Organisation.Kind.DISTRICT_DEPARTMENT,
        world.body("district").district,
    )
    provider.save()
    with pytest.raises(NoRight):
        world.suggest()


def test_own_withdrawn_or_already_suggested_entries_are_refused(world: Disputing, case: Case) -> None:
    with pytest.raises(Guarded, match=case.number):
        world.suggest()
    own = Entry.objects.get(pk=world.entry.pk)
    Entry.objects.filter(pk=own.pk).update(provider=world.body("authority"))
    with pytest.raises(Guarded, match="本局自己的条目"):
        world.suggest()
    Entry.objects.filter(pk=own.pk).update(status="withdrawn")
    with pytest.raises(Guarded, match="没有发布"):
        world.suggest()


@pytest.mark.duty("CAT-17", "CAT-18", "CAT-19", "OPN-09")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"opening_conditions": ""}, "opening_conditions"),
        ({"basis": "《重庆市数据条例》第二十四条"}, "basis"),
        ({"basis_kind": "local-regulation"}, "basis"),
        ({"basis_kind": ""}, "basis_kind"),
        ({"basis": ""}, "basis"),
        ({"opening_type": "unconditional"}, "opening_conditions"),
        ({"opening_type": "open"}, "opening_type"),
        ({"reasons": ""}, "reasons"),
        (
            {"opening_type": "not-open", "opening_conditions": "", "opening_delivery": ["file"]},
            "opening_type",
        ),
    ],
)
def test_what_is_suggested_keeps_the_rules_of_the_catalogue(
    world: Disputing, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadFacts) as refused:
        world.suggest(**facts)
    assert set(refused.value.errors) == {field}


@pytest.mark.duty("CAT-19")
def test_personal_information_is_opened_only_with_its_treatment(world: Disputing) -> None:
    Entry.objects.filter(pk=world.entry.pk).update(personal=True)
    with pytest.raises(BadFacts) as refused:
        world.suggest()
    assert set(refused.value.errors) == {"treatment"}
    assert world.suggest(treatment="删除站点经办人").state == "SUGGESTED"


@pytest.mark.duty("OPN-09")
def test_the_body_sees_by_when_its_silence_moves_the_case_on(world: Disputing, case: Case) -> None:
    reply = Deadline.objects.get(case=case)
    turn = Turn.objects.get(case=case)
    assert (turn.due_on, turn.clock) == (reply.due_on, "答复建议")
    assert case.due_at == reply.due_at
    later = reply.due_at + timedelta(days=3)
    Deadline.objects.filter(pk=reply.pk).update(due_at=later)
    turns.refresh([case.pk])
    assert Turn.objects.get(case=case).due_at == later


# the answer


@pytest.mark.duty("CAT-17", "OPN-09")
def test_accepting_drafts_the_change_and_opens_its_update(world: Disputing, case: Case) -> None:
    world.act(case, "accept", "provider", **attribute(opening_conditions="实名登记，限科研机构"))
    case.refresh_from_db()
    assert case.state == "SUGGESTED"
    case = world.sign(case, "provider_lead")
    assert case.state == "ACCEPTED" and Deadline.objects.get(case=case).outcome == "met"
    update = CatalogueUpdate.objects.get(case__parent=case)
    assert (update.provider, update.cause, update.touched) == (world.body("provider"), "decision", ["AIR"])
    draft = Draft.objects.get(entry=world.entry)
    assert draft.content["opening_type"] == "conditional" and not draft.problems
    assert {item["opening_type"] for item in draft.content["items"]} == {"conditional"}
    city = City(world.cast)
    city.apply(update.case)
    assert city.update(update.case).state == "UPDATED"
    world.entry.refresh_from_db()
    assert world.entry.opening_conditions == "实名登记，限科研机构"


def test_a_change_that_is_being_compiled_is_left_to_the_body(world: Disputing, case: Case) -> None:
    City(world.cast).draft(
        "provider", "大气监测数据", entry=world.entry, items=items(), summary="正在改写的摘要"
    )
    case = accept(world, case)
    assert Draft.objects.get(entry=world.entry).content["summary"] == "正在改写的摘要"
    assert "把开放属性写入" in CatalogueUpdate.objects.get(case__parent=case).reason


@pytest.mark.duty("CAT-18", "OPN-09")
def test_accepting_means_the_suggested_type_with_its_basis(world: Disputing, case: Case) -> None:
    with pytest.raises(BadFacts) as refused:
        accept(world, case, opening_type="unconditional", opening_conditions="")
    assert "有条件开放" in str(refused.value.errors["opening_type"])
    with pytest.raises(BadFacts) as refused:
        accept(world, case, basis="《重庆市数据条例》第二十四条")
    assert set(refused.value.errors) == {"basis"}
    for who in ("authority", "requester", "provider_lead"):
        with pytest.raises(NoRight):
            world.act(case, "accept", who, **attribute())


@pytest.mark.duty("OPN-09")
def test_the_principal_signs_an_objection(world: Disputing, case: Case) -> None:
    with pytest.raises(BadFacts):
        world.act(case, "object", "provider", reasons=WORDS, basis="没有书名号")
    world.act(case, "object", "provider", reasons=WORDS, basis=LAW)
    case = world.sign(case, "provider_lead")
    assert case.state == "DISAGREED" and papers(case)[-1] == "attribute-objection"
    assert record(case).answer == "objected"
    assert [turn.organisation.code for turn in Turn.objects.filter(case=case)] == ["cq-dsjj"]
    with pytest.raises(WrongState):
        world.act(case, "accept", "provider", **attribute())


@pytest.mark.duty("OPN-09")
def test_silence_is_disagreement_and_no_breach(world: Disputing, case: Case) -> None:
    sweep(LATE, take_step=take_step)
    case.refresh_from_db()
    assert case.state == "DISAGREED" and record(case).answer == "silent"
    act = case.acts.get(step="silent")
    assert act.effective_at == Deadline.objects.get(case=case).due_at
    assert not Lead.objects.filter(case=case).exists()
    told = Outgoing.objects.filter(case=case, topic="attribute-suggestion:silent")
    assert set(told.values_list("organisation__code", flat=True)) == {"cq-sthjj", "cq-dsjj"}


def test_nobody_is_silent_by_hand(world: Disputing, case: Case) -> None:
    with pytest.raises(NoRight):
        world.act(case, "silent", "authority")


@pytest.mark.duty("OPN-09")
@pytest.mark.parametrize("objected", [False, True])
def test_the_authority_may_let_it_be(world: Disputing, objected: bool) -> None:
    case = world.disagreed() if objected else world.suggest()
    with pytest.raises(NoRight):
        world.act(case, "keep", "provider", reasons=WORDS)
    world.act(case, "keep", "authority", reasons=WORDS)
    case = world.sign(case, "authority_lead")
    assert case.state == "KEPT" and papers(case)[-1] == "attribute-kept"
    assert not CatalogueUpdate.objects.exists()
    assert Deadline.objects.get(case=case).outcome == ("met" if objected else "ended")


# the government


@pytest.mark.duty("OPN-09")
def test_the_government_decides_where_they_differ(world: Disputing) -> None:
    case = world.disagreed()
    with pytest.raises(BadFacts):
        world.act(case, "refer", "authority", referral="")
    world.act(case, "refer", "authority", referral=WORDS)
    case = world.sign(case, "authority_lead")
    assert case.state == "REFERRED" and papers(case)[-1] == "attribute-report"
    assert Party.objects.get(case=case, relation="government").organisation.code == "cq-gov"
    with pytest.raises(NoRight):
        world.act(case, "decide", "authority", **attribute(), **DECISION)
    with pytest.raises(BadFacts) as refused:
        world.act(case, "decide", "government", **attribute(opening_conditions=""), **DECISION)
    assert set(refused.value.errors) == {"opening_conditions"}
    case = world.act(case, "decide", "government", **attribute(), **DECISION)
    assert case.state == "DECIDED" and papers(case)[-1] == "attribute-decision"
    update = CatalogueUpdate.objects.get(case__parent=case)
    assert "渝府〔2026〕12 号" in update.source
    assert Draft.objects.get(entry=world.entry).content["opening_conditions"] == "实名登记，用于科学研究"


@pytest.mark.duty("OPN-09")
def test_a_decision_that_changes_nothing_opens_nothing(world: Disputing) -> None:
    case = world.disagreed()
    world.act(case, "refer", "authority", referral=WORDS)
    world.sign(case, "authority_lead")
    said = attribute(opening_type="not-open", opening_conditions="")
    case = world.act(case, "decide", "government", **{**said, "opening_delivery": ["file"]}, **DECISION)
    assert case.state == "DECIDED"
    assert not CatalogueUpdate.objects.exists() and not Draft.objects.exists()
    assert "维持" in str(Paper.objects.get(case=case, kind="attribute-decision").content)


@pytest.mark.duty("OPN-09")
@pytest.mark.parametrize("decided", [False, True])
def test_what_is_settled_for_a_withdrawn_entry_is_kept_and_updates_nothing(
    world: Disputing, decided: bool
) -> None:
    case = world.disagreed() if decided else world.suggest()
    withdraw(world.entry, reason="停止采集", at=MONDAY, by=world.cast.actor("authority", MONDAY))
    if decided:
        world.act(case, "refer", "authority", referral=WORDS)
        world.sign(case, "authority_lead")
        case = world.act(case, "decide", "government", **attribute(), **DECISION)
        said = str(Paper.objects.get(case=case, kind="attribute-decision").content)
        assert "条目已经撤销，不登记目录更新" in said and "目录更新已登记" not in said
    else:
        case = accept(world, case)
    assert case.state == ("DECIDED" if decided else "ACCEPTED")
    assert record(case).settled["opening_type"] == "conditional"
    assert not CatalogueUpdate.objects.exists() and not Draft.objects.exists()
    assert ("目录更新", attributes.NOTHING_TO_UPDATE) in suggestion_context(case)["facts"]


@pytest.mark.duty("OPN-09")
def test_the_government_decides_on_no_entry_of_its_own(world: Disputing) -> None:
    Entry.objects.filter(pk=world.entry.pk).update(provider=world.body("government"))
    world.entry.refresh_from_db()
    case = world.suggest()
    perform(case, "silent", by=SYSTEM, at=LATE)
    with pytest.raises(Guarded, match="市政府是当事一方，不能决定自己的事"):
        world.act(case, "refer", "authority", LATE, referral=WORDS)


def test_without_a_government_nothing_is_referred(world: Disputing) -> None:
    case = world.disagreed()
    Organisation.objects.filter(code="cq-gov").update(valid_to=MONDAY.date())
    with pytest.raises(Guarded, match="没有本级政府"):
        world.act(case, "refer", "authority", referral=WORDS)
