"""目录更新: ten working days to apply, five to review; what follows from a narrowed entry; what the system notes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from accounts.models import Organisation
from clock import SHANGHAI
from deadlines.models import Deadline
from deadlines.sweep import sweep
from documents.models import Paper
from procedures.filing import file
from procedures.models import Case, Turn
from procedures.refusals import BadFacts, Guarded, NoRight, WrongState
from procedures.tasks import take_step

from catalog import drafts, twins, upkeep
from catalog.models import CatalogueUpdate, Draft, Entry, Publication
from security.models import Lead
from tests.catalog.city import LAW, MONDAY, City
from tests.law import load_law
from tests.shelf import build_entry

Stage = Draft.Stage


@pytest.fixture
def city(cast) -> City:
    load_law()
    return City(cast)


@pytest.fixture
def air(city: City) -> Entry:
    return build_entry(city.cast.organisation("provider"), at=MONDAY - timedelta(days=60))


def clock_of(case: Case, code: str) -> Deadline:
    return Deadline.objects.filter(case=case, clock=code).latest("id")


@pytest.mark.duty("CAT-14")
def test_a_change_of_law_starts_ten_working_days_from_its_own_day(city: City, air: Entry):
    case = city.note("provider", changed_on="2026-09-14", touched=air.code)
    assert case.state == "CHANGE_NOTED"
    apply = clock_of(case, "APPLY")
    # From Monday 2026-09-14, whose day does not count; 09-20 was worked, 09-25 to 09-27 were off.
    assert (apply.due_on, apply.on_pass) == (date(2026, 9, 28), Deadline.OnPass.BREACH)
    assert apply.breach_ground == "GOV19-50(八)"
    assert case.catalogue_update.touched == [air.code]
    assert [t.organisation for t in Turn.objects.filter(case=case)] == [city.cast.organisation("provider")]


@pytest.mark.duty("CAT-14", "CAT-15")
def test_a_change_noted_late_is_a_breach_at_its_own_moment(city: City):
    case = city.note("provider", changed_on="2026-08-03", who="authority")
    sweep(MONDAY + timedelta(minutes=1), take_step=take_step)
    apply = clock_of(case, "APPLY")
    assert apply.breached_at == datetime(2026, 8, 18, tzinfo=SHANGHAI)
    assert Lead.objects.get(case=case).ground == "GOV19-50(八)"
    case.refresh_from_db()
    assert case.state == "CHANGE_NOTED"
    city.draft("provider", "水质监测")
    assert city.apply(case).state == "REVIEWING"


@pytest.mark.duty("CAT-14", "CAT-15")
def test_passing_the_tenth_day_is_a_breach_and_the_step_stays_possible(city: City):
    case = city.note("provider")
    last = clock_of(case, "APPLY").due_at
    sweep(last - timedelta(minutes=1), take_step=take_step)
    assert clock_of(case, "APPLY").breached_at is None
    sweep(last + timedelta(minutes=1), take_step=take_step)
    assert clock_of(case, "APPLY").breached_at == last
    late = last + timedelta(days=1)
    city.draft("provider", "水质监测", at=late)
    case = city.apply(case, at=late)
    assert case.state == "REVIEWING" and clock_of(case, "APPLY").outcome == "met"


@pytest.mark.duty("CAT-05", "CAT-14")
def test_for_bodies_that_the_measures_do_not_bind_the_number_only_reminds(city: City):
    body = city.cast.organisation("provider")
    body.kind = Organisation.Kind.PUBLIC_SERVICE
    body.save()
    case = city.note("provider")
    assert clock_of(case, "APPLY").on_pass == Deadline.OnPass.REMIND
    city.draft("provider", "水质监测")
    case = city.apply(case)
    assert clock_of(case, "REVIEW").on_pass == Deadline.OnPass.REMIND


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"source": ""}, "source"),
        ({"changed_on": "2026-09-22"}, "changed_on"),
        ({"touched": "NOTHING-1"}, "touched"),
        ({"reason": ""}, "reason"),
        ({"cause": "weather"}, "cause"),
    ],
)
def test_a_change_without_its_document_or_day_is_refused(city: City, facts, field):
    with pytest.raises(BadFacts) as refusal:
        city.note("provider", **facts)
    assert set(refusal.value.errors) == {field}
    assert not CatalogueUpdate.objects.exists()


def test_another_body_notes_nothing_for_the_provider(city: City):
    with pytest.raises(NoRight):
        city.note("provider", who="requester")
    with pytest.raises(Guarded, match="不编制公共数据目录"):
        city.note("company", who="authority")
    with pytest.raises(Guarded, match="由系统按年立件"):
        city.note("provider", cause="type-review", source="")


@pytest.mark.duty("CAT-14", "CAT-16", "CAT-13")
def test_an_update_is_one_version_of_the_catalogue(city: City, air: Entry):
    case = city.note("provider", touched=air.code)
    with pytest.raises(Guarded, match="还没有编制变更内容"):
        city.perform(case, "apply", "provider", reason="补充监测项目")
    city.draft("provider", "大气监测数据", entry=air, summary="各站点逐小时细颗粒物浓度")
    city.draft("provider", "水质监测")
    case = city.apply(case)
    review = clock_of(case, "REVIEW")
    assert (review.due_on, review.on_pass) == (date(2026, 9, 29), Deadline.OnPass.BREACH)
    assert clock_of(case, "APPLY").outcome == "met"
    assert "大气监测数据" in str(Paper.objects.get(case=case, kind="catalogue-update-application").content)
    case = city.update(case)
    assert case.state == "UPDATED"
    made = Publication.objects.latest("number")
    assert (made.added, made.changed, case.catalogue_update.publication) == (1, 1, made)
    air.refresh_from_db()
    assert (air.version, air.summary) == (2, "各站点逐小时细颗粒物浓度")
    assert "第2版" in str(Paper.objects.get(case=case, kind="catalogue-updated").content)


@pytest.mark.duty("CAT-16")
def test_the_review_not_done_in_five_days_is_the_authoritys_breach(city: City):
    city.draft("provider", "水质监测")
    case = city.apply(city.note("provider"))
    due = clock_of(case, "REVIEW").due_at
    sweep(due + timedelta(minutes=1), take_step=take_step)
    review = clock_of(case, "REVIEW")
    assert (review.breached_at, review.owed_by) == (due, city.cast.organisation("authority"))
    assert city.update(case, due + timedelta(hours=1)).state == "UPDATED"


def test_an_application_with_a_fault_is_refused_with_its_name(city: City):
    case = city.note("provider")
    city.draft("provider", "水质监测", sharing_type="conditional")
    with pytest.raises(Guarded, match="“水质监测”"):
        city.perform(case, "apply", "provider", reason="补充监测项目")


def test_only_the_named_drafts_are_applied_for(city: City):
    case = city.note("provider")
    for name in ("水质监测", "噪声监测"):
        city.draft("provider", name)
    with pytest.raises(BadFacts, match="没有编制中的这些条目：大气"):
        city.perform(case, "apply", "provider", reason="补充监测项目", only="大气")
    city.apply(case, only="水质监测")
    assert dict(Draft.objects.values_list("name", "stage")) == {
        "水质监测": Stage.SUBMITTED,
        "噪声监测": Stage.EDITING,
    }


@pytest.mark.duty("CAT-16")
def test_a_return_names_every_defect_and_gives_five_working_days_or_more(city: City):
    city.draft("provider", "水质监测")
    case = city.apply(city.note("provider", changed_on="2026-09-01"))
    with pytest.raises(BadFacts, match="补正日期最早为 2026-09-29"):
        city.perform(
            case, "return", "authority", exceptions="水质监测｜退回｜摘要｜写明监测项目", until="2026-09-28"
        )
    case = city.perform(
        case, "return", "authority", exceptions="水质监测｜退回｜摘要｜写明监测项目", until="2026-09-29"
    )
    assert case.state == "CHANGE_NOTED"
    assert clock_of(case, "REVIEW").outcome == "met"
    complete = clock_of(case, "COMPLETE")
    assert (complete.due_on, complete.on_pass) == (date(2026, 9, 29), Deadline.OnPass.BREACH)
    draft = Draft.objects.get()
    assert draft.stage == Stage.EDITING and draft.problems[0]["field"] == "summary"
    sweep(complete.due_at + timedelta(minutes=1), take_step=take_step)
    assert Lead.objects.filter(case=case, deadline=complete).exists()


def test_the_own_day_of_the_application_prevails_when_it_is_later(city: City):
    city.draft("provider", "水质监测")
    case = city.apply(city.note("provider"))
    with pytest.raises(BadFacts, match="补正日期最早为 2026-10-12"):
        city.perform(case, "return", "authority", defects="请逐项核对更新周期。", until="2026-09-30")


def test_a_completion_of_what_nobody_owed_by_law_only_reminds(city: City):
    city.draft("provider", "水质监测")
    case = city.apply(city.note("provider", cause="own", source=""))
    case = city.perform(case, "return", "authority", defects="请逐项核对更新周期。", until="2026-09-29")
    assert clock_of(case, "COMPLETE").on_pass == Deadline.OnPass.REMIND


@pytest.mark.duty("CAT-16")
def test_a_refusal_needs_reasons_and_basis_and_two_people(city: City):
    city.draft("provider", "水质监测")
    case = city.apply(city.note("provider"))
    with pytest.raises(BadFacts) as refusal:
        city.perform(case, "refuse", "authority")
    assert set(refusal.value.errors) == {"reason", "basis"}
    city.perform(case, "refuse", "authority", reason="所依据的修改与该数据没有关系。", basis=LAW)
    with pytest.raises(NoRight):
        city.sign(case, "authority")
    case = city.sign(case, "authority_lead")
    assert case.state == "REFUSED" and Draft.objects.get().stage == Stage.DROPPED
    assert "没有关系" in str(Paper.objects.get(case=case, kind="catalogue-update-refused").content)


@pytest.mark.duty("CAT-16")
def test_an_update_of_nothing_is_a_refusal(city: City):
    city.draft("provider", "水质监测")
    case = city.apply(city.note("provider"))
    with pytest.raises(Guarded, match="请用“不予更新”"):
        city.perform(case, "update", "authority", exceptions="水质监测｜不纳入｜没有依据｜没有变更依据")


@pytest.mark.duty("CAT-14")
def test_no_need_is_said_with_reasons_by_the_principal(city: City):
    case = city.note("provider")
    with pytest.raises(BadFacts):
        city.perform(case, "no-need", "provider", no_need="不用")
    city.perform(case, "no-need", "provider", no_need="修改的条款不涉及已编目的监测数据。")
    case = city.sign(case, "provider_lead")
    assert case.state == "NOT_NEEDED" and clock_of(case, "APPLY").outcome == "ended"


@pytest.mark.duty("CAT-14")
def test_only_what_the_law_does_not_ask_for_may_be_withdrawn(city: City):
    with pytest.raises(Guarded, match="不能撤回"):
        city.perform(city.note("provider"), "withdraw", "provider", reason="不再申请更新")
    city.draft("provider", "水质监测")
    case = city.apply(city.note("provider", cause="own", source=""))
    case = city.perform(case, "withdraw", "provider", reason="不再申请更新")
    assert case.state == "WITHDRAWN" and Draft.objects.get().stage == Stage.EDITING
    with pytest.raises(WrongState):
        city.perform(case, "apply", "provider", reason="补充监测项目")


@pytest.mark.duty("CAT-16", "CAT-17")
def test_an_entry_is_removed_by_an_update(city: City, air: Entry):
    drafts.propose_removal(air, reason="职能已经转出", at=MONDAY, by=city.cast.actor("provider", MONDAY))
    case = city.update(city.apply(city.note("provider", cause="function")))
    air.refresh_from_db()
    assert case.state == "UPDATED" and air.status == Entry.Status.WITHDRAWN


@pytest.mark.duty("CAT-14", "CAT-17")
def test_an_amended_article_opens_an_update_for_every_provider_whose_entries_rest_on_it(city: City):
    basis = {"sharing_type": "conditional", "sharing_basis": LAW, "sharing_basis_kind": "law"}
    conditions = ({"text": "限于执法"},)
    for code, body in (("A-1", "provider"), ("A-2", "provider"), ("B-1", "requester")):
        build_entry(city.cast.organisation(body), code=code, name=code, conditions=conditions, **basis)
    build_entry(city.cast.organisation("stranger"), code="C-1", name="C-1")
    amended = ("中华人民共和国个人信息保护法", "第三十四条", date(2026, 9, 18))
    made = upkeep.note_amendment(*amended, at=MONDAY)
    assert {case.catalogue_update.provider.short_name for case in made} == {"市生态环境局", "市交通运输委"}
    first = next(c for c in made if c.catalogue_update.provider == city.cast.organisation("provider"))
    assert first.catalogue_update.touched == ["A-1", "A-2"]
    assert clock_of(first, "APPLY").started_at.date() == date(2026, 9, 17)  # midnight in Chongqing, in UTC
    assert clock_of(first, "APPLY").due_on == date(2026, 10, 9)
    assert upkeep.note_amendment(*amended, at=MONDAY) == []
    assert (
        upkeep.note_amendment("中华人民共和国个人信息保护法", "第三十条", date(2026, 9, 18), at=MONDAY) == []
    )
    assert len(upkeep.note_amendment("中华人民共和国个人信息保护法", "", date(2026, 9, 18), at=MONDAY)) == 2


@pytest.mark.duty("CAT-14")
def test_the_functions_of_a_body_that_ended_pass_with_its_entries(city: City, air: Entry):
    old, new = city.cast.organisation("provider"), city.cast.organisation("requester")
    assert upkeep.pass_functions(MONDAY) == []
    old.valid_to, old.successor = date(2026, 9, 15), new
    old.save()
    (case,) = upkeep.pass_functions(MONDAY)
    record = case.catalogue_update
    assert (record.provider, record.cause, record.touched) == (new, "function", [air.code])
    assert clock_of(case, "APPLY").due_on == date(2026, 9, 29)
    assert upkeep.pass_functions(MONDAY) == []
    city.draft("requester", "大气监测数据", entry=air)
    case = city.update(city.apply(case, "requester"))
    air.refresh_from_db()
    assert case.state == "UPDATED" and air.provider == new


@pytest.mark.duty("CAT-17")
def test_types_are_reviewed_every_year(city: City, air: Entry):
    assert upkeep.review_types(MONDAY) == []
    year = air.published_at + timedelta(days=365)
    assert upkeep.review_types(year - timedelta(days=1)) == []
    (case,) = upkeep.review_types(year + timedelta(days=1))
    assert case.catalogue_update.cause == "type-review"
    revise = clock_of(case, "REVISE")
    assert revise.on_pass == Deadline.OnPass.REMIND and revise.term.amount == 20
    assert not Deadline.objects.filter(case=case, clock="APPLY").exists()
    assert upkeep.review_types(year + timedelta(days=2)) == []
    at = year + timedelta(days=3)
    city.perform(case, "no-need", "provider", at, no_need="各条目的类型和依据均未变化，仍然适当。")
    city.sign(case, "provider_lead", at)
    assert upkeep.review_types(year + timedelta(days=300)) == []
    assert len(upkeep.review_types(year + timedelta(days=370))) == 1


@pytest.mark.duty("CAT-11")
def test_a_round_is_proposed_once_when_the_catalogue_is_a_year_old(city: City, air: Entry):
    from notices.models import Outgoing

    proposed = Outgoing.objects.filter(topic="catalogue-round:proposed")
    upkeep.propose_round(MONDAY)
    assert not proposed.exists()
    late = air.published_at + timedelta(days=370)
    upkeep.propose_round(late)
    upkeep.propose_round(late + timedelta(days=1))
    assert proposed.count() == 1
    assert proposed.get().organisation == city.cast.organisation("authority")


def test_the_system_alone_takes_its_own_filing_step(city: City):
    from procedures import registry

    with pytest.raises(NoRight):
        file(
            registry.get("catalogue-update"),
            by=city.cast.actor("authority", MONDAY),
            at=MONDAY,
            step="note-by-rule",
            facts={},
            subject=city.cast.organisation("provider"),
        )


def test_an_amendment_is_noted_from_the_command_line(city: City, capsys):
    basis = {"sharing_type": "not-shared", "sharing_basis": LAW, "sharing_basis_kind": "law"}
    build_entry(city.cast.organisation("provider"), code="A-1", **basis)
    from django.core.management import CommandError, call_command

    call_command("note_amendment", "中华人民共和国个人信息保护法", "2026-01-05")
    assert "涉及 1 条" in capsys.readouterr().out
    call_command("note_amendment", "中华人民共和国个人信息保护法", "2026-01-05")
    assert "已经登记过" in capsys.readouterr().out
    with pytest.raises(CommandError, match="不能晚于今天"):
        call_command("note_amendment", "中华人民共和国个人信息保护法", "2099-01-05")
    with pytest.raises(CommandError, match="第三十四条"):
        call_command("note_amendment", "中华人民共和国个人信息保护法", "2026-01-05", article="34")


@pytest.mark.duty("CAT-20", "CAT-15")
def test_what_another_body_has_under_the_same_name_is_not_reported_unexplained(city: City):
    other = build_entry(city.cast.organisation("requester"), code="SAME", name="水质监测")
    case = city.note("provider")
    draft = city.draft("provider", "水质监测")
    with pytest.raises(Guarded, match="“水质监测”与.*（SAME）同名"):
        city.apply(case)
    told = {other.code: {"answer": "different", "reason": "只测饮用水水源地，对象不同"}}
    twins.answer(draft, told, at=MONDAY, by=city.cast.actor("provider", MONDAY))
    assert city.apply(case).state == "REVIEWING"
