"""The sweep: what falls due is recorded as of the moment it fell due, told once, whoever looks and whenever."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from accounts.models import Role
from audit.models import Event
from deadlines import actions
from deadlines.models import Deadline
from deadlines.sweep import SweepReport, sweep
from notices.models import Outgoing
from procedures.models import Case, Party

from tests.cast import Cast
from tests.kernel.clockwork import REMIND, STEP, at, case, load_calendar, running, term

pytestmark = pytest.mark.django_db

DUE = at("2026-10-10 00:00")  # five working days from 25 September
JUST_AFTER = DUE + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def law(db: None) -> None:
    load_calendar()
    term("T07", 5)


def nothing(deadline: Deadline, moment: datetime) -> None:
    raise AssertionError("no step is due")


def look(when: datetime) -> SweepReport:
    return sweep(when, take_step=nothing)


def told() -> list[tuple[str, str]]:
    return list(Outgoing.objects.order_by("id").values_list("topic", "role"))


@pytest.mark.duty("SHA-05", "SHA-19")
def test_a_breach_is_recorded_at_the_moment_it_fell_due(cast: Cast):
    authority = cast.organisation("authority")
    deadline = running("2026-09-25 16:42", owed_by=authority, reminders=())
    assert look(DUE - timedelta(seconds=1)).done == 0
    noticed = at("2026-10-10 00:07")
    assert look(noticed).breached == 1
    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.breached_at, deadline.noticed_at) == ("open", DUE, noticed)
    assert told() == [("deadline:breach", Role.OFFICER), ("deadline:breach", Role.LEAD)]
    message = Outgoing.objects.first()
    assert message.organisation == authority and message.case == deadline.case
    assert message.subject == f"逾期：{deadline.case.number} 共享答复"
    assert "2026\u00a0年 10\u00a0月 9\u00a0日（星期五）24:00 届满" in message.text
    assert "REG22-26.1" in message.text and "REG22-56(五)" in message.text
    event = Event.objects.get(action="deadline:breach")
    assert event.object_id == deadline.case.number and event.organisation == authority.name
    assert DUE.isoformat() in event.body and event.actor == "系统"


def test_swept_twice_it_is_told_once(cast: Cast):
    running("2026-09-25 16:42", owed_by=cast.organisation("authority"))
    look(JUST_AFTER)
    first = (told(), Event.objects.count())
    assert look(JUST_AFTER).done == 0
    assert look(JUST_AFTER + timedelta(hours=1)).done == 0
    assert (told(), Event.objects.count()) == first


def test_three_days_late_nothing_is_lost(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("authority"), reminders=())
    assert look(DUE + timedelta(days=3)).breached == 1
    deadline.refresh_from_db()
    assert deadline.breached_at == DUE
    assert told() == [("deadline:breach", Role.OFFICER), ("deadline:breach", Role.LEAD)]


def test_a_breach_still_open_after_three_workdays_goes_to_the_principal(cast: Cast):
    running("2026-09-25 16:42", owed_by=cast.organisation("provider"), reminders=())
    look(JUST_AFTER)
    # 10 October is a make-up Saturday; 12 and 13 follow.
    assert look(at("2026-10-13 07:59")).done == 0
    assert look(at("2026-10-13 08:00")).escalated == 1
    assert told()[-1] == ("deadline:escalation", Role.PRINCIPAL)
    message = Outgoing.objects.last()
    assert message.subject.startswith("提醒：") and "没有法定效力" in message.text
    assert look(at("2027-01-01 00:00")).done == 0


def test_closed_before_the_third_day_nobody_higher_is_told(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("provider"), reminders=())
    look(JUST_AFTER)
    deadline.refresh_from_db()
    actions.meet(deadline, at=at("2026-10-12 09:00"))
    assert look(at("2026-10-14 09:00")).done == 0
    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.breached_at) == ("met", DUE)


def test_reminded_two_workdays_before_and_on_the_last_day(cast: Cast):
    running("2026-09-25 16:42", owed_by=cast.organisation("authority"), reminders=(2, 0))
    assert look(at("2026-09-30 08:00")).reminded == 1
    assert look(at("2026-10-08 20:00")).reminded == 0
    assert look(at("2026-10-09 08:00")).reminded == 1
    first, second = Outgoing.objects.order_by("id")
    assert first.subject.startswith("提醒：") and "10\u00a0月 9\u00a0日" in first.subject
    assert second.subject.endswith("今天到期")
    assert "逾期" not in first.subject + first.text + second.subject + second.text
    assert Event.objects.filter(object_kind="case").count() == 0


def test_of_reminders_missed_only_the_last_is_given(cast: Cast):
    running("2026-09-25 16:42", owed_by=cast.organisation("authority"), reminders=(3, 2, 0))
    assert look(at("2026-10-09 12:00")).reminded == 1
    assert Outgoing.objects.get().subject.endswith("今天到期")


def test_the_person_in_charge_is_told_while_in_post(cast: Cast):
    authority = cast.organisation("authority")
    of = case()
    Party.objects.create(
        case=of,
        relation="authority",
        organisation=authority,
        handler=cast.user("authority"),
        since=of.received_at,
    )
    running("2026-09-25 16:42", of=of, owed_by=authority, reminders=(2,))
    look(at("2026-09-30 08:00"))
    assert Outgoing.objects.get().user == cast.user("authority")
    cast.user("authority").posts.update(valid_to=date(2026, 10, 1))
    look(JUST_AFTER)
    assert Outgoing.objects.filter(topic="deadline:breach", user__isnull=False).count() == 0


def test_a_default_reminds_at_its_end_and_never_breaches(cast: Cast):
    term("sharing.supply", 5, standing="default")
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("provider"), term="sharing.supply")
    report = look(JUST_AFTER)
    assert (report.passed, report.breached) == (1, 0)
    deadline.refresh_from_db()
    assert (deadline.on_pass, deadline.breached_at, deadline.noticed_at) == (REMIND, None, JUST_AFTER)
    message = Outgoing.objects.order_by("id").last()
    assert message.subject.startswith("提醒：") and "没有法定效力，不记为逾期" in message.text
    assert Event.objects.filter(action="deadline:passed").count() == 1
    assert look(JUST_AFTER + timedelta(days=30)).done == 0


def test_an_act_that_came_late_before_any_sweep_is_still_announced(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("authority"))
    actions.meet(deadline, at=DUE + timedelta(hours=9))
    report = look(DUE + timedelta(days=3))
    assert report.breached == 1
    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.breached_at) == ("met", DUE)
    assert deadline.noticed_at == DUE + timedelta(days=3) and deadline.next_look is None
    assert "已于 2026\u00a0年 10\u00a0月 10\u00a0日办理，逾期记录保留" in Outgoing.objects.first().text


def test_a_stopped_clock_does_not_pass(cast: Cast):
    deadline = running("2026-09-25 16:42", owed_by=cast.organisation("authority"))
    actions.pause(deadline, at=at("2026-09-28 09:00"), why="登记异议", cites="RGS25-17")
    assert look(at("2027-06-01 00:00")).done == 0


def closes(deadline: Deadline, moment: datetime) -> None:
    actions.end(deadline, at=moment)


def test_a_timer_has_the_system_take_its_step(cast: Cast):
    deadline = running("2026-09-25 16:42", on_pass=STEP, step="issue", reminders=())
    taken: list[tuple[int, datetime]] = []

    def take(due: Deadline, moment: datetime) -> None:
        taken.append((due.pk, due.due_at))
        actions.meet(due, at=moment)

    report = sweep(DUE + timedelta(days=3), take_step=take)
    assert report.stepped == 1 and taken == [(deadline.pk, DUE)]
    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.breached_at) == ("met", None)
    assert sweep(DUE + timedelta(days=4), take_step=take).done == 0


@pytest.mark.duty("SHA-07", "SHA-19")
def test_an_unanswered_consultation_is_a_breach_and_a_step(cast: Cast):
    provider = cast.organisation("provider")
    deadline = running("2026-09-25 16:42", owed_by=provider, code="OPINION", step="no-opinion", reminders=())
    report = sweep(JUST_AFTER, take_step=closes)
    assert (report.breached, report.stepped) == (1, 1)
    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.breached_at, deadline.next_look) == ("ended", DUE, None)
    assert told() == [("deadline:breach", Role.OFFICER), ("deadline:breach", Role.LEAD)]
    assert sweep(at("2026-11-01 00:00"), take_step=closes).done == 0


def test_a_step_that_raises_is_set_aside_and_stops_nobody(cast: Cast):
    bad = running("2026-09-25 16:42", on_pass=STEP, step="issue", reminders=())
    good = running("2026-09-25 16:42", on_pass=STEP, step="issue", reminders=())
    breach = running("2026-09-25 16:42", owed_by=cast.organisation("authority"), reminders=())

    def take(due: Deadline, moment: datetime) -> None:
        actions.meet(due, at=moment)
        if due.pk == bad.pk:
            Case.objects.filter(pk=due.case_id).update(title="不应留下")
            raise RuntimeError("存储不可用")

    report = sweep(JUST_AFTER, take_step=take)
    assert (report.stepped, report.breached) == (1, 1)
    assert report.failed == [(bad.pk, bad.case.number, "RuntimeError: 存储不可用")]
    for row in (bad, good, breach):
        row.refresh_from_db()
    assert (bad.outcome, bad.failure) == ("open", "RuntimeError: 存储不可用")
    assert bad.next_look == JUST_AFTER + timedelta(hours=1)
    assert Case.objects.get(pk=bad.case_id).title != "不应留下"
    assert good.outcome == "met" and breach.breached_at == DUE
    assert sweep(JUST_AFTER + timedelta(minutes=59), take_step=closes).done == 0
    assert sweep(JUST_AFTER + timedelta(hours=1), take_step=closes).stepped == 1
    bad.refresh_from_db()
    assert bad.outcome == "ended"


def test_a_step_that_closes_nothing_is_not_taken_again_and_again(cast: Cast):
    running("2026-09-25 16:42", on_pass=STEP, step="go-on", reminders=())
    taken = []
    sweep(JUST_AFTER, take_step=lambda due, moment: taken.append(due.pk))
    sweep(JUST_AFTER + timedelta(hours=2), take_step=lambda due, moment: taken.append(due.pk))
    assert len(taken) == 1


def test_batches_smaller_than_the_work_do_all_of_it(cast: Cast):
    for _ in range(7):
        running("2026-09-25 16:42", owed_by=cast.organisation("authority"), reminders=())
    assert sweep(JUST_AFTER, take_step=nothing, batch=3).breached == 7


def test_a_row_nobody_owes_is_reported(cast: Cast):
    running("2026-09-25 16:42", reminders=())
    report = look(JUST_AFTER)
    assert (report.breached, report.untold) == (1, 1)


def test_a_sweep_with_nothing_due_asks_two_questions(cast: Cast, django_assert_num_queries):
    running("2026-09-25 16:42")
    with django_assert_num_queries(
        2 * 3
    ):  # each in a savepoint here, because the test itself is a transaction
        look(at("2026-09-25 17:00"))
