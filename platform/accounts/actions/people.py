"""Accounts: created by a system administrator without any right; passwords; going and coming back."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from accounts.actions.sessions import close_sessions
from accounts.actors import Actor
from accounts.models import PastPassword, Role, SignedInSession, Token, User
from accounts.recording import recorded
from accounts.refusals import NoRight, Unfit, require

#: Letters and digits that are not mistaken for each other when read from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

#: Words that stand in the addresses of the people pages.
RESERVED = frozenset({"new", "appointments", "posts"})


@transaction.atomic
def create_account(
    username: str,
    name: str,
    *,
    email: str = "",
    phone: str = "",
    identity_subject: str = "",
    by: Actor,
    at: datetime,
    reason: str,
) -> tuple[User, str]:
    """Write an account that holds no post, with a password that must be changed at the first sign-in.

    Returns the account and the one-time password, which is kept nowhere. Raises NoRight for anyone but a system
    administrator (or the system), Unfit when the account name is taken or not usable.
    """
    require(by, Role.SYSTEM_ADMIN, to="建立账号")
    user = User(
        username=User.normalize_username(username),
        name=name,
        email=User.objects.normalize_email(email),
        phone=phone,
        identity_subject=identity_subject,
        must_change_password=True,
    )
    if user.username in RESERVED:
        raise Unfit({"username": [f"账号名不能用“{user.username}”，它是网页地址的一部分，请另取。"]})
    password = one_time_password()
    user.password = make_password(password)
    user.full_clean()
    user.save()
    _record("account:create", user, by, at, after={**_facts(user), "reason": reason})
    return user, password


@transaction.atomic
def set_password(user: User, password: str, *, by: Actor, at: datetime, keep: str = "") -> None:
    """Give oneself a new password; every other session of the account ends (`keep` is the key of this one).

    Raises NoRight for another's account, ValidationError when the password does not meet the rules.
    """
    if not by.is_system and (by.user is None or by.user.pk != user.pk):
        raise NoRight("密码只能由本人设置；忘记密码的，由系统管理员发一次性密码。")
    validate_password(password, user)
    _remember(user, at)
    user.set_password(password)
    user.must_change_password, user.password_changed_at = False, at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    close_sessions(user, SignedInSession.Ending.PASSWORD, at, keep=keep)
    _record("account:set-password", user, by, at)


@transaction.atomic
def issue_one_time_password(user: User, *, by: Actor, at: datetime, reason: str) -> str:
    """Replace a forgotten password by a random one that must be changed at the next sign-in; returns it once."""
    require(by, Role.SYSTEM_ADMIN, to="重置密码")
    if by.user is not None and by.user.pk == user.pk:
        raise NoRight("自己的密码请在“修改密码”页更改。")
    if not user.is_active:
        raise Unfit(f"{user.name}的账号已停用，恢复账号后才能重置密码。")
    _remember(user, at)
    password = one_time_password()
    user.password, user.must_change_password, user.password_changed_at = make_password(password), True, None
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    close_sessions(user, SignedInSession.Ending.PASSWORD, at)
    _record("account:one-time-password", user, by, at, after={"reason": reason})
    return password


@transaction.atomic
def deactivate(user: User, *, by: Actor, at: datetime, reason: str) -> None:
    """Close an account: no sign-in, no session, no token from this moment on. Posts keep their dates as history."""
    require(by, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, to="停用账号")
    if by.user is not None and by.user.pk == user.pk:
        raise NoRight("不能停用自己的账号，请由另一位管理员办理。")
    if not user.is_active:
        raise Unfit(f"{user.name}的账号已经停用。")
    user.is_active = False
    user.save(update_fields=["is_active"])
    close_sessions(user, SignedInSession.Ending.DEACTIVATED, at)
    tokens = Token.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=at)
    _record(
        "account:deactivate",
        user,
        by,
        at,
        before={"is_active": True},
        after={"is_active": False, "tokens_revoked": tokens, "reason": reason},
    )


@transaction.atomic
def reactivate(user: User, *, by: Actor, at: datetime, reason: str) -> str:
    """Open a closed account again, with a new one-time password; what posts are still in force count again."""
    require(by, Role.SECURITY_ADMIN, to="恢复账号")
    if user.is_active:
        raise Unfit(f"{user.name}的账号没有停用。")
    password = one_time_password()
    user.is_active, user.must_change_password, user.password_changed_at = True, True, None
    user.password = make_password(password)
    user.save(update_fields=["is_active", "password", "must_change_password", "password_changed_at"])
    _record(
        "account:reactivate",
        user,
        by,
        at,
        before={"is_active": False},
        after={"is_active": True, "reason": reason},
    )
    return password


def one_time_password() -> str:
    """Sixteen characters in four groups, about 92 bits, easy to read out and to type."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def _remember(user: User, at: datetime) -> None:
    if user.has_usable_password():
        PastPassword.objects.create(user=user, password=user.password, set_at=user.password_changed_at or at)


def _facts(user: User) -> dict[str, str]:
    return {
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "identity_subject": user.identity_subject,
    }


def _record(
    action: str,
    user: User,
    by: Actor,
    at: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    recorded(action, by=by, at=at, kind="account", key=user.username, before=before, after=after)
