"""Figures counted beforehand, so that no visitor waits for them."""

from __future__ import annotations

import clock
from celery import shared_task

from web import promise


@shared_task
def count() -> None:
    """Every five minutes: how the limits of the law are kept this year."""
    promise.keep(clock.now())


SCHEDULE = {"web.count": {"task": "web.tasks.count", "schedule": 300.0}}
