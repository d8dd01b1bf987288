from __future__ import annotations

import clock
from accounts.actors import SYSTEM
from celery import shared_task
from celery.schedules import crontab

from audit import actions, book
from audit.sealing import seal_all

SCHEDULE = {
    "audit.seal": {"task": "audit.tasks.seal", "schedule": 60.0, "options": {"expires": 60}},
    "audit.verify": {"task": "audit.tasks.verify", "schedule": crontab(hour=2, minute=30)},
    "audit.mail_seal": {"task": "audit.tasks.mail_seal", "schedule": crontab(hour=8, minute=0)},
}


@shared_task
def seal() -> None:
    """Link and seal what was committed since the last time."""
    seal_all(clock.now())


@shared_task(soft_time_limit=6 * 3600, time_limit=6 * 3600 + 60)
def verify() -> None:
    """The nightly check of the whole trail; its outcome stands on the auditors' page."""
    actions.check(SYSTEM, None, None, at=clock.now())


@shared_task
def mail_seal() -> None:
    """Send the newest seal to those who keep a copy outside (AUDIT_SEAL_MAIL)."""
    book.mail_newest()
