"""From the outbox to people: who they are is decided on the day of delivery, and each is told once.

`deliver` takes due rows with FOR UPDATE SKIP LOCKED and, in one transaction, writes the in-site notices, the mails and
pushes that are due, and closes the rows. Ten workers, a repeated run or a kill in between lead to the same rows. What
leaves the house (mail, pushes) is sent afterwards from those rows, in notices.mail and notices.webhooks.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Post, Role, User
from clock import SHANGHAI
from django.db import transaction
from django.db.models import Q

from notices.models import Delivery, Notice, Outgoing, Preference, Subscription

#: When a message that nobody can receive is tried again: a body may fill its post meanwhile. Then it is given up.
RETRY = (timedelta(hours=1), timedelta(hours=6), *[timedelta(days=1)] * 5)

Desk = tuple[int, str]  # organisation id, role


@dataclass(frozen=True)
class Delivered:
    """What one run did. `taken` below the limit means that nothing else was due."""

    taken: int = 0
    notices: int = 0
    pushes: int = 0
    failed: int = 0


@transaction.atomic
def deliver(at: datetime, limit: int = 1000) -> Delivered:
    """Deliver up to `limit` due messages."""
    taken = list(
        Outgoing.objects.filter(next_try__lte=at)
        .select_related("organisation", "user", "case")
        .order_by("next_try", "id")
        .select_for_update(of=("self",), skip_locked=True)[:limit]
    )
    if not taken:
        return Delivered()
    desks = _holders({(row.organisation_id, row.role) for row in taken if row.organisation_id}, at)
    people = {row.pk: _people(row, desks) for row in taken}
    reached = [row for row in taken if people[row.pk]]
    notices = _tell(reached, people, at)
    pushes = _push(taken, at)
    for row in taken:
        _close(row, bool(people[row.pk]), at)
    Outgoing.objects.bulk_update(taken, ["next_try", "attempts", "done_at", "failure"], batch_size=500)
    return Delivered(len(taken), notices, pushes, len(taken) - len(reached))


def _holders(desks: Iterable[Desk], at: datetime) -> dict[Desk, list[User]]:
    """Who holds each role at each body that day; one query. The leads of every body come with it."""
    wanted = set(desks)
    posts = (
        Post.objects.in_force(at.astimezone(SHANGHAI).date())
        .filter(
            organisation__in={organisation for organisation, _ in wanted},
            role__in={role for _, role in wanted} | {Role.LEAD},
        )
        .select_related("user")
        .order_by("id")
    )
    found: dict[Desk, list[User]] = defaultdict(list)
    for post in posts if wanted else ():
        found[post.organisation_id, post.role].append(post.user)
    return found


def _people(row: Outgoing, desks: dict[Desk, list[User]]) -> list[User]:
    """The addressed person; else the holders of the role; else the body's leads; else nobody."""
    if row.user is not None:
        return [row.user]
    if row.organisation_id is None:
        return []
    at_desk = desks.get((row.organisation_id, row.role))
    return at_desk or desks.get((row.organisation_id, Role.LEAD), [])


def _tell(rows: list[Outgoing], people: dict[int, list[User]], at: datetime) -> int:
    """One notice a person and message, with its mail due where the person has an address and wants mail."""
    users = {user.pk: user for row in rows for user in people[row.pk]}
    silent = set(Preference.objects.filter(user__in=users, mail=False).values_list("user_id", flat=True))
    notices = []
    for row in rows:
        for pk in dict.fromkeys(user.pk for user in people[row.pk]):
            mails = bool(users[pk].email) and users[pk].is_active and pk not in silent
            notices.append(
                Notice(
                    outgoing=row,
                    user_id=pk,
                    created_at=at,
                    mail=Notice.Mail.DUE if mails else Notice.Mail.NONE,
                    mail_next_try=at if mails else None,
                )
            )
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=2000)
    return len(notices)


def _push(rows: list[Outgoing], at: datetime) -> int:
    """A delivery for each active subscription of the addressed body that wants the topic."""
    bodies = {row.organisation_id for row in rows if row.organisation_id}
    by_body: dict[int, list[Subscription]] = defaultdict(list)
    for subscription in Subscription.objects.filter(organisation__in=bodies, active=True) if bodies else ():
        by_body[subscription.organisation_id].append(subscription)
    deliveries = [
        Delivery(subscription=subscription, outgoing=row, body=push_body(row), created_at=at, next_try=at)
        for row in rows
        for subscription in by_body.get(row.organisation_id or 0, ())
        if subscription.wants(row.topic)
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)
    return len(deliveries)


def push_body(row: Outgoing) -> str:
    """What a partner system receives, as JSON; `id` is the same however often it arrives."""
    facts = {
        "id": row.pk,
        "topic": row.topic,
        "organisation": row.organisation.code if row.organisation else "",
        "case": row.case.number if row.case else "",
        "subject": row.subject,
        "text": row.text,
        "at": row.created_at.astimezone(SHANGHAI).isoformat(),
    }
    return json.dumps(facts, ensure_ascii=False)


def _close(row: Outgoing, reached: bool, at: datetime) -> None:
    row.attempts += 1
    if reached:
        row.done_at, row.next_try, row.failure = at, None, ""
        return
    if row.organisation is None:
        row.failure, row.next_try = "没有写明发给谁。", None
        return
    wait = RETRY[row.attempts - 1] if row.attempts <= len(RETRY) else None
    row.next_try = at + wait if wait else None
    role = dict(Role.choices).get(row.role, row.role)
    row.failure = (
        f"{row.organisation.name}没有人任{role}，也没有处负责人，通知没有人收到。请先安排任职，再重新投递。"
    )


def again(row: Outgoing, at: datetime) -> bool:
    """Put a message that was given up back into the outbox; False when it is not one of those."""
    given_up = Q(pk=row.pk, done_at__isnull=True, next_try__isnull=True)
    return bool(Outgoing.objects.filter(given_up).update(next_try=at, attempts=0))
