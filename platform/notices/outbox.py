"""Posting to the outbox, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Organisation, Role, User

from notices.models import Outgoing


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
    Outgoing.objects.bulk_create(messages, batch_size=2000)
