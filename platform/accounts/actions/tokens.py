"""API tokens: made and revoked by their owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Role, Scope, Token, User
from accounts.models.tokens import LONGEST, digest, new_secret
from accounts.recording import recorded
from accounts.refusals import NoRight, Unfit

#: Often enough to see whether a token is alive, seldom enough to cost nothing.
TOUCH_EVERY = timedelta(minutes=1)
MOST_TOKENS = 20


@transaction.atomic
def make_token(
    user: User, *, name: str, scopes: Iterable[str], expires_at: datetime, by: Actor, at: datetime
) -> tuple[Token, str]:
    """Make a token for oneself. Returns the row and the token itself, which is kept nowhere.

    Raises NoRight for another's account, Unfit for an unknown scope, no scope, or an end more than a year away.
    """
    if not by.is_system and (by.user is None or by.user.pk != user.pk):
        raise NoRight("接口令牌只能由本人创建。")
    wanted = list(dict.fromkeys(scopes))
    unknown = [scope for scope in wanted if scope not in Scope.values]
    if unknown or not wanted:
        raise Unfit(f"令牌范围应从{'、'.join(Scope.values)}中选，现在是{'、'.join(unknown) or '空'}。")
    if not at < expires_at <= at + LONGEST:
        raise Unfit("到期时间应在现在之后，且不超过 365 天。")
    if Token.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=at).count() >= MOST_TOKENS:
        raise Unfit(f"有效的令牌已有 {MOST_TOKENS} 个，请先撤销不用的。")
    secret = new_secret()
    token = Token.objects.create(
        user=user,
        name=name,
        digest=digest(secret),
        start=secret[:10],
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    _record("token:make", token, by, at, {"scopes": wanted, "expires_at": expires_at.isoformat()})
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, by: Actor, at: datetime) -> None:
    """End a token at once; its owner may, and a security administrator. Revoking twice changes nothing."""
    own = by.user is not None and by.user.pk == token.user_id
    if not (own or by.is_system or by.holds(Role.SECURITY_ADMIN)):
        raise NoRight("接口令牌由本人或安全管理员撤销。")
    if Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
        _record("token:revoke", token, by, at, {})


def touch_token(token: Token, at: datetime) -> None:
    """Note that the token was used, at most once a minute; in between it costs no query."""
    if token.last_used_at is not None and abs(at - token.last_used_at) < TOUCH_EVERY:
        return
    Token.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - TOUCH_EVERY), pk=token.pk
    ).update(last_used_at=at)


def _record(action: str, token: Token, by: Actor, at: datetime, after: dict[str, object]) -> None:
    recorded(
        action,
        by=by,
        at=at,
        kind="token",
        key=str(token.pk),
        after={"account": token.user.username, "name": token.name, "start": token.start, **after},
    )
