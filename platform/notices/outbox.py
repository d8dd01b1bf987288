"""Posting to the outbox, inside the caller's transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

import structlog
from accounts.models import Organisation, Role, User
from audit.statements import insert
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from notices.models import Outgoing

log = structlog.get_logger(__name__)

#: Messages posted within so many seconds leave together.
GATHER_SECONDS = 1.0
_gathering_until = 0.0


def to_desk(
    topic: str,
    organisation: Organisation,
    role: Role | str,
    *,
    case_id: int | None,
    subject: str,
    text: str,
    at: datetime,
) -> Outgoing:
    """A message to everybody who holds the role at the body when it is delivered."""
    return Outgoing(
        topic=topic,
        organisation=organisation,
        role=str(role),
        case_id=case_id,
        subject=subject[:200],
        text=text,
        created_at=at,
        next_try=at,
    )


def to_person(
    topic: str, user: User, *, case_id: int | None, subject: str, text: str, at: datetime
) -> Outgoing:
    """A message to one person."""
    return Outgoing(
        topic=topic, user=user, case_id=case_id, subject=subject[:200], text=text, created_at=at, next_try=at
    )


def post(messages: Iterable[Outgoing]) -> None:
    """Write the messages; they leave after the transaction, or not at all if it is undone."""
    posted = list(messages)
    if not posted:
        return
    insert(*posted)
    # One nudge a transaction is enough, however many messages it posts.
    if not any(waiting is nudge for _, waiting, _ in connection.run_on_commit):
        transaction.on_commit(nudge)


def nudge() -> None:
    """Wake the worker a moment from now, once for all that is posted until then.

    What is committed while a nudge is on its way is seen by the delivery that it starts, so it needs none of its own.
    With Redis away the nudge is lost and nothing else: the beat finds the rows.
    """
    global _gathering_until
    now = time.monotonic()
    if now < _gathering_until:
        return
    _gathering_until = now + GATHER_SECONDS
    try:
        current_app.send_task("notices.tasks.deliver", countdown=GATHER_SECONDS)
    except OperationalError as error:
        _gathering_until = 0.0
        log.warning("nudge_lost", error=str(error))
