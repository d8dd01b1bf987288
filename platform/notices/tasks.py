from __future__ import annotations

import clock
from celery import shared_task

from notices import mail, webhooks
from notices.delivery import deliver as deliver_due

SCHEDULE = {
    "notices.deliver": {"task": "notices.tasks.deliver", "schedule": 30.0, "options": {"expires": 30}},
    "notices.send": {"task": "notices.tasks.send", "schedule": 30.0, "options": {"expires": 30}},
}
_BATCH = 1000


@shared_task
def deliver() -> None:
    """Empty the outbox, then send what has to leave the house."""
    at = clock.now()
    while deliver_due(at, _BATCH).taken == _BATCH:
        pass
    send.delay()


@shared_task
def send() -> None:
    """Mails and pushes that are due. Apart from the box, so that a slow partner keeps nobody waiting for a notice."""
    at = clock.now()
    mail.send_due(at)
    webhooks.send_due(at)
