"""Pushes to partner systems: signed, retried with growing waits, every try kept.

A push arrives at least once. Its number (X-Yushu-Delivery) stays the same over all tries, so that the partner can
leave out what it already has. The signature is HMAC-SHA256 with the subscription's secret over
`timestamp + "." + body`, written `v1=<hex>`; a partner refuses what is older than five minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import time
from datetime import datetime, timedelta

from django.db import transaction

from notices import partners
from notices.models import Attempt, Delivery

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
#: While one worker speaks to a partner, no other takes the same push; a worker that dies gives it back after this.
LEASE = timedelta(minutes=2)

State = Delivery.State


def send_due(at: datetime, limit: int = 100) -> int:
    """Make up to `limit` due pushes; returns how many partners accepted."""
    accepted = 0
    for _ in range(limit):
        delivery = _take(at)
        if delivery is None:
            break
        accepted += _send(delivery, at)
    return accepted


@transaction.atomic
def _take(at: datetime) -> Delivery | None:
    """The next due push, leased; a subscription that was switched off meanwhile keeps its pushes waiting."""
    delivery = (
        Delivery.objects.filter(next_try__lte=at, state=State.DUE, subscription__active=True)
        .select_related("subscription")
        .order_by("next_try", "id")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    if delivery is not None:
        delivery.next_try, delivery.attempts = at + LEASE, delivery.attempts + 1
        delivery.save(update_fields=["next_try", "attempts"])
    return delivery


def _send(delivery: Delivery, at: datetime) -> bool:
    began = time.monotonic()
    try:
        answer = partners.post(
            delivery.subscription.url,
            delivery.body.encode(),
            headers(delivery.pk, delivery.subscription.secret, delivery.body.encode(), at),
        )
        status, text = answer.status, answer.text
    except (partners.Refused, OSError, http.client.HTTPException) as error:
        status, text = 0, str(error) or type(error).__name__
    _note(delivery, at, status, text, round((time.monotonic() - began) * 1000))
    return 200 <= status < 300


def headers(number: int, secret: str, body: bytes, at: datetime) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "yushu-webhook/1",
        "X-Yushu-Delivery": str(number),
        "X-Yushu-Timestamp": timestamp,
        "X-Yushu-Signature": signature(secret, timestamp, body),
    }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@transaction.atomic
def _note(delivery: Delivery, at: datetime, status: int, text: str, milliseconds: int) -> None:
    """Keep the try, and what follows from it: done, another try, or given up."""
    # PostgreSQL has no NUL in text, and a partner may answer anything.
    answer = text.replace("\0", "")[:500]
    Attempt.objects.create(delivery=delivery, at=at, status=status, milliseconds=milliseconds, answer=answer)
    if 200 <= status < 300:
        delivery.state, delivery.next_try, delivery.done_at = State.DONE, None, at
    elif delivery.attempts <= len(BACK_OFF):
        delivery.next_try = at + BACK_OFF[delivery.attempts - 1]
    else:
        delivery.state, delivery.next_try = State.FAILED, None
    delivery.save(update_fields=["state", "next_try", "done_at"])


def again(delivery: Delivery, at: datetime) -> None:
    """Push once more because a person asked for it, whatever became of it before."""
    Delivery.objects.filter(pk=delivery.pk).update(state=State.DUE, next_try=at, attempts=0)
