"""需求对接: raised, gathered, matched, catalogued by its source; each step beside its refusal (GOV19-12, GOV19-16)."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from deadlines.models import Deadline
from deadlines.sweep import sweep
from django.db import OperationalError, connection, transaction
from documents.models import Paper
from notices.models import Outgoing
from procedures.filing import file
from procedures.models import Act, Case, Draft, Party
from procedures.refusals import BadFacts, Guarded, NoRight, Stale
from procedures.tasks import take_step

from catalog.letters.words import on
from catalog.models import DemandDraft, Entry, Inquiry
from catalog.procedures.demand import DEMAND
from tests.cast import Cast
from tests.catalog.city import MONDAY
from tests.catalog.needing import BASIS, SOIL, WHY, Needing, department, make
from tests.shelf import build_entry

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=30)


@pytest.fixture
def city(cast: Cast) -> Needing:
    return make(cast)


def told(case: Case, body: str, city: Needing) -> list[str]:
    """The topics of the messages about the case to the body's desk."""
    organisation = city.cast.organisation(body)
    rows = Outgoing.objects.filter(case_id=case.pk, organisation=organisation).order_by("id")
    return [topic.partition(":")[2] for topic in rows.values_list("topic", flat=True)]


def answer(case: Case) -> Inquiry:
    return Inquiry.objects.filter(demand=case.pk).latest("pk")


@pytest.mark.duty("CAT-12")
def test_a_city_department_raises_a_need(city: Needing):
    case = city.need(source="市生态环境局")
    assert (case.state, case.number[:2]) == ("MATCHING", "XQ")
    assert case.title == f"市交通运输委需要“{SOIL}”"
    deadline = Deadline.objects.get(case=case)
    assert (deadline.clock, deadline.on_pass, deadline.owed_by.code) == ("MATCH", "remind", "cq-dsjj")
    paper = Paper.objects.get(case=case)
    assert (
        paper.title == "政务数据资源需求清单"
        and WHY in str(paper.content)
        and "市生态环境局" in str(paper.content)
    )
    assert told(case, "authority", city) == ["raise"]


def test_a_title_is_one_short_line_however_much_is_needed(city: Needing):
    """It is the subject of messages, and stands in every list."""
    case = city.need(items="土壤监测结果\r\n采样点位置\n" + "很长的数据名称" * 20)
    assert case.title.startswith("市交通运输委需要“土壤监测结果 采样点位置 很长") and case.title.endswith(
        "……”"
    )
    assert "\n" not in case.title and len(case.title) < 80


@pytest.mark.duty("CAT-12")
def test_a_need_names_the_function_it_serves(city: Needing):
    with pytest.raises(BadFacts, match="用于哪项职能"):
        city.need(function="")
    with pytest.raises(BadFacts, match="需要的数据"):
        city.need(items="")


@pytest.mark.parametrize("who", ["company", "registrar", "citizen"])
def test_who_has_no_public_data_raises_none(city: Needing, who: str):
    with pytest.raises(NoRight):
        file(
            DEMAND,
            by=city.cast.actor(who, MONDAY),
            at=MONDAY,
            facts={"items": SOIL, "function": WHY},
            subject=city.cast.organisation("requester"),
        )


def test_nobody_raises_a_need_for_another_body(city: Needing):
    with pytest.raises(Guarded, match="不能代重庆市生态环境局"):
        file(
            DEMAND,
            by=city.cast.actor("requester", MONDAY),
            at=MONDAY,
            facts={"items": SOIL, "function": WHY},
            subject=city.cast.organisation("provider"),
        )


@pytest.mark.duty("CAT-20", "SHA-01")
def test_what_the_catalogue_has_by_name_is_asked_for_at_once(city: Needing):
    entry = build_entry(city.cast.organisation("provider"), code="SOIL", name="土壤重金属监测结果")
    with pytest.raises(
        Guarded, match=f"“土壤重金属监测结果”（{entry.code}，市生态环境局），可以直接申请共享"
    ):
        city.need()
    with pytest.raises(Guarded, match="请写明具体缺哪几项"):
        city.need(items="土壤重金属监测结果")
    # What one provides oneself, or what is like it without being it, stops nobody.
    assert city.need("provider").state == "MATCHING"
    assert city.need(items="土壤重金属监测结果的采样点位置").state == "MATCHING"


@pytest.mark.duty("CAT-12")
def test_a_district_need_is_gathered_first(city: Needing):
    own = department(city)
    case = city.need(own)
    assert case.state == "MERGING"
    assert told(case, "district", city) == ["raise-district"] and told(case, "authority", city) == []
    with pytest.raises(NoRight):
        city.perform(case, "merge-up", "authority")
    case = city.perform(case, "merge-up", "district", note="本区县只有一件")
    assert case.state == "MATCHING"
    paper = Paper.objects.get(case=case, kind="demand-merged")
    assert paper.issuer == city.cast.organisation("district") and "城市管理局" in str(paper.content)
    # A district data authority gathers for others; its own need goes up at once.
    assert city.need("district").state == "MATCHING"


@pytest.mark.duty("CAT-12")
def test_joined_askers_follow_the_carrying_case(city: Needing):
    carrier, joined = city.need(), city.need("stranger")
    joined = city.perform(joined, "join", "authority", carrier=carrier.number)
    assert (joined.state, city.record(joined).carrier) == ("MERGED", carrier)
    stranger = city.cast.organisation("stranger")
    assert Party.objects.filter(case=carrier, relation="follower", organisation=stranger).exists()
    assert Act.objects.filter(case=carrier, step="carry", about=joined).exists()
    assert told(carrier, "stranger", city) == ["carry"]
    city.ask(carrier)
    assert told(carrier, "stranger", city) == ["carry", "ask-source"]


@pytest.mark.duty("CAT-12")
def test_what_cannot_carry_is_refused(city: Needing):
    case, other = city.need(), city.need("stranger")
    with pytest.raises(BadFacts, match="不能并入本件自身"):
        city.perform(case, "join", "authority", carrier=case.number)
    with pytest.raises(BadFacts, match="没有编号为“XQ-0000”"):
        city.perform(case, "join", "authority", carrier="XQ-0000")
    below = city.need(department(city))
    with pytest.raises(Guarded, match="还在区县汇总"):
        city.perform(case, "join", "authority", carrier=below.number)
    with pytest.raises(BadFacts, match="没有编号"):  # the district authority does not see the city's
        city.perform(below, "join-district", "district", carrier=case.number)
    city.perform(other, "withdraw", "stranger", reason="不再需要了")
    with pytest.raises(BadFacts, match="已经办结"):
        city.perform(case, "join", "authority", carrier=other.number)


def test_what_follows_a_joined_case_follows_on(city: Needing):
    first, second, third = city.need(), city.need("stranger"), city.need("district")
    city.perform(third, "join", "authority", carrier=second.number)
    city.perform(second, "join", "authority", carrier=first.number)
    followers = Party.objects.filter(case=first, relation="follower").order_by("id")
    assert [party.organisation.short_name for party in followers] == ["市体育局", "渝中区数据主管部门"]
    assert city.record(third).carrier == first


def test_a_carrier_that_goes_up_before_it_is_locked_carries_nothing_below(
    city: Needing, monkeypatch: pytest.MonkeyPatch
):
    names = [department(city), department(city, "渝中区住房建设委", "500103-zjw")]
    carrier, joined = (city.need(name) for name in names)
    lock = Case.objects.select_for_update

    def too_late(**how: bool) -> Any:
        if how.get("nowait"):
            Case.objects.filter(pk=carrier.pk).update(state="MATCHING")
        return lock(**how)

    monkeypatch.setattr(Case.objects, "select_for_update", too_late)
    with pytest.raises(Guarded, match="已经汇总上报"):
        city.perform(joined, "join-district", "district", carrier=carrier.number)


def test_only_a_lock_that_is_held_is_another_persons_work(city: Needing, monkeypatch: pytest.MonkeyPatch):
    carrier, joined = city.need(), city.need("stranger")
    lock = Case.objects.select_for_update

    def broken(**how: bool) -> Any:
        if how.get("nowait"):
            raise OperationalError("server closed the connection unexpectedly")
        return lock(**how)

    monkeypatch.setattr(Case.objects, "select_for_update", broken)
    with pytest.raises(OperationalError):
        city.perform(joined, "join", "authority", carrier=carrier.number)


@pytest.mark.django_db(transaction=True)
def test_who_joins_into_a_case_in_use_is_asked_to_come_again(city: Needing):
    """Two cases joined into each other at once would wait for each other for ever."""
    carrier, joined = city.need(), city.need("stranger")
    locked, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=carrier.pk)
            locked.set()
            done.wait(20)
        connection.close()

    other = Thread(target=hold)
    other.start()
    try:
        assert locked.wait(20)
        with pytest.raises(Stale, match="请稍后再并入"):
            city.perform(joined, "join", "authority", carrier=carrier.number)
    finally:
        done.set()
        other.join()
    assert city.perform(joined, "join", "authority", carrier=carrier.number).state == "MERGED"


@pytest.mark.duty("CAT-12", "CAT-20")
def test_a_source_is_asked_by_letter(city: Needing):
    case = city.ask(city.need())
    assert case.state == "ASKED"
    paper = Paper.objects.get(case=case, kind="demand-question")
    assert paper.addressee == city.cast.organisation("provider") and WHY in str(paper.content)
    offer = Deadline.objects.get(case=case, clock="OFFER")
    assert offer.on_pass == "step" and offer.owed_by == city.cast.organisation("provider")
    assert told(case, "provider", city) == ["ask-source"]
    with pytest.raises(Guarded, match="就是提出需求的单位"):
        city.ask(city.need("stranger"), "stranger")


@pytest.mark.duty("CAT-13", "CAT-20")
def test_a_source_that_has_it_owes_the_catalogue_an_update(city: Needing):
    case = city.accept(city.ask(city.need()))
    assert case.state == "CATALOGUING"
    update = city.update_of(case)
    assert (update.kind, update.state, update.parent) == ("catalogue-update", "CHANGE_NOTED", case)
    record = update.catalogue_update
    assert record.provider == city.cast.organisation("provider")
    assert (record.cause, record.source) == ("decision", case.number) and SOIL in record.reason
    assert answer(case).answer == "accepted"


def test_a_source_lists_by_a_day_that_is_still_to_come(city: Needing):
    case = city.ask(city.need())
    with pytest.raises(BadFacts, match="不能早于今天"):
        city.accept(case, until="2026-09-01")
    with pytest.raises(NoRight):
        city.perform(case, "accept-source", "requester", items=SOIL, until="2026-10-20")


@pytest.mark.duty("CAT-20")
def test_a_source_that_denies_says_why_and_the_city_asks_another(city: Needing):
    case = city.ask(city.need())
    with pytest.raises(BadFacts, match="依据"):
        city.perform(case, "deny-source", "provider", reason="本局没有这项数据，由别的单位负责。")
    case = city.deny(case)
    assert (case.state, answer(case).answer) == ("MATCHING", "denied")
    case = city.ask(case, "stranger")
    parts = {(p.relation, p.organisation.short_name) for p in Party.objects.filter(case=case)}
    assert parts >= {("source", "市体育局"), ("former", "市生态环境局")}
    with pytest.raises(NoRight):  # the one that was asked before does not answer any more
        city.deny(case)
    # The first may be asked again.
    case = city.ask(city.deny_as(case, "stranger"), "provider")
    assert Party.objects.get(case=case, relation="source").organisation.short_name == "市生态环境局"
    assert city.accept(case).state == "CATALOGUING"


@pytest.mark.duty("CAT-12")
def test_silence_sends_the_need_back_and_is_kept(city: Needing):
    case = city.ask(city.need())
    sweep(LATER, take_step=take_step)
    case.refresh_from_db()
    assert (case.state, answer(case).answer) == ("MATCHING", "silent")
    act = Act.objects.get(case=case, step="silent-source")
    assert act.effective_at == Deadline.objects.get(case=case, clock="OFFER").due_at
    assert Deadline.objects.get(case=case, clock="MATCH").outcome == "open"
    assert "silent-source" in told(case, "provider", city) + told(case, "authority", city)


@pytest.mark.duty("CAT-12", "CAT-13", "SHA-01")
def test_from_the_need_to_a_draft_request_of_every_asker(city: Needing):
    case, other = city.need(), city.need("stranger")
    city.perform(other, "join", "authority", carrier=case.number)
    case = city.accept(city.ask(case))
    city.list_it(case)
    entry = Entry.objects.get(name="土壤重金属监测")
    assert [(one.entry, one.expected) for one in city.record(case).likely.all()] == [(entry, True)]
    assert "likely" in told(case, "authority", city)
    case = city.match(case, entry.code)
    assert case.state == "MATCHED" and list(city.record(case).entries.all()) == [entry]
    drafts = Draft.objects.filter(kind="sharing-request", subject=entry.code).order_by("pk")
    assert [(draft.owner.name, draft.organisation.short_name) for draft in drafts] == [
        ("交通委经办", "市交通运输委"),
        ("体育局经办", "市体育局"),
    ]
    assert WHY in drafts[0].facts["scenario"] and case.number in drafts[0].facts["scenario"]
    assert DemandDraft.objects.filter(demand=case.pk, draft__isnull=False).count() == 2
    message = Outgoing.objects.get(user=drafts[1].owner, topic="demand-matching:draft")
    assert f"/drafts/{drafts[1].pk}/" in message.text
    assert Paper.objects.get(case=case, kind="demand-found").copies_to == ["重庆市体育局"]
    assert not Deadline.objects.filter(case=case, outcome="open").exists()


@pytest.mark.duty("SHA-01")
def test_only_what_can_be_shared_is_a_match(city: Needing):
    case = city.need()
    law = "《中华人民共和国个人信息保护法》第三十四条"
    secret = build_entry(
        city.cast.organisation("provider"), code="NO", name="不予共享的土壤数据",
        sharing_type="not-shared", sharing_basis=law, sharing_basis_kind="law",
        opening_type="not-open", opening_basis=law, opening_basis_kind="law", opening_delivery=[],
    )  # fmt: skip
    with pytest.raises(Guarded, match="不予共享"):
        city.match(case, secret.code)
    own = build_entry(city.cast.organisation("requester"), code="OWN", name="本单位自己的数据")
    with pytest.raises(Guarded, match="由需求单位自己提供"):
        city.match(case, own.code)
    with pytest.raises(BadFacts, match="没有这些资源代码的已发布条目：X-1"):
        city.match(case, "X-1")
    assert not Draft.objects.exists()


@pytest.mark.duty("CAT-12")
@pytest.mark.parametrize("how", ["no-need", "withdraw", "refuse"])
def test_an_update_that_comes_to_nothing_sends_the_need_back(city: Needing, how: str):
    case = city.accept(city.ask(city.need()))
    update = city.update_of(case)
    if how == "no-need":
        city.perform(update, "no-need", "provider", no_need="核查后发现本局没有采集这项数据，无需更新。")
        city.sign(update, "provider_lead")
    elif how == "withdraw":
        city.perform(update, "withdraw", "provider", reason="本局没有这项数据")
    else:
        city.draft("provider", "土壤重金属监测")
        city.apply(update)
        city.perform(update, "refuse", "authority", reason="所报条目与需求无关，不予更新。", basis=BASIS)
        city.sign(update, "authority_lead")
    city.hear()
    case.refresh_from_db()
    assert case.state == "MATCHING" and answer(case).answer == "failed" and answer(case).reason
    assert Act.objects.get(case=case, step="source-failed").about == update


def test_an_update_that_was_published_without_it_lets_the_city_look_again(city: Needing):
    case = city.accept(city.ask(city.need()))
    with pytest.raises(Guarded, match="还在办理"):
        city.perform(case, "search-again", "authority", reason="换一个单位")
    city.list_it(case, "噪声监测")
    case = city.perform(case, "search-again", "authority", reason="更新的条目不含土壤监测结果")
    assert (case.state, answer(case).answer) == ("MATCHING", "failed")


@pytest.mark.duty("CAT-20")
def test_what_no_body_holds_is_noted_for_unified_purchase(city: Needing):
    early = MONDAY.replace(hour=7, minute=30)
    case = city.deny(city.ask(city.need(at=early), at=early))
    with pytest.raises(BadFacts, match="没有单位掌握的证明"):
        city.perform(case, "refer", "authority", proof="")
    city.perform(case, "refer", "authority", proof="查遍目录没有同类条目，唯一可能的来源方已否认。")
    case = city.sign(case, "authority_lead")
    assert case.state == "REFERRED" and "查遍目录" in city.record(case).proof
    said = str(Paper.objects.get(case=case, kind="demand-referred").content)
    # Asked before eight: the database says the day before.
    assert f"{on(MONDAY.date())}征询重庆市生态环境局：否认" in said
    assert "重庆市交通运输委员会的需求已记为统一采购需求" in said


@pytest.mark.duty("CAT-12")
def test_a_refusal_has_reasons_and_basis(city: Needing):
    case = city.need()
    with pytest.raises(BadFacts, match="依据"):
        city.perform(case, "decline", "authority", reason="所述用途与本单位职能没有关系。")
    city.perform(case, "decline", "authority", reason="所述用途与本单位职能没有关系。", basis=BASIS)
    with pytest.raises(NoRight):
        city.sign(case, "authority")
    case = city.sign(case, "authority_lead")
    assert case.state == "NOT_ADOPTED"
    assert BASIS in str(Paper.objects.get(case=case, kind="demand-declined").content)


@pytest.mark.duty("CAT-12")
def test_a_need_is_withdrawn_and_its_source_told(city: Needing):
    case = city.ask(city.need())
    with pytest.raises(NoRight):
        city.perform(case, "withdraw", "stranger", reason="不再需要了")
    case = city.perform(case, "withdraw", "requester", reason="已有其他办法")
    assert (case.state, answer(case).answer) == ("WITHDRAWN", "ended")
    assert told(case, "provider", city) == ["ask-source", "withdraw"]
    assert not Deadline.objects.filter(case=case, outcome="open").exists()


@pytest.mark.duty("CAT-12")
def test_who_leads_a_joined_need_steps_out_and_the_next_leads(city: Needing):
    case, other = city.need(), city.need("stranger")
    with pytest.raises(Guarded, match="请撤回"):
        city.perform(case, "step-out", "requester", reason="不再需要了")
    city.perform(other, "join", "authority", carrier=case.number)
    with pytest.raises(Guarded, match="请用“退出本件”"):
        city.perform(case, "withdraw", "requester", reason="不再需要了")
    case = city.perform(case, "step-out", "requester", reason="不再需要了")
    assert case.state == "MATCHING" and case.title == f"市体育局需要“{SOIL}”"
    parts = {(p.relation, p.organisation.short_name) for p in Party.objects.filter(case=case)}
    assert parts == {("asker", "市体育局"), ("authority", "市大数据局")}
    entry = build_entry(city.cast.organisation("provider"), code="SOIL", name="土壤监测")
    city.match(case, entry.code)
    assert [draft.organisation.short_name for draft in Draft.objects.all()] == ["市体育局"]
