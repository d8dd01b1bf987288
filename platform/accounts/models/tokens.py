"""API tokens: long random strings of which only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

PREFIX = "yushu_"
LONGEST = timedelta(days=365)


class Scope(models.TextChoices):
    """What a token may be used for; never more than its owner's posts allow."""

    READ = "read", _("查看目录、办件和期限")
    CASES_WRITE = "cases:write", _("办理办件")
    DATA_READ = "data:read", _("下载和调用已授权的数据")


def new_secret() -> str:
    """A fresh token: 32 random bytes behind the prefix that secret scanners know it by."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256, hex. The token is random enough that a slow hash would add nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


class Token(models.Model):
    """One token of one person. The token itself is shown once and kept nowhere."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("所有人")
    )
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(_("开头"), max_length=12)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices), verbose_name=_("范围"))
    created_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at"))
                & models.Q(expires_at__lte=models.F("created_at") + LONGEST),
                name="token_ends_within_a_year",
            ),
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="token_has_a_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.start}…"

    def usable(self, at: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > at

    def scope_labels(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes]
