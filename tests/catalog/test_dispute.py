"""开放主体争议、数源争议, step by step: every way through it, and beside each what is refused (OPEN20-15.1)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from accounts.models import Organisation
from clock import SHANGHAI
from deadlines.models import Deadline
from deadlines.sweep import sweep
from documents.models import Paper
from notices.models import Outgoing
from procedures.models import Case, Party, Turn
from procedures.queries import visible_to
from procedures.refusals import BadFacts, Guarded, NoRight, WrongState
from procedures.tasks import take_step

from catalog.disputes.subjects import Item
from catalog.models import CatalogueUpdate, Dispute
from security.models import Lead
from tests.cast import Cast
from tests.catalog.disputing import BASIS, DECISION, MONDAY, TERMS, WORDS, Disputing, make
from tests.law import load_law

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast: Cast) -> Disputing:
    load_law()
    return make(cast)


@pytest.fixture
def case(world: Disputing) -> Case:
    return world.raise_()


def papers(case: Case) -> list[str]:
    return list(Paper.objects.filter(case=case).order_by("pk").values_list("kind", flat=True))


def parties(case: Case) -> dict[str, str]:
    rows = Party.objects.filter(case=case).select_related("organisation")
    return {party.relation: party.organisation.code for party in rows}


def clocks(case: Case) -> dict[str, str]:
    return dict(Deadline.objects.filter(case=case).values_list("clock", "outcome"))


def updates(case: Case) -> dict[str, CatalogueUpdate]:
    rows = CatalogueUpdate.objects.filter(case__parent=case).select_related("provider", "case")
    return {update.provider.code: update for update in rows}


# raising


@pytest.mark.duty("OPN-08")
def test_a_body_that_also_claims_the_data_raises_it_and_the_others_are_told(world: Disputing) -> None:
    case = world.raise_()
    assert case.state == "NEGOTIATING"
    assert parties(case) == {"first": "cq-jtysw", "second": "cq-sthjj", "authority": "cq-dsjj"}
    record = Dispute.objects.get(case=case)
    assert (record.kind, record.entry, record.level) == ("source", world.entry, "city")
    assert record.positions[0]["position"] == WORDS
    assert papers(case) == ["dispute-registered"]
    assert "自行协商" not in case.title and case.title == "“大气监测数据”数源争议"
    assert clocks(case) == {"TALK": "open", "TALK-2": "open"}
    assert {turn.organisation.code for turn in Turn.objects.filter(case=case)} == {"cq-jtysw", "cq-sthjj"}
    told = Outgoing.objects.filter(case=case, topic="body-dispute:raise").values_list(
        "organisation__code", flat=True
    )
    assert set(told) == {"cq-sthjj", "cq-dsjj"}


@pytest.mark.duty("OPN-08")
def test_the_data_authority_raises_what_it_finds_between_others(world: Disputing) -> None:
    case = world.raise_("authority", first="cq-sthjj", other="cq-jtysw", third="cq-tyj")
    assert parties(case) == {
        "first": "cq-sthjj",
        "second": "cq-jtysw",
        "third": "cq-tyj",
        "authority": "cq-dsjj",
    }
    assert set(clocks(case)) == {"TALK", "TALK-2", "TALK-3"}
    with pytest.raises(BadFacts) as refused:
        world.raise_("authority", other="cq-jtysw", kind="opening")
    assert set(refused.value.errors) == {"first"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"other": "cq-jtysw"}, "other"),
        ({"other": "cq-tyj"}, "other"),
        ({"other": "nobody"}, "other"),
        ({"element": "没有这一项"}, "element"),
        ({"claim": "短"}, "claim"),
        ({"basis": "没有书名号"}, "basis"),
        ({"kind": ""}, "kind"),
        ({"first": "cq-sthjj"}, "first"),
    ],
)
def test_a_dispute_without_its_parties_or_basis_is_refused(world: Disputing, facts: dict, field: str) -> None:
    with pytest.raises(BadFacts) as refused:
        world.raise_(**facts)
    assert field in refused.value.errors
    assert not Dispute.objects.exists()


def test_who_has_no_public_data_disputes_nothing(world: Disputing) -> None:
    for who in ("company", "citizen", "auditor", "requester_lead"):
        with pytest.raises(NoRight):
            world.raise_(who)


@pytest.mark.duty("OPN-08")
def test_the_same_item_is_disputed_once_at_a_time(world: Disputing, case: Case) -> None:
    with pytest.raises(Guarded, match=case.number):
        world.raise_("stranger")
    assert world.raise_(kind="opening").state == "NEGOTIATING"
    one = world.raise_(element="细颗粒物")
    assert Dispute.objects.get(case=one).element == "pm25-day"


def test_a_withdrawn_entry_is_not_disputed(world: Disputing) -> None:
    world.entry.status = "withdrawn"
    with pytest.raises(Guarded, match="没有发布"):
        world.raise_()


@pytest.mark.duty("OPN-08")
def test_what_is_not_catalogued_is_named_in_words(world: Disputing) -> None:
    item = Item(bodies=(world.body("stranger"),))
    with pytest.raises(BadFacts) as refused:
        world.raise_(item=item, other="cq-tyj")
    assert set(refused.value.errors) == {"element"}
    case = world.raise_(item=item, other="cq-tyj", element="公共体育场馆名录")
    assert case.title == "“公共体育场馆名录”数源争议"
    assert Dispute.objects.get(case=case).entry is None


@pytest.mark.duty("OPN-08")
def test_bodies_of_a_district_go_to_its_authority_and_mixed_ones_to_the_city(world: Disputing) -> None:
    district = world.body("district").district
    Organisation.objects.filter(code__in=["cq-tyj", "cq-jtysw"]).update(
        kind=Organisation.Kind.DISTRICT_DEPARTMENT, district=district
    )
    item = Item(bodies=(world.body("stranger"),))
    case = world.raise_(item=item, other="cq-tyj", element="公共体育场馆名录")
    assert parties(case)["authority"] == "500103-data"
    assert Dispute.objects.get(case=case).level == "district"
    mixed = world.raise_()
    assert parties(mixed)["authority"] == "cq-dsjj"
    assert Dispute.objects.get(case=mixed).level == "city"
    with pytest.raises(Guarded, match="本级数据主管部门是重庆市大数据应用发展管理局"):
        world.raise_("district", first="cq-jtysw", other="cq-sthjj", element="细颗粒物")


@pytest.mark.duty("OPN-08")
def test_a_districts_dispute_is_decided_by_its_own_government(world: Disputing) -> None:
    district = world.body("district").district
    Organisation.objects.filter(code__in=["cq-tyj", "cq-jtysw"]).update(
        kind=Organisation.Kind.DISTRICT_DEPARTMENT, district=district
    )
    district_government(world)
    case = world.raise_(
        item=Item(bodies=(world.body("stranger"),)), other="cq-tyj", element="公共体育场馆名录"
    )
    world.act(case, "escalate", "district", open_points=WORDS)
    with pytest.raises(NoRight):
        world.act(case, "refer", "authority", minutes=WORDS, positions=WORDS, proposal=WORDS)
    world.act(case, "refer", "district", minutes=WORDS, positions=WORDS, proposal=WORDS)
    case = world.sign(case, "district_lead")
    assert (case.state, parties(case)["government"]) == ("REFERRED", "500103-gov")
    with pytest.raises(NoRight):
        world.act(case, "decide", "government", body="cq-tyj", **DECISION)


# talking


@pytest.mark.duty("OPN-08")
def test_each_party_states_its_position_and_nobody_else(world: Disputing, case: Case) -> None:
    world.act(case, "state", "provider", position=WORDS, basis=BASIS)
    assert [line["name"] for line in Dispute.objects.get(case=case).positions] == [
        "市交通运输委",
        "市生态环境局",
    ]
    for who in ("stranger", "authority", "provider_lead"):
        with pytest.raises(NoRight):
            world.act(case, "state", who, position=WORDS, basis=BASIS)
    with pytest.raises(BadFacts):
        world.act(case, "state", "provider", position=WORDS, basis="")
    assert not visible_to(world.cast.actor("stranger")).filter(pk=case.pk).exists()


@pytest.mark.duty("OPN-08", "CAT-20")
def test_the_last_signature_is_the_agreement(world: Disputing, case: Case) -> None:
    case = world.agree(case, "requester")
    assert case.state == "NEGOTIATING" and Dispute.objects.get(case=case).signed == {"cq-jtysw"}
    assert Outgoing.objects.filter(
        case=case, topic="body-dispute:agree", organisation__code="cq-sthjj"
    ).exists()
    with pytest.raises(Guarded, match="等市生态环境局签署"):
        world.agree(case, "requester")
    case = world.agree(case, "provider")
    assert case.state == "AGREED" and case.closed_at == MONDAY
    record = Dispute.objects.get(case=case)
    assert (record.body, record.result) == (world.body("provider"), TERMS)
    assert clocks(case) == {"TALK": "met", "TALK-2": "met"}
    assert papers(case)[-1] == "dispute-agreed"
    update = updates(case)["cq-sthjj"]
    assert (update.cause, update.touched, update.case.state) == ("decision", ["AIR"], "CHANGE_NOTED")
    assert case.number in update.source and "唯一来源" in update.reason
    assert set(updates(case)) == {"cq-sthjj"}


@pytest.mark.duty("CAT-20")
def test_who_is_no_longer_the_source_takes_it_back_first(world: Disputing, case: Case) -> None:
    world.agree(case, "requester", body="cq-jtysw")
    case = world.agree(case, "provider", body="cq-jtysw")
    found = updates(case)
    assert found["cq-jtysw"].touched == []
    assert found["cq-sthjj"].touched == ["AIR"] and "不再列为来源" in found["cq-sthjj"].reason


@pytest.mark.duty("OPN-08")
def test_other_words_are_a_new_text_that_all_sign_anew(world: Disputing, case: Case) -> None:
    world.agree(case, "requester")
    case = world.agree(case, "provider", text=TERMS + "自下月起。")
    assert case.state == "NEGOTIATING"
    assert Dispute.objects.get(case=case).signed == {"cq-sthjj"}
    told = Outgoing.objects.filter(case=case, topic="body-dispute:agree", organisation__code="cq-jtysw")
    assert "重新签署" in told.latest("pk").subject
    assert world.agree(case, "requester", text=TERMS + "自下月起。").state == "AGREED"


def test_a_body_outside_the_dispute_is_not_agreed_on(world: Disputing, case: Case) -> None:
    with pytest.raises(BadFacts) as refused:
        world.agree(case, "requester", body="cq-tyj")
    assert set(refused.value.errors) == {"body"}
    with pytest.raises(NoRight):
        world.agree(case, "stranger")


@pytest.mark.duty("OPN-08")
def test_all_of_three_have_to_sign(world: Disputing) -> None:
    case = world.raise_(third="cq-tyj")
    world.agree(case, "requester")
    assert world.agree(case, "provider").state == "NEGOTIATING"
    assert world.agree(case, "stranger").state == "AGREED"


@pytest.mark.duty("OPN-08")
def test_the_days_of_talking_are_a_default_and_only_remind(world: Disputing, case: Case) -> None:
    due = {row.due_on for row in Deadline.objects.filter(case=case)}
    assert due == {date(2026, 10, 12)}
    assert {row.on_pass for row in Deadline.objects.filter(case=case)} == {Deadline.OnPass.REMIND}
    sweep(datetime(2026, 10, 13, 1, tzinfo=SHANGHAI), take_step=take_step)
    case.refresh_from_db()
    assert case.state == "NEGOTIATING"
    assert not Lead.objects.filter(case=case).exists()
    assert Outgoing.objects.filter(case=case, topic="deadline:passed").count() == 2


# the authority


@pytest.mark.duty("OPN-08")
def test_what_the_parties_cannot_settle_goes_to_the_authority(world: Disputing) -> None:
    case = world.convened()
    assert case.state == "CONVENED" and papers(case)[-1] == "dispute-invitation"
    assert clocks(case) == {"TALK": "met", "TALK-2": "met", "CONVENE": "open"}
    assert [turn.organisation.code for turn in Turn.objects.filter(case=case)] == ["cq-dsjj"]
    assert (
        world.act(world.raise_(kind="opening"), "escalate", "authority", open_points=WORDS).state
        == "CONVENED"
    )
    with pytest.raises(WrongState):
        world.act(case, "escalate", "provider", open_points=WORDS)
    with pytest.raises(NoRight):
        world.act(world.raise_(element="细颗粒物"), "escalate", "stranger", open_points=WORDS)


@pytest.mark.duty("OPN-08")
def test_the_authority_settles_only_with_all_signatures(world: Disputing) -> None:
    case = world.convened()
    said = {"met_on": "2026-09-21", "persons": "三方经办人", "minutes": WORDS, "body": "cq-sthjj"}
    with pytest.raises(Guarded, match="还没有一致意见"):
        world.act(case, "settle", "authority", **said)
    world.agree(case, "requester")
    with pytest.raises(Guarded, match="还缺市生态环境局的签署"):
        world.act(case, "settle", "authority", **said)
    case = world.agree(case, "provider")
    assert case.state == "CONVENED"
    with pytest.raises(BadFacts) as refused:
        world.act(case, "settle", "authority", **{**said, "body": "cq-jtysw", "met_on": "2026-09-22"})
    assert set(refused.value.errors) == {"body", "met_on"}
    with pytest.raises(NoRight):
        world.act(case, "settle", "provider", **said)
    case = world.act(case, "settle", "authority", **said)
    assert case.state == "AGREED" and clocks(case)["CONVENE"] == "met"
    assert papers(case)[-1] == "dispute-settled" and set(updates(case)) == {"cq-sthjj"}
    assert "三方经办人" in Dispute.objects.get(case=case).minutes


# the government


@pytest.mark.duty("OPN-08")
def test_what_the_authority_cannot_settle_is_reported_with_two_signatures(world: Disputing) -> None:
    case = world.convened()
    said = {"minutes": WORDS, "positions": WORDS, "proposal": WORDS}
    with pytest.raises(BadFacts):
        world.act(case, "refer", "authority", **{**said, "proposal": ""})
    with pytest.raises(NoRight):
        world.act(case, "refer", "provider", **said)
    case = world.act(case, "refer", "authority", **said)
    assert case.state == "CONVENED"
    case = world.sign(case, "authority_lead")
    assert case.state == "REFERRED" and parties(case)["government"] == "cq-gov"
    assert papers(case)[-1] == "dispute-report" and clocks(case)["DECIDE"] == "open"
    assert [turn.organisation.code for turn in Turn.objects.filter(case=case)] == ["cq-gov"]


@pytest.mark.duty("OPN-08")
def test_the_government_decides_and_the_update_begins(world: Disputing) -> None:
    case = world.referred()
    for who in ("authority", "provider", "requester"):
        with pytest.raises(NoRight):
            world.act(case, "decide", who, body="cq-jtysw", **DECISION)
    with pytest.raises(BadFacts) as refused:
        world.act(case, "decide", "government", body="cq-jtysw", **{**DECISION, "decided_on": "2026-09-22"})
    assert set(refused.value.errors) == {"decided_on"}
    case = world.act(
        case, "decide", "government", body="cq-jtysw", prevailing="《气象法》第十五条", **DECISION
    )
    assert case.state == "DECIDED" and clocks(case)["DECIDE"] == "met"
    record = Dispute.objects.get(case=case)
    assert (record.body.code, record.document, record.prevailing) == (
        "cq-jtysw",
        "渝府〔2026〕12 号",
        "《气象法》第十五条",
    )
    paper = Paper.objects.get(case=case, kind="dispute-decision")
    assert (paper.issuer.code, "从其规定" in str(paper.content)) == ("cq-gov", True)
    assert set(updates(case)) == {"cq-jtysw", "cq-sthjj"}
    assert "渝府〔2026〕12 号" in updates(case)["cq-jtysw"].source


@pytest.mark.duty("OPN-08")
def test_where_the_authority_is_a_party_the_government_takes_it_at_once(world: Disputing) -> None:
    case = world.raise_("authority", first="cq-dsjj", other="cq-sthjj")
    assert parties(case) == {
        "first": "cq-dsjj",
        "second": "cq-sthjj",
        "authority": "cq-dsjj",
        "government": "cq-gov",
    }
    assert "cq-gov" in {turn.organisation.code for turn in Turn.objects.filter(case=case)}
    with pytest.raises(Guarded, match="是争议一方"):
        world.act(case, "escalate", "provider", open_points=WORDS)
    with pytest.raises(NoRight):
        world.act(case, "refer-directly", "authority", reason=WORDS)
    case = world.act(case, "refer-directly", "government", reason=WORDS)
    assert case.state == "REFERRED" and clocks(case) == {"TALK": "ended", "TALK-2": "ended", "DECIDE": "open"}


def test_the_government_takes_nothing_else_directly(world: Disputing, case: Case) -> None:
    Party.objects.create(
        case=case, relation="government", organisation=world.body("government"), since=MONDAY
    )
    with pytest.raises(Guarded, match="先由其组织协商"):
        world.act(case, "refer-directly", "government", reason=WORDS)


def test_without_a_government_on_the_register_nothing_is_referred(world: Disputing) -> None:
    case = world.convened()
    Organisation.objects.filter(code="cq-gov").update(valid_to=MONDAY.date())
    with pytest.raises(Guarded, match="没有本级政府"):
        world.act(case, "refer", "authority", minutes=WORDS, positions=WORDS, proposal=WORDS)
    with pytest.raises(Guarded, match="没有本级政府"):
        world.raise_("authority", first="cq-dsjj", other="cq-sthjj", kind="opening")


def district_government(world: Disputing) -> Organisation:
    """The government of the district whose data authority is in the cast."""
    body: Organisation = Organisation.objects.create(
        code="500103-gov",
        name="重庆市渝中区人民政府（测试）",
        short_name="渝中区政府",
        kind=Organisation.Kind.DISTRICT_GOVERNMENT,
        district=world.body("district").district,
    )
    return body


@pytest.mark.duty("OPN-08")
def test_a_districts_government_that_disputes_is_decided_by_the_city(world: Disputing) -> None:
    own = district_government(world)
    Organisation.objects.filter(code__in=["cq-tyj", "cq-jtysw"]).update(
        kind=Organisation.Kind.DISTRICT_DEPARTMENT, district=own.district
    )
    case = world.raise_(item=Item(bodies=(own,)), other=own.code, element="公共体育场馆名录")
    world.act(case, "escalate", "requester", open_points=WORDS)
    world.act(case, "refer", "district", minutes=WORDS, positions=WORDS, proposal=WORDS)
    case = world.sign(case, "district_lead")
    assert (parties(case)["authority"], parties(case)["government"]) == ("500103-data", "cq-gov")
    assert world.act(case, "decide", "government", body="cq-jtysw", **DECISION).state == "DECIDED"


@pytest.mark.duty("OPN-08")
def test_the_citys_government_decides_no_dispute_of_its_own(world: Disputing) -> None:
    case = world.convened(third="cq-gov")
    with pytest.raises(Guarded, match="市政府是当事一方，不能决定自己的事"):
        world.act(case, "refer", "authority", minutes=WORDS, positions=WORDS, proposal=WORDS)
    with pytest.raises(Guarded, match="市政府是当事一方"):
        world.raise_("authority", first="cq-dsjj", other="cq-sthjj", third="cq-gov", kind="opening")


# withdrawing


@pytest.mark.duty("OPN-08")
def test_it_is_withdrawn_when_all_others_consent(world: Disputing) -> None:
    case = world.raise_(third="cq-tyj")
    with pytest.raises(Guarded, match="没有要求撤回"):
        world.act(case, "consent", "provider")
    with pytest.raises(NoRight):
        world.act(case, "withdraw", "provider", reason=WORDS)
    case = world.act(case, "withdraw", "requester", reason=WORDS)
    assert case.state == "NEGOTIATING"
    with pytest.raises(Guarded, match="由本单位要求"):
        world.act(case, "consent", "requester")
    case = world.act(case, "consent", "provider")
    assert case.state == "NEGOTIATING"
    with pytest.raises(Guarded, match="已经同意"):
        world.act(case, "consent", "provider")
    case = world.act(case, "consent", "stranger")
    assert case.state == "WITHDRAWN" and set(clocks(case).values()) == {"ended"}
    assert not updates(case) and Dispute.objects.get(case=case).body is None


@pytest.mark.duty("OPN-08")
def test_what_the_authority_raised_the_authority_withdraws(world: Disputing) -> None:
    case = world.raise_("authority", first="cq-sthjj", other="cq-jtysw")
    with pytest.raises(Guarded, match="由市大数据局提出"):
        world.act(case, "withdraw", "provider", reason=WORDS)
    world.act(case, "withdraw", "authority", reason=WORDS)
    world.act(case, "consent", "provider")
    assert world.act(case, "consent", "requester").state == "WITHDRAWN"


@pytest.mark.duty("OPN-08")
def test_an_authority_that_disputes_withdraws_what_it_raised_wherever_it_named_itself(
    world: Disputing,
) -> None:
    case = world.raise_("district", first="cq-sthjj", other="500103-data")
    assert parties(case) == {"first": "500103-data", "second": "cq-sthjj", "authority": "cq-dsjj"}
    world.act(case, "withdraw", "district", reason=WORDS)
    assert world.act(case, "consent", "provider").state == "WITHDRAWN"
