"""What the worker does for accounts."""

from __future__ import annotations

import clock
from celery import shared_task

from accounts.actions.sessions import end_abandoned


@shared_task
def end_abandoned_sessions() -> None:
    """Every ten minutes: sessions that ended without their browser."""
    end_abandoned(clock.now())


SCHEDULE = {
    "accounts.end_abandoned_sessions": {
        "task": "accounts.tasks.end_abandoned_sessions",
        "schedule": 600.0,
    },
}
