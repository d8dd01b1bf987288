"""A breach is a lead, once; what is done with it is done by those who may, and stays on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from accounts.models import Role
from audit.models import Event
from deadlines import actions as clocks
from deadlines.models import Deadline
from deadlines.moving import move
from deadlines.sweep import sweep
from django.db import connection
from django.test.utils import CaptureQueriesContext
from notices.models import Outgoing
from procedures.models import Act
from statutes.law import UnknownArticle

from security import actions
from security.breaches import settle
from security.models import Lead
from security.refusals import Guarded, NoRight, OwnMatter, WrongState
from tests.cast import Cast
from tests.kernel.clockwork import REMIND, at, running
from tests.security.conftest import NOW, Keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answer")]

DUE = at("2026-10-10 00:00")  # five working days from 25 September
JUST_AFTER = DUE + timedelta(minutes=1)
Status = Lead.Status


def look(when):
    return sweep(when, take_step=lambda deadline, moment: None)


@pytest.mark.duty("SHA-19")
def test_a_breach_is_a_lead_in_the_same_sweep(cast: Cast):
    provider = cast.organisation("provider")
    deadline = running("2026-09-25 16:42", owed_by=provider, reminders=())
    look(DUE - timedelta(seconds=1))
    assert not Lead.objects.exists()
    look(JUST_AFTER)
    lead = Lead.objects.get()
    assert (lead.deadline, lead.case, lead.body) == (deadline, deadline.case, provider)
    assert (lead.source, lead.status, lead.ground) == ("breach", "new", "REG22-56(五)")
    assert (lead.happened_at, lead.raised_at) == (DUE, JUST_AFTER)
    assert lead.facts == "“共享答复”应于 2026 年 10 月 9 日 24:00 前办理，届满时没有办理。"


def test_swept_again_or_settled_again_it_is_one_lead(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("provider"), reminders=())
    look(JUST_AFTER)
    look(JUST_AFTER + timedelta(hours=1))
    settle([deadline.pk], JUST_AFTER + timedelta(days=1))
    assert Lead.objects.get().raised_at == JUST_AFTER


def test_an_act_that_came_late_is_a_lead_all_the_same(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("provider"), reminders=())
    clocks.meet(deadline, at=DUE + timedelta(hours=9))
    look(DUE + timedelta(days=3))
    assert Lead.objects.get().happened_at == DUE


def test_a_limit_without_force_of_law_is_no_lead(cast: Cast):
    running("2026-09-25 16:42", owed_by=cast.organisation("provider"), on_pass=REMIND)
    running("2026-09-25 16:42", owed_by=cast.organisation("provider"), ground="", reminders=())
    look(JUST_AFTER)
    assert not Lead.objects.exists()


def test_many_breaches_cost_three_statements(cast: Cast, keep: Keep):
    ids = [keep("provider", date(2026, 11, 10)).pk for _ in range(40)]
    with CaptureQueriesContext(connection) as queries:
        settle(ids, NOW)
    assert len(queries) == 3
    assert Lead.objects.count() == 40


def test_a_breach_taken_back_takes_its_open_lead_with_it(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("provider"), reminders=())
    look(JUST_AFTER)
    Deadline.objects.filter(pk=deadline.pk).update(fixed_on=date(2026, 10, 30))
    move([deadline.pk], by=cast.actor("sysadmin"), why="更正", at=JUST_AFTER + timedelta(hours=1))
    lead = Lead.objects.get()
    assert (lead.status, lead.outcome) == ("taken-back", "逾期记录已经更正，没有逾期。")
    look(at("2026-10-31 00:10"))
    lead.refresh_from_db()
    assert (lead.status, lead.outcome) == ("new", "")
    assert lead.happened_at == at("2026-10-31 00:00") and "10 月 30 日" in lead.facts


def test_an_act_in_time_that_the_sweep_did_not_see_takes_the_lead_back(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("provider"), reminders=())
    look(DUE)
    deadline.refresh_from_db()
    clocks.meet(deadline, at=DUE - timedelta(milliseconds=20))
    lead = Lead.objects.get()
    assert (lead.status, lead.outcome) == ("taken-back", "逾期记录已经更正，没有逾期。")


def test_what_was_ended_with_reasons_stays_when_the_breach_is_taken_back(cast: Cast, keep: Keep):
    lead = lead_about(keep("provider", date(2026, 11, 10)))
    actions.take(lead, by=cast.actor("authority"), at=NOW)
    actions.hand_on(lead, to="市政府督查室", reason="拟责令限期整改", by=cast.actor("authority"), at=NOW)
    Deadline.objects.update(breached_at=None, noticed_at=None)
    settle([lead.deadline_id], NOW)
    lead.refresh_from_db()
    assert lead.status == Status.HANDED_ON


def lead_about(deadline: Deadline) -> Lead:
    settle([deadline.pk], NOW)
    return Lead.objects.get(deadline=deadline)


@pytest.fixture
def lead(keep: Keep) -> Lead:
    return lead_about(keep("provider", date(2026, 11, 10)))


@pytest.mark.duty("SHA-19")
def test_a_lead_is_taken_and_handed_on_with_reasons(cast: Cast, lead: Lead):
    officer = cast.actor("authority")
    actions.take(lead, by=officer, at=NOW)
    lead.refresh_from_db()
    assert (lead.status, lead.handled_by, lead.taken_at) == (Status.TAKEN, officer.user, NOW)
    actions.hand_on(lead, to="市纪委监委驻局纪检组", reason="情节严重，建议依法处分", by=officer, at=NOW)
    lead.refresh_from_db()
    assert (lead.status, lead.handed_to) == (Status.HANDED_ON, "市纪委监委驻局纪检组")
    assert list(Event.objects.filter(object_kind="lead").order_by("id").values_list("action", flat=True)) == [
        "lead:take",
        "lead:handed-on",
    ]
    body = Event.objects.get(action="lead:handed-on").body
    assert "REG22-56(五)" in body and "情节严重" in body and lead.case.number in body
    told = Outgoing.objects.get(topic="lead:ended")
    assert (told.organisation, told.role) == (lead.body, Role.LEAD)
    assert "市纪委监委驻局纪检组" in told.text


def test_a_lead_ends_without_a_case_only_with_reasons(cast: Cast, lead: Lead):
    officer = cast.actor("authority")
    actions.take(lead, by=officer, at=NOW)
    with pytest.raises(Guarded, match="至少 5 个字"):
        actions.close(lead, reason="  无 ", by=officer, at=NOW)
    actions.close(lead, reason="系统故障，已于次日补办", by=officer, at=NOW)
    lead.refresh_from_db()
    assert (lead.status, lead.outcome, lead.closed_at) == (Status.CLOSED, "系统故障，已于次日补办", NOW)
    with pytest.raises(WrongState):
        actions.hand_on(lead, to="市政府", reason="重新移送一次", by=officer, at=NOW)


@pytest.mark.parametrize(
    "who", ["provider", "provider_lead", "requester_lead", "auditor", "sysadmin", "district"]
)
def test_leads_are_the_city_authoritys_to_handle(cast: Cast, lead: Lead, who: str):
    with pytest.raises(NoRight):
        actions.take(lead, by=cast.actor(who), at=NOW)
    lead.refresh_from_db()
    assert lead.status == Status.NEW and not Event.objects.filter(object_kind="lead").exists()


def test_only_the_one_who_took_it_ends_it(cast: Cast, lead: Lead):
    actions.take(lead, by=cast.actor("authority"), at=NOW)
    with pytest.raises(NoRight, match="受理这条线索的人"):
        actions.close(lead, reason="没有必要处理", by=cast.actor("authority_lead"), at=NOW)


def test_a_lead_is_taken_once_and_before_it_is_ended(cast: Cast, lead: Lead):
    with pytest.raises(WrongState, match="先受理"):
        actions.close(lead, reason="没有必要处理", by=cast.actor("authority"), at=NOW)
    actions.take(lead, by=cast.actor("authority"), at=NOW)
    with pytest.raises(WrongState):
        actions.take(lead, by=cast.actor("authority_lead"), at=NOW)


def test_nobody_looks_into_a_case_they_acted_on(cast: Cast, lead: Lead):
    Act.objects.create(
        case=lead.case,
        step="consult",
        label="征求意见",
        at=NOW,
        to_state="CONSULTING",
        user=cast.user("authority"),
    )
    with pytest.raises(OwnMatter, match="办理过这件"):
        actions.take(lead, by=cast.actor("authority"), at=NOW)
    actions.take(lead, by=cast.actor("authority_lead"), at=NOW)


def test_a_lead_about_the_authority_itself_goes_up(cast: Cast, keep: Keep):
    lead = lead_about(keep("authority", date(2026, 11, 10)))
    with pytest.raises(OwnMatter, match="处负责人以上"):
        actions.take(lead, by=cast.actor("authority"), at=NOW)
    chief = cast.actor("authority_lead")
    actions.take(lead, by=chief, at=NOW)
    with pytest.raises(OwnMatter, match="移送上一级"):
        actions.close(lead, reason="本局自行改正即可", by=chief, at=NOW)
    actions.hand_on(lead, to="市政府办公厅", reason="涉及本部门，报上一级", by=chief, at=NOW)


def test_a_lead_rests_on_an_article_that_exists(cast: Cast):
    with pytest.raises(UnknownArticle):
        actions.raise_lead(
            source=Lead.Source.REPORT,
            body=cast.organisation("provider"),
            ground="REG22-56(十二)",
            facts="不存在的依据",
            at=NOW,
            by=cast.actor("authority"),
        )
    assert not Lead.objects.exists()


@pytest.mark.duty("SHA-19")
def test_an_officer_raises_a_lead_from_a_passed_reminder(cast: Cast, keep: Keep):
    passed = keep("provider", date(2026, 11, 10), on_pass=REMIND, breached_at=None, breach_ground="")
    facts = {"ground": "REG22-56(三)", "facts": "数据一直没有汇聚，催办两次没有结果。"}
    officer = cast.actor("authority")
    lead = actions.raise_from_reminder(passed, **facts, by=officer, at=NOW)
    assert (lead.source, lead.body, lead.happened_at) == ("report", passed.owed_by, passed.due_at)
    assert Event.objects.get(object_kind="lead").action == "lead:raise"
    assert Outgoing.objects.get(topic="lead:raised").organisation == cast.organisation("authority")
    assert actions.raise_from_reminder(passed, **facts, by=officer, at=NOW) == lead
    with pytest.raises(NoRight):
        actions.raise_from_reminder(passed, **facts, by=cast.actor("provider_lead"), at=NOW)
    ahead = keep("provider", date(2026, 12, 10), on_pass=REMIND, breach_ground="")
    with pytest.raises(WrongState):
        actions.raise_from_reminder(ahead, **facts, by=officer, at=NOW)


def test_a_body_states_the_cause_of_its_breach(cast: Cast, keep: Keep):
    deadline = keep("provider", date(2026, 11, 10))
    actions.state_cause(deadline, cause="经办人调离，没有交接", by=cast.actor("provider_lead"), at=NOW)
    actions.state_cause(
        deadline, cause="经办人调离，没有交接，已补办", by=cast.actor("provider_lead"), at=NOW
    )
    deadline.refresh_from_db()
    assert deadline.breach_note.cause == "经办人调离，没有交接，已补办"
    assert deadline.breached_at is not None
    first, second = Event.objects.filter(action="deadline:cause").order_by("id")
    assert "没有交接，已补办" in second.body and '"before":{"cause":"经办人调离，没有交接"}' in second.body


def test_only_its_own_lead_states_it_and_only_of_a_breach(cast: Cast, keep: Keep):
    deadline = keep("provider", date(2026, 11, 10))
    for who in ("provider", "requester_lead", "authority_lead", "auditor"):
        with pytest.raises(NoRight):
            actions.state_cause(deadline, cause="不是我填的原因", by=cast.actor(who), at=NOW)
    with pytest.raises(Guarded):
        actions.state_cause(deadline, cause="忘了", by=cast.actor("provider_lead"), at=NOW)
    kept = keep("provider", date(2026, 11, 12), done=date(2026, 11, 11))
    with pytest.raises(WrongState):
        actions.state_cause(kept, cause="没有逾期也想填", by=cast.actor("provider_lead"), at=NOW)


def test_who_sees_which_leads(cast: Cast, keep: Keep):
    about = {who: lead_about(keep(who, date(2026, 11, 10))) for who in ("provider", "requester", "authority")}

    def seen(who: str) -> set[Lead]:
        return set(Lead.objects.visible_to(cast.actor(who)))

    assert seen("authority") == seen("authority_lead") == seen("auditor") == set(about.values())
    assert seen("provider_lead") == {about["provider"]}
    assert seen("provider") == seen("stranger") == seen("citizen") == seen("sysadmin") == set()
