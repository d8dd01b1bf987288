"""校核, step by step: every way through it, and beside each what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from accounts.models import Organisation
from clock import SHANGHAI
from deadlines.models import Deadline
from deadlines.sweep import sweep
from documents.models import Paper
from notices.models import Outgoing
from procedures.models import Case, Party
from procedures.queries import visible_to
from procedures.reading import Reading
from procedures.refusals import BadFacts, Guarded, NoRight
from procedures.tasks import take_step

from catalog.corrections.queries import by_provider, marks_of_entry, marks_of_holding
from catalog.models import Correction, QualityProblem
from security.models import Lead
from tests.cast import Cast
from tests.catalog.correcting import MONDAY, Correcting, make
from tests.law import load_law

pytestmark = pytest.mark.django_db
#: Ten working days after MONDAY, over the national holiday and its make-up days.
LAST = date(2026, 10, 16)
WHY = "需要向原监测单位调取纸质记录核对。"


@pytest.fixture
def world(cast: Cast) -> Correcting:
    load_law()
    return make(cast)


@pytest.fixture
def case(world: Correcting) -> Case:
    return world.file()


def day(month: int, number: int, hour: int = 10) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=SHANGHAI)


def review(case: Case) -> Deadline:
    return Deadline.objects.get(case=case, clock="REVIEW")


def papers(case: Case) -> list[str]:
    return list(Paper.objects.filter(case=case).order_by("pk").values_list("kind", flat=True))


# filing


@pytest.mark.duty("CAT-33")
@pytest.mark.parametrize(
    ("who", "door"), [("citizen", "opening"), ("company", "opening"), ("requester", "sharing")]
)
def test_anybody_files_and_gets_receipt_and_notice(world: Correcting, who: str, door: str) -> None:
    case = world.file(who)
    assert case.state == "REVIEWING"
    assert Correction.objects.get(case=case).door == door
    assert papers(case) == ["correction-receipt", "correction-notice"]
    assert review(case).owed_by == world.cast.organisation("provider")
    assert review(case).on_pass == Deadline.OnPass.BREACH
    assert visible_to(world.cast.actor(who)).filter(pk=case.pk).exists()


def test_a_person_is_the_filer_without_a_body(world: Correcting, case: Case) -> None:
    assert case.filer is None
    assert case.filed_by == world.cast.user("citizen")
    assert {p.relation for p in Party.objects.filter(case=case)} == {"provider", "authority"}
    paper = Paper.objects.get(case=case, kind="correction-receipt")
    assert paper.addressee is None
    assert paper.addressee_name == world.cast.user("citizen").name
    assert "citizen" not in case.title and world.cast.user("citizen").name not in case.title


def test_who_is_not_identified_cannot_file(world: Correcting) -> None:
    citizen = world.cast.user("citizen")
    citizen.real_name_verified_at = None
    citizen.save()
    with pytest.raises(NoRight, match="实名"):
        world.file()
    citizen.identity_subject = "city-1"
    citizen.save()
    assert world.file().state == "REVIEWING"


def test_the_provider_corrects_its_own_data_but_its_window_files_for_a_person(world: Correcting) -> None:
    with pytest.raises(Guarded, match="直接更正"):
        world.file("provider")
    case = world.file("provider", on_behalf="黄某")
    assert "代黄某" in Paper.objects.get(case=case, kind="correction-receipt").content["salutation"]
    with pytest.raises(NoRight, match="由您提交"):
        world.act(case, "uphold", "provider", MONDAY, finding=WHY, cause="看错", unit="中心", true_value="1")


def test_an_error_needs_what_is_right_and_a_key_its_value(world: Correcting) -> None:
    with pytest.raises(BadFacts) as refused:
        world.file(claimed="", key_value="")
    assert set(refused.value.errors) == {"claimed", "key_value"}
    assert world.file(matter="doubt", claimed="", key_item="", key_value="").state == "REVIEWING"


def test_a_withdrawn_entry_cannot_be_checked(world: Correcting) -> None:
    world.entry.status = "withdrawn"
    with pytest.raises(Guarded, match="没有发布"):
        world.file()


# the limit


@pytest.mark.duty("CAT-33")
def test_ten_working_days_then_a_breach_of_the_provider(world: Correcting, case: Case) -> None:
    assert review(case).due_on == LAST
    late = day(10, 17, 1)
    sweep(late, take_step=take_step)
    assert review(case).breached_at == review(case).due_at
    assert Lead.objects.filter(case=case, ground="GOV19-50(八)").exists()


@pytest.mark.duty("CAT-33")
def test_a_public_service_body_is_only_reminded(world: Correcting) -> None:
    provider = world.cast.organisation("provider")
    provider.kind = Organisation.Kind.PUBLIC_SERVICE
    provider.save()
    world.entry.refresh_from_db()
    case = world.file()
    assert review(case).on_pass == Deadline.OnPass.REMIND
    sweep(day(10, 17, 1), take_step=take_step)
    assert review(case).breached_at is None
    assert not Lead.objects.filter(case=case).exists()


@pytest.mark.duty("CAT-33")
def test_extended_once_with_the_principals_consent_by_the_days_asked(world: Correcting, case: Case) -> None:
    at = day(10, 9)
    world.act(case, "extend", "provider", at, reason=WHY, days=5)
    assert review(case).due_on == LAST
    world.sign(case, "provider_lead", at)
    assert review(case).due_on == date(2026, 10, 23)
    assert review(case).extensions[0]["amount"] == 5
    assert papers(case)[-1] == "correction-extend"
    world.act(case, "extend", "provider", at, reason=WHY, days=5)
    with pytest.raises(Guarded, match="已延长过一次"):
        world.sign(case, "provider_lead", at)


@pytest.mark.parametrize("days", [0, 11])
def test_not_by_more_than_ten_days(world: Correcting, case: Case, days: int) -> None:
    with pytest.raises(BadFacts) as refused:
        world.act(case, "extend", "provider", day(10, 9), reason=WHY, days=days)
    assert "days" in refused.value.errors


def test_not_after_it_has_fallen_due(world: Correcting, case: Case) -> None:
    at = day(10, 17)
    world.act(case, "extend", "provider", at, reason=WHY, days=10)
    with pytest.raises(Guarded, match="届满前"):
        world.sign(case, "provider_lead", at)


# who provides


@pytest.mark.duty("CAT-32")
def test_redirected_to_the_true_provider_while_the_limit_runs_on(world: Correcting, case: Case) -> None:
    at, stranger = day(9, 29), world.cast.organisation("stranger")
    before = review(case).due_on
    world.act(case, "redirect", "authority", at, to=stranger.code, reason="经核实由该单位提供。")
    assert Party.objects.get(case=case, relation="provider").organisation == stranger
    assert (review(case).owed_by, review(case).due_on) == (stranger, before)
    assert visible_to(world.cast.actor("stranger")).filter(pk=case.pk).exists()
    assert not visible_to(world.cast.actor("provider")).filter(pk=case.pk).exists()
    assert Outgoing.objects.filter(organisation=world.cast.organisation("provider"), case=None).exists()
    assert Outgoing.objects.filter(
        user=world.cast.user("citizen"), topic="correction-review:redirect"
    ).exists()
    with pytest.raises(NoRight):
        world.act(case, "return", "provider", at, defects=WHY)


def test_not_to_the_same_and_not_by_the_provider(world: Correcting, case: Case) -> None:
    provider = world.cast.organisation("provider")
    with pytest.raises(Guarded, match="现在的收件单位"):
        world.act(case, "redirect", "authority", MONDAY, to=provider.code, reason="经核实由该单位提供。")
    with pytest.raises(NoRight):
        world.act(case, "redirect", "provider", MONDAY, to=provider.code, reason="经核实由该单位提供。")


# outcomes


@pytest.mark.duty("CAT-30")
@pytest.mark.duty("CAT-33")
def test_found_wrong_corrected_and_told(world: Correcting, case: Case) -> None:
    world.uphold(case, day(9, 30))
    case.refresh_from_db()
    assert case.state == "CORRECTING"
    problem = QualityProblem.objects.get(case=case)
    assert (problem.unit, problem.fixed_at) == ("监测中心", None)
    version = world.load(day(10, 8), pm25="0.0625")
    said = {"version": version.number, "before": "0.0525333", "after": "0.0625"}
    world.act(case, "corrected", "provider", day(10, 9), **said)
    case.refresh_from_db()
    assert case.state == "CORRECTED"
    assert papers(case)[-2:] == ["correction-uphold", "correction-corrected"]
    problem.refresh_from_db()
    assert problem.fixed_in == version
    told = Outgoing.objects.get(
        organisation=world.cast.organisation("requester"), topic="correction-review:corrected"
    )
    assert "第 2 版" in told.text and "001483" not in told.text


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"version": None}, "先载入"),
        ({"version": 9}, "没有第 9 版"),
        ({"version": 1}, "收到申请以前"),
        ({"version": 2, "after": "0.9"}, "该记录是“0.0625”"),
        ({"version": 2, "after": ""}, "没有删去"),
    ],
)
def test_a_correction_stands_in_a_new_version(
    world: Correcting, case: Case, facts: dict, refusal: str
) -> None:
    world.uphold(case, day(9, 30))
    world.load(day(10, 8), pm25="0.0625")
    said = {"before": "0.0525333", "after": "0.0625", **facts}
    with pytest.raises(Guarded, match=refusal):
        world.act(case, "corrected", "provider", day(10, 9), **said)


@pytest.mark.duty("CAT-33")
def test_a_correction_that_waits_too_long_is_reminded_and_urged(world: Correcting, case: Case) -> None:
    world.uphold(case, day(9, 30))
    fix = Deadline.objects.get(case=case, clock="FIX")
    assert (fix.on_pass, fix.owed_by) == (Deadline.OnPass.REMIND, world.cast.organisation("provider"))
    sweep(fix.due_at + timedelta(hours=1), take_step=take_step)
    fix.refresh_from_db()
    assert fix.breached_at is None and fix.outcome == Deadline.Outcome.OPEN
    world.act(case, "urge", "authority", day(10, 16), note="请尽快载入更正后的数据。")
    assert papers(case)[-1] == "correction-urge"


@pytest.mark.duty("CAT-33")
def test_declined_with_reasons_and_evidence(world: Correcting, case: Case) -> None:
    with pytest.raises(BadFacts):
        world.act(case, "decline", "provider", day(9, 30), reason=WHY)
    world.act(case, "decline", "provider", day(9, 30), reason=WHY, evidence="原始监测记录 2026-09-01")
    with pytest.raises(NoRight, match="起草人"):
        world.sign(case, "provider", day(9, 30))
    world.sign(case, "provider_lead", day(9, 30))
    case.refresh_from_db()
    assert case.state == "DECLINED"
    text = str(Paper.objects.get(case=case, kind="correction-decline").content)
    assert "市大数据" in text or "大数据应用发展管理局" in text


def test_returned_once_and_filed_again(world: Correcting, case: Case) -> None:
    world.act(case, "return", "provider", day(9, 30), defects="没有写明是哪一天的记录")
    case.refresh_from_db()
    assert case.state == "RETURNED" and review(case).outcome == Deadline.Outcome.MET
    from procedures.filing import file

    from catalog.procedures.correction import CORRECTION

    again = file(
        CORRECTION,
        by=world.cast.actor("citizen", day(10, 8)),
        at=day(10, 8),
        facts=world.facts(),
        subject=world.entry,
        previous=case,
    )
    with pytest.raises(Guarded, match="不能再次退回"):
        world.act(again, "return", "provider", day(10, 9), defects="没有写明是哪一天的记录")


def test_withdrawn_by_the_applicant_alone(world: Correcting, case: Case) -> None:
    with pytest.raises(NoRight):
        world.act(case, "withdraw", "company", day(9, 29), reason="已自行核实")
    world.act(case, "withdraw", "citizen", day(9, 29), reason="已自行核实")
    case.refresh_from_db()
    assert case.state == "WITHDRAWN" and review(case).outcome == Deadline.Outcome.ENDED


@pytest.mark.duty("CAT-34")
def test_a_window_that_turns_valid_proof_away_becomes_a_lead(world: Correcting, case: Case) -> None:
    window = {
        "window": "某区政务服务中心 3 号窗口",
        "body": world.cast.organisation("stranger").code,
        "business": "车辆登记",
        "day": "2026-09-29",
        "told": "要求先更正信息",
    }
    with pytest.raises(BadFacts) as refused:
        world.act(case, "report-window", "citizen", day(9, 29), **window)
    assert "proof_shown" in refused.value.errors
    world.act(case, "report-window", "citizen", day(9, 29), proof_shown=True, **window)
    lead = Lead.objects.get(case=case)
    assert (lead.ground, lead.body) == ("GOV19-50(六)", world.cast.organisation("stranger"))
    assert Outgoing.objects.filter(organisation=world.cast.organisation("stranger")).exists()
    assert Correction.objects.get(case=case).windows[0]["business"] == "车辆登记"


# who sees what


@pytest.mark.duty("CAT-34")
def test_the_mark_is_there_as_long_as_the_review_and_names_no_person(world: Correcting, case: Case) -> None:
    (mark,) = marks_of_entry(world.entry)
    assert (mark.item, mark.key_value) == ("pm25", "")
    assert mark.notice == Paper.objects.get(case=case, kind="correction-notice").code
    (mark,) = marks_of_holding(world.holding)
    assert (mark.key_item, mark.key_value) == ("station", "001483")
    world.uphold(case, day(9, 30))
    assert marks_of_entry(world.entry)
    version = world.load(day(10, 8), pm25="0.0625")
    world.act(
        case, "corrected", "provider", day(10, 9), version=version.number, before="0.0525333", after="0.0625"
    )
    assert not marks_of_entry(world.entry) and not marks_of_holding(world.holding)


def test_the_persons_words_are_for_the_parties(world: Correcting, case: Case) -> None:
    for who in ("citizen", "provider", "authority"):
        reading = Reading(case, world.cast.actor(who, MONDAY), MONDAY)
        assert "submit" in reading.told
    for who in ("company", "requester", "stranger", "district"):
        assert not visible_to(world.cast.actor(who, MONDAY)).filter(pk=case.pk).exists()


@pytest.mark.duty("CAT-32")
def test_the_figures_of_a_provider(world: Correcting, case: Case) -> None:
    world.file("company")
    world.act(case, "urge", "authority", day(9, 29), note="请尽快核对监测记录。")
    world.uphold(case, day(9, 30))
    (line,) = by_provider(day(10, 17, 1))
    assert (line.received, line.running, line.late_now, line.answered, line.on_time) == (2, 1, 1, 1, 1)
    assert (line.corrected, line.urged, line.rate) == (1, 1, None)
