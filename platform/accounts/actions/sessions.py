"""Signing in and out, and the rows that let a person see and end each signed-in browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import clock
import structlog
from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.actors import Actor
from accounts.models import SignedInSession, User
from accounts.recording import recorded

STARTED, SEEN, ROW = "signed_in_at", "seen_at", "signed_in_row"

Ending = SignedInSession.Ending
log = structlog.get_logger("accounts")


@transaction.atomic
def sign_in(request: HttpRequest, user: User, *, means: str, at: datetime) -> SignedInSession:
    """Open the session of a person whose identity was just proven (`means`: password, identity-provider).

    The session's key and the CSRF token change, so that whatever was planted before signing in is worth nothing.
    """
    auth.login(request, user)
    user.last_login = at
    user.save(update_fields=["last_login"])
    row = SignedInSession.objects.create(
        user=user,
        key=request.session.session_key or "",
        means=means,
        address=request.META.get("REMOTE_ADDR") or None,
        browser=request.headers.get("User-Agent", "")[:200],
        started_at=at,
        seen_at=at,
    )
    request.session[STARTED] = request.session[SEEN] = at.isoformat()
    request.session[ROW] = row.pk
    _record("account:sign-in", row, Actor.of(user, at), at)
    return row


@transaction.atomic
def sign_out(request: HttpRequest, *, at: datetime, ending: Ending = Ending.SIGNED_OUT) -> None:
    """Close this session. Does nothing for a visitor."""
    if not request.user.is_authenticated:
        return
    row = SignedInSession.objects.filter(pk=request.session.get(ROW, 0), ended_at__isnull=True).first()
    if row is not None:
        _close(row, ending, at)
        by = Actor.of(request.user, at)
        _record("account:sign-out", row, by, at)
    auth.logout(request)


@transaction.atomic
def refused_sign_in(username: str, address: str, *, locked: bool, at: datetime) -> None:
    """Record a sign-in that was refused. What was typed as account name is kept only if there is such an account:
    it is often a password typed in the wrong box."""
    user = User.objects.filter(username=username).first()
    if user is None:
        return
    recorded(
        "account:locked-out" if locked else "account:sign-in-refused",
        by=Actor(user=None),
        at=at,
        kind="account",
        key=user.username,
        after={"address": address},
    )


@transaction.atomic
def end_session(row: SignedInSession, *, by: Actor, at: datetime) -> None:
    """End one of one's own sessions, wherever it is."""
    if by.user is None or row.user_id != by.user.pk or row.ended_at is not None:
        return
    _close(row, Ending.ENDED, at)
    _record("account:end-session", row, by, at)


@transaction.atomic
def end_other_sessions(by: Actor, *, keep: str, at: datetime) -> int:
    """End all of one's own sessions but the one with the key; returns how many."""
    if by.user is None:
        return 0
    count = close_sessions(by.user, Ending.ENDED, at, keep=keep)
    if count:
        recorded(
            "account:end-sessions", by=by, at=at, kind="account", key=by.user.username, after={"count": count}
        )
    return count


def close_sessions(user: User, ending: Ending, at: datetime, *, keep: str = "") -> int:
    """End the account's live sessions, but the one with the key `keep`; returns how many."""
    rows = list(SignedInSession.objects.filter(user=user, ended_at__isnull=True).exclude(key=keep or "-"))
    for row in rows:
        _close(row, ending, at)
    return len(rows)


def end_abandoned(at: datetime, *, most: int = 500) -> int:
    """End the sessions whose limits passed while no browser came back; returns how many (no more than `most`).

    Each is its own transaction, with the same line in the trail as when the browser is told; what the cookies of
    visitors left behind goes with them.
    """
    idle, oldest = (
        timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    live = SignedInSession.objects.filter(ended_at__isnull=True)
    # A browser's last use is noted once a minute (middleware): it has that minute more.
    over = live.filter(Q(seen_at__lte=at - idle - timedelta(minutes=1)) | Q(started_at__lte=at - oldest))
    ended = 0
    for key in over.order_by("pk").values_list("pk", flat=True)[:most]:
        try:
            ended += _end_abandoned(over.filter(pk=key), at, at - oldest)
        except Exception:
            # One that cannot be ended must not keep the others open; it is tried again at the next look.
            log.exception("session_not_ended", session=key)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return ended


@transaction.atomic
def _end_abandoned(found: QuerySet[SignedInSession], at: datetime, oldest: datetime) -> int:
    row = found.select_for_update(skip_locked=True, of=("self",)).select_related("user").first()
    if row is None:
        return 0
    _close(row, Ending.TOO_OLD if row.started_at <= oldest else Ending.IDLE, at)
    _record("account:sign-out", row, Actor.of(row.user, at), at)
    return 1


def rotate_key(request: HttpRequest) -> None:
    """Give this session a new key (after its password or its strength changed) and let its row follow."""
    request.session.cycle_key()
    SignedInSession.objects.filter(pk=request.session.get(ROW, 0)).update(key=request.session.session_key)


def seen(request: HttpRequest, at: datetime) -> None:
    """Note that the session is in use."""
    request.session[SEEN] = at.isoformat()
    SignedInSession.objects.filter(pk=request.session.get(ROW, 0)).update(seen_at=at)


def moment_of(session: SessionBase, key: str) -> datetime | None:
    """A moment kept in the session, in Shanghai time."""
    text = session.get(key)
    return datetime.fromisoformat(text).astimezone(clock.SHANGHAI) if text else None


def _close(row: SignedInSession, ending: Ending, at: datetime) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    if row.key:
        store(row.key).delete()
    row.key, row.ended_at, row.ending = "", at, ending
    row.save(update_fields=["key", "ended_at", "ending"])


def _record(action: str, row: SignedInSession, by: Actor, at: datetime) -> None:
    recorded(
        action,
        by=by,
        at=at,
        kind="account",
        key=by.user.username if by.user else "",
        after={"means": row.means, "address": row.address, "browser": row.browser, "ending": row.ending},
    )
