"""The password rules (等保三级 8.1.4.1 a): length, kinds of characters, not the name, not one used before, not too old.

The standard asks for complexity and regular change and gives no numbers; those here are common assessment practice
and stand in the settings.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from accounts.models import PastPassword, User

KINDS = ("小写字母", "大写字母", "数字", "符号")


class LongEnough:
    """At least so many characters."""

    def __init__(self, length: int = 12) -> None:
        self.length = length

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < self.length:
            raise ValidationError(
                f"密码应不少于 {self.length} 位，现在是 {len(password)} 位", code="password_length"
            )

    def get_help_text(self) -> str:
        return f"不少于 {self.length} 位"


class KindsOfCharacters:
    """So many of the four kinds: lower case, capitals, digits, everything else."""

    def __init__(self, kinds: int = 3) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: User | None = None) -> None:
        has = (
            any("a" <= c <= "z" for c in password),
            any("A" <= c <= "Z" for c in password),
            any("0" <= c <= "9" for c in password),
            any(not (c.isascii() and c.isalnum()) for c in password),
        )
        if sum(has) < self.kinds:
            there = "、".join(kind for kind, yes in zip(KINDS, has, strict=True) if yes) or "没有字符"
            raise ValidationError(
                f"密码应含{'、'.join(KINDS)}中的至少 {self.kinds} 类，现在只有{there}", code="password_kinds"
            )

    def get_help_text(self) -> str:
        return f"含{'、'.join(KINDS)}中的至少 {self.kinds} 类"


class NotThePerson:
    """Not the account name, name, mail box or telephone number, in whole or as a part."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        parts = {
            "账号名": user.username,
            "姓名": user.name,
            "邮箱名": (user.email or "").partition("@")[0],
            "电话": user.phone,
        }
        for name, part in parts.items():
            if len(part) >= 2 and part.lower() in password.lower():
                raise ValidationError(f"密码不能包含您的{name}", code="password_person")

    def get_help_text(self) -> str:
        return "不包含账号名、姓名、邮箱名和电话"


class NotUsedBefore:
    """Not the present one and none of the last few."""

    def __init__(self, past: int = 5) -> None:
        self.past = past

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        used = [
            user.password,
            *PastPassword.objects.filter(user=user)
            .order_by("-set_at", "-pk")
            .values_list("password", flat=True)[: self.past - 1],
        ]
        if any(check_password(password, hashed) for hashed in used):
            raise ValidationError(
                f"这一密码最近用过，请换一个与前 {self.past} 个都不同的", code="password_used"
            )

    def get_help_text(self) -> str:
        return f"与前 {self.past} 个密码不同"


def must_change(user: User, at: datetime) -> str:
    """Why the password has to be changed now, as a sentence; empty when it need not be."""
    if user.must_change_password:
        return "您现在用的是一次性密码，请先设置自己的密码。"
    days = settings.PASSWORD_MAX_AGE_DAYS
    if days and (user.password_changed_at is None or user.password_changed_at + timedelta(days=days) <= at):
        return f"密码已使用满 {days} 天，请更换。"
    return ""
