"""What people and partner systems are told. The outbox row is written with the act; everything else follows from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outgoing(models.Model):
    """A message to a body's desk (`organisation` and `role`) or to one person, written in the act's transaction."""

    topic = models.CharField(_("主题"), max_length=80)
    case = models.ForeignKey("procedures.Case", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("正文"), blank=True)
    created_at = models.DateTimeField()
    next_try = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发件箱")
        indexes = [
            models.Index(
                fields=["next_try"], condition=models.Q(next_try__isnull=False), name="outgoing_next_try"
            )
        ]


class Notice(models.Model):
    """A message in one person's in-site box."""

    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_failure = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("站内通知")
        constraints = [models.UniqueConstraint(fields=["outgoing", "user"], name="told_once")]
        indexes = [models.Index(fields=["user", "read_at", "-id"])]
