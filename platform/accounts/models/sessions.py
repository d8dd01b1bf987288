"""Signed-in sessions, listed to their owner, who can end each of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

#: What browsers and systems write into their User-Agent; the more particular mark first, because they copy each other.
_BROWSERS = (
    ("MicroMessenger/", "微信"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class SignedInSession(models.Model):
    """One browser that is or was signed in. `key` is the key of the session itself while it lives, empty after."""

    class Ending(models.TextChoices):
        SIGNED_OUT = "signed-out", _("本人退出")
        ENDED = "ended", _("本人在别处结束")
        IDLE = "idle", _("长时间没有操作")
        TOO_OLD = "too-old", _("超过最长登录时间")
        PASSWORD = "password", _("密码已更改")
        DEACTIVATED = "deactivated", _("账号已停用")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, blank=True, db_index=True)
    means = models.CharField(_("登录方式"), max_length=20)
    address = models.GenericIPAddressField(_("登录地址"), null=True, blank=True)
    browser = models.CharField(_("浏览器"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("登录时间"))
    seen_at = models.DateTimeField(_("最近操作"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ending = models.CharField(_("结束原因"), max_length=20, choices=Ending.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("登录会话")
        indexes = [
            models.Index(
                fields=["user", "-started_at"],
                condition=models.Q(ended_at__isnull=True),
                name="live_sessions",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def browser_name(self) -> str:
        """What a person calls the browser: its name and system, as far as it says."""
        name = next((name for mark, name in _BROWSERS if mark in self.browser), "")
        system = next((system for mark, system in _SYSTEMS if mark in self.browser), "")
        return "，".join(filter(None, [name, system])) or self.browser[:60] or str(_("未说明的浏览器"))
