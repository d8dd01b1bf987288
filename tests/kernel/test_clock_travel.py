"""The demonstrator's time machine, and that nobody else has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import clock
import pytest
from celery.signals import task_prerun
from clock import machine
from clock.models import Travel
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError
from django.test import Client, override_settings

from tests.kernel.clockwork import at

pytestmark = pytest.mark.django_db
THEN = at("2026-12-28 09:00")


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    yield
    clock.shift(timedelta(0))


def near(instant: object) -> bool:
    return abs(clock.now() - instant) < timedelta(minutes=1)


@override_settings(MIDDLEWARE=["clock.machine.middleware", *settings.MIDDLEWARE])
def test_requests_and_tasks_follow_the_demonstrations_clock(client: Client):
    call_command("travel", "2026-12-28 09:00")
    assert Travel.objects.count() == 1
    clock.shift(timedelta(0))
    client.get("/workdays/")
    assert near(THEN)
    clock.shift(timedelta(0))
    task_prerun.send(sender=None)
    assert near(THEN) and clock.today() == THEN.date()
    call_command("travel", "2027-01-04 08:00")
    assert Travel.objects.count() == 1 and near(at("2027-01-04 08:00"))
    call_command("travel", "--reset")
    client.get("/workdays/")
    assert clock.offset() == timedelta(0) and not Travel.objects.exists()


@override_settings(MIDDLEWARE=["clock.machine.middleware", *settings.MIDDLEWARE])
def test_while_the_clock_cannot_be_read_nothing_is_done_at_real_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    def away() -> None:
        raise OperationalError("the database system is starting up")

    client.raise_request_exception = False
    monkeypatch.setattr(machine, "follow", away)
    assert client.get("/workdays/").status_code == 503
    assert client.get("/healthz").status_code in (200, 503)
    task_prerun.send(sender=None)  # as Celery sends it: an error is noted and the task goes on
    with pytest.raises(clock.Unknown):
        clock.now()
    monkeypatch.undo()
    task_prerun.send(sender=None)
    assert near(datetime.now(UTC))  # noqa: TID251 the real time, which the clock must show again


def test_a_real_platform_does_not_travel():
    Travel.objects.create(offset=timedelta(days=40))
    with override_settings(DEMO=False):
        with pytest.raises(CommandError, match="只有演示环境"):
            call_command("travel", "2026-12-28 09:00")
        with pytest.raises(CommandError, match="只有演示环境"):
            call_command("travel", "--reset")
        machine.follow()
    assert clock.offset() == timedelta(0)


@pytest.mark.parametrize("wrong", [[], ["2026-12-28 09:00", "--reset"], ["明天"]])
def test_a_time_that_cannot_be_read_is_refused(wrong: list[str]):
    with pytest.raises(CommandError, match="2026-12-28 09:00"):
        call_command("travel", *wrong)
