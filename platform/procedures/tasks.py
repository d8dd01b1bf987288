"""The clock's own work. Each task is level-triggered: run twice, late or on ten workers, the outcome is the same."""

from __future__ import annotations

from datetime import datetime

import clock
from accounts.actors import SYSTEM
from celery import shared_task
from deadlines.models import Deadline
from deadlines.sweep import sweep as sweep_deadlines

from procedures import hearings
from procedures.idempotency import clear_expired
from procedures.perform import perform


def take_step(deadline: Deadline, at: datetime) -> None:
    """The step a passed clock names, taken by the system as of the moment the clock passed."""
    perform(deadline.case, deadline.on_pass_step, by=SYSTEM, at=at, effective_at=deadline.due_at)


@shared_task
def sweep() -> None:
    """Every minute: limits that have passed, then what other cases asked for."""
    at = clock.now()
    sweep_deadlines(at, take_step=take_step)
    hearings.deliver(at)


@shared_task
def clear_idle_drafts() -> None:
    from procedures.drafts import clear_idle

    clear_idle(clock.now())


@shared_task
def clear_expired_keys() -> None:
    """Every hour: the answers to idempotency keys that are no longer kept."""
    clear_expired(clock.now())


SCHEDULE = {
    "procedures.sweep": {"task": "procedures.tasks.sweep", "schedule": 30.0},
    "procedures.clear_idle_drafts": {"task": "procedures.tasks.clear_idle_drafts", "schedule": 86400.0},
    "procedures.clear_expired_keys": {"task": "procedures.tasks.clear_expired_keys", "schedule": 3600.0},
}
