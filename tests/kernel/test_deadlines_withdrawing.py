"""At midnight of the last day: the instant of an act decides whether it was in time, whoever got the case first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from accounts.models import Organisation, Role
from audit.models import Event
from deadlines import actions
from deadlines.actions import meet
from deadlines.models import Deadline
from deadlines.sweep import sweep
from django.db import connection
from notices.models import Outgoing
from procedures.models import Act, Case
from procedures.perform import perform

from security.models import Lead
from tests.cast import Cast, build_cast
from tests.kernel.clockwork import REMIND, at, load_calendar, running, term
from tests.law import load_law
from tests.sharing.conftest import World, make_world

DUE = at("2026-10-10 00:00")  # five working days from 25 September
IN_TIME = DUE - timedelta(milliseconds=20)
JUST_AFTER = DUE + timedelta(seconds=30)
CONSULT = {
    "unsettled": "目录没有写明能否批量获取。",
    "question": "能否批量提供？如能，需要哪些限制？",
    "reason": "依据目录不能确定能否共享，需要征求意见。",
}


def look(when: datetime) -> int:
    return sweep(when, take_step=lambda row, moment: None).breached


def topics() -> list[tuple[str, str]]:
    return list(Outgoing.objects.order_by("id").values_list("topic", "role"))


@pytest.fixture
def authority(db: None, cast: Cast) -> Organisation:
    load_calendar()
    term("T07", 5)
    term("T08", 5)
    return cast.organisation("authority")


@pytest.fixture
def breached(authority: Organisation) -> Deadline:
    """A limit of which the sweep has recorded that it was missed."""
    row = running("2026-09-25 16:42", owed_by=authority, reminders=())
    assert look(JUST_AFTER) == 1
    row.refresh_from_db()
    return row


@pytest.mark.duty("SHA-05", "SHA-19")
def test_the_breach_is_withdrawn_with_evidence_and_a_correction(breached: Deadline, authority: Organisation):
    meet(breached, at=IN_TIME)
    row = Deadline.objects.get()
    assert (row.outcome, row.closed_at, row.breached_at, row.noticed_at) == ("met", IN_TIME, None, None)
    event = Event.objects.get(action="deadline:withdraw")
    assert (event.object_id, event.organisation, event.at) == (
        row.case.number,
        authority.name,
        JUST_AFTER,
    )
    assert IN_TIME.isoformat() in event.body and DUE.isoformat() in event.body
    assert topics()[2:] == [("deadline:withdraw", Role.OFFICER), ("deadline:withdraw", Role.LEAD)]
    message = Outgoing.objects.filter(topic="deadline:withdraw").first()
    assert message.subject == f"更正：{row.case.number} 共享答复没有逾期"
    assert "23:59:59" in message.text and "作废" in message.text
    assert look(JUST_AFTER + timedelta(days=9)) == 0
    assert len(topics()) == 4


@pytest.mark.duty("SHA-05", "SHA-19")
def test_at_midnight_it_is_too_late_and_the_breach_stands(breached: Deadline):
    meet(breached, at=DUE)
    row = Deadline.objects.get()
    assert (row.outcome, row.breached_at, row.noticed_at) == ("met", DUE, JUST_AFTER)
    assert not Event.objects.filter(action="deadline:withdraw").exists()
    assert len(topics()) == 2


def test_a_matter_that_ended_in_time_was_not_breached_either(breached: Deadline):
    actions.end(breached, at=IN_TIME)
    assert Deadline.objects.get().breached_at is None


def test_extended_in_time_it_falls_due_at_its_new_end(breached: Deadline):
    actions.extend(breached, term="T08", reason="须征求意见", at=IN_TIME)
    row = Deadline.objects.get()
    assert (row.outcome, row.breached_at, row.noticed_at) == ("open", None, None)
    assert row.due_at > DUE
    assert look(row.due_at) == 1
    row.refresh_from_db()
    assert row.breached_at == row.due_at


def test_stopped_in_time_it_is_not_breached(breached: Deadline):
    actions.pause(breached, at=IN_TIME, why="登记异议", cites="REG22-26.1")
    assert Deadline.objects.get().breached_at is None
    assert look(JUST_AFTER + timedelta(days=9)) == 0


def test_a_limit_without_force_is_corrected_at_the_desk_only(authority: Organisation):
    row = running("2026-09-25 16:42", owed_by=authority, on_pass=REMIND, reminders=())
    sweep(JUST_AFTER, take_step=lambda row, moment: None)
    row.refresh_from_db()
    meet(row, at=IN_TIME)
    assert Deadline.objects.get().noticed_at is None
    assert topics() == [("deadline:passed", Role.OFFICER), ("deadline:withdraw", Role.OFFICER)]


def test_an_act_in_time_that_no_sweep_overtook_leaves_no_trace(authority: Organisation):
    row = running("2026-09-25 16:42", owed_by=authority, reminders=())
    meet(row, at=IN_TIME)
    assert not Event.objects.filter(action="deadline:withdraw").exists()


@pytest.mark.slow
@pytest.mark.duty("SHA-05", "SHA-19")
@pytest.mark.django_db(transaction=True)
def test_two_connections_at_midnight():
    """The officer decides at 23:59:59.98; the sweep of 00:00:30 gets the case before the officer's act does."""
    load_law()
    world = make_world(build_cast())
    filed = at("2026-09-25 16:42")
    case = world.request(filed)
    due = Deadline.objects.get(case=case, clock="ANSWER").due_at
    instant, swept = due - timedelta(milliseconds=20), threading.Event()

    act = _on_its_own(lambda: _wait_and_consult(world, case, instant, swept))
    assert look(due + timedelta(seconds=30)) == 1
    assert Lead.objects.get().status == "new"
    swept.set()
    act.join(timeout=60)

    answer = Deadline.objects.get(case=case, clock="ANSWER")
    assert (answer.outcome, answer.breached_at, answer.noticed_at) == ("open", None, None)
    assert answer.due_at > due
    assert Act.objects.get(case=case, step="consult").at == instant
    assert Lead.objects.get().status == "taken-back"
    assert Event.objects.filter(object_id=case.number, action="deadline:withdraw").count() == 1


def _wait_and_consult(world: World, case: Case, instant: datetime, swept: threading.Event) -> None:
    """The instant is taken; the act gets hold of its case only after the sweep."""
    by = world.cast.actor("authority", instant)
    assert swept.wait(timeout=60)
    perform(case, "consult", by=by, at=instant, facts=CONSULT)


def _on_its_own(act: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
