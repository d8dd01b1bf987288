"""What people and partner systems are told. The outbox row is written with the act; everything else follows from it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outgoing(models.Model):
    """A message to a body's desk (`organisation` and `role`) or to one person, written in the act's transaction.

    `next_try` is set while it still has to be delivered. A `failure` beside no `next_try` was given up.
    """

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
            ),
            models.Index(fields=["-id"], condition=~models.Q(failure=""), name="outgoing_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"


class Notice(models.Model):
    """A message in one person's in-site box, and how its mail went.

    The mail goes DUE → SENDING → SENT. SENDING is committed before the server is spoken to, so a worker that dies in
    between leaves SENDING behind, and nobody can know whether the mail left: UNSURE, shown, and never sent again by
    itself. The notice in the box is the one that counts; the mail only says that it is there.
    """

    class Mail(models.TextChoices):
        NONE = "", _("不发邮件")
        DUE = "due", _("待发")
        SENDING = "sending", _("正在发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("未能发出")
        UNSURE = "unsure", _("不能确定是否发出")

    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(_("邮件"), max_length=10, choices=Mail.choices, blank=True, default=Mail.NONE)
    mail_next_try = models.DateTimeField(null=True, blank=True)
    mail_attempts = models.PositiveIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_failure = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("站内通知")
        constraints = [models.UniqueConstraint(fields=["outgoing", "user"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_box"),
            models.Index(
                fields=["user", "-id"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            ),
            models.Index(
                fields=["mail_next_try"],
                condition=models.Q(mail_next_try__isnull=False),
                name="notice_mail_next_try",
            ),
            models.Index(
                fields=["-id"], condition=models.Q(mail__in=["failed", "unsure"]), name="notice_mail_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outgoing_id} → {self.user_id}"


class Preference(models.Model):
    """What a person chose. Without a row: mail on. The in-site box cannot be switched off."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    mail = models.BooleanField(_("发邮件"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通知偏好")

    def __str__(self) -> str:
        return f"{self.user_id} mail={self.mail}"


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class Subscription(models.Model):
    """A partner system of a body that is told what the body's desks are told, over HTTPS, signed.

    `topics`: whole topics ("sharing-request:grant") or all of a source ("sharing-request:*").
    `secret` is the key of the signature; it is shown once, when it is made.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("机构")
    )
    url = models.URLField(_("接收地址"), max_length=500)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    topics = models.JSONField(_("主题"), default=list)
    active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("推送订阅")
        constraints = [models.UniqueConstraint(fields=["organisation", "url"], name="subscribed_once")]
        indexes = [
            models.Index(fields=["organisation"], condition=models.Q(active=True), name="subscription_active")
        ]

    def __str__(self) -> str:
        return self.url

    def wants(self, topic: str) -> bool:
        return topic in self.topics or f"{topic.partition(':')[0]}:*" in self.topics


class Delivery(models.Model):
    """One message to one subscription. It may arrive more than once after a crash, always under the same number."""

    class State(models.TextChoices):
        DUE = "due", _("待送")
        DONE = "done", _("已送达")
        FAILED = "failed", _("未送达")

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="deliveries")
    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="deliveries")
    body = models.TextField(_("内容"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DUE)
    created_at = models.DateTimeField()
    next_try = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("推送")
        constraints = [models.UniqueConstraint(fields=["subscription", "outgoing"], name="pushed_once")]
        indexes = [
            models.Index(
                fields=["next_try"], condition=models.Q(next_try__isnull=False), name="delivery_next_try"
            ),
            models.Index(fields=["subscription", "-id"], name="delivery_log"),
        ]

    def __str__(self) -> str:
        return f"{self.outgoing_id} → {self.subscription_id}"


class Attempt(models.Model):
    """One try at a delivery: what the partner answered, or why it could not be reached. `status` 0: no answer."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("推送记录")

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status}"
