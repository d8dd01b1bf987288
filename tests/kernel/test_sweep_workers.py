"""Ten workers at once, on real connections: each row is done once, and acts on cases are not in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from accounts.models import Organisation
from audit.models import Event
from deadlines import actions
from deadlines.models import Deadline
from deadlines.sweep import SweepReport, sweep
from django.db import connection, transaction
from notices.models import Outgoing
from procedures.models import Case

from tests.cast import build_cast
from tests.kernel.clockwork import STEP, at, load_calendar, running, term

pytestmark = pytest.mark.django_db(transaction=True)

DUE = at("2026-10-10 00:00")


@pytest.fixture(autouse=True)
def authority(db: None) -> Organisation:
    load_calendar()
    term("T07", 5)
    return build_cast().organisation("authority")


def together(count: int, work: Callable[[], SweepReport]) -> list[SweepReport]:
    """Run the work on so many threads at once, each with a connection of its own; errors come out here."""
    barrier = threading.Barrier(count)

    def run() -> SweepReport:
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(count)]]


def test_ten_workers_do_every_row_once(authority: Organisation):
    for _ in range(120):
        running("2026-09-25 16:42", owed_by=authority, reminders=())
    steps = [running("2026-09-25 16:42", on_pass=STEP, step="issue", reminders=()) for _ in range(20)]
    taken: list[int] = []

    def take(deadline: Deadline, moment: datetime) -> None:
        actions.meet(deadline, at=moment)
        taken.append(deadline.pk)

    reports = together(10, lambda: sweep(DUE + timedelta(minutes=1), take_step=take, batch=7))
    assert sum(report.breached for report in reports) == 120
    assert sorted(taken) == sorted(row.pk for row in steps)
    assert Deadline.objects.filter(breached_at=DUE).count() == 120
    assert Event.objects.filter(action="deadline:breach").count() == 120
    assert Outgoing.objects.filter(topic="deadline:breach").count() == 240


def test_a_case_being_acted_on_is_left_for_the_next_round(authority: Organisation):
    busy = running("2026-09-25 16:42", owed_by=authority, reminders=())
    running("2026-09-25 16:42", owed_by=authority, reminders=())
    locked, done = threading.Event(), threading.Event()

    def act() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=busy.case_id)
            locked.set()
            done.wait(timeout=60)
            actions.meet(Deadline.objects.get(pk=busy.pk), at=DUE - timedelta(seconds=1))
        connection.close()

    actor = threading.Thread(target=act)
    actor.start()
    locked.wait(timeout=60)
    assert sweep(DUE, take_step=lambda row, moment: None).breached == 1
    done.set()
    actor.join(timeout=60)
    assert sweep(DUE, take_step=lambda row, moment: None).done == 0
    busy.refresh_from_db()
    assert (busy.outcome, busy.breached_at) == ("met", None)


def test_a_worker_that_dies_leaves_the_work_to_the_next(authority: Organisation):
    deadline = running("2026-09-25 16:42", on_pass=STEP, step="issue", reminders=())

    def die(row: Deadline, moment: datetime) -> None:
        actions.meet(row, at=moment)
        raise SystemExit

    with pytest.raises(SystemExit):
        sweep(DUE, take_step=die)
    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.failure) == ("open", "")
    assert sweep(DUE, take_step=lambda row, moment: actions.meet(row, at=moment)).stepped == 1
