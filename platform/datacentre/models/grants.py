"""Grants on holdings, every read under them, and what the data was used for."""

from __future__ import annotations

from datetime import date

from accounts.actors import Actor
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datacentre.models.holdings import Holding, HoldingVersion, oversees, working_organisations


class GrantQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> GrantQuerySet:
        """Grants that the actor's body holds or gives; all of them for the city data authority and its auditors."""
        if actor.is_system or oversees(actor):
            return self
        bodies = working_organisations(actor)
        return self.filter(models.Q(grantee__in=bodies) | models.Q(holding__owner__in=bodies))

    def held_by(self, actor: Actor) -> GrantQuerySet:
        """Grants under which the actor's own body may read."""
        return self.filter(grantee__in=working_organisations(actor))

    def in_force(self, day: date) -> GrantQuerySet:
        """Those that allow a read on the day."""
        return self.filter(status=Grant.Status.OPEN, first_day__lte=day, last_day__gte=day)


class Grant(models.Model):
    """授权: what one body may read of one holding, for which purpose, on which case, until when.

    Both days are whole days and both count (民法典 203: the last day runs to its end).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("有效")
        SUSPENDED = "suspended", _("暂停")
        ENDED = "ended", _("已终止")

    class Mode(models.TextChoices):
        FILE = "file", _("文件下载")
        API = "api", _("接口")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="grants")
    case = models.OneToOneField("procedures.Case", models.PROTECT, related_name="grant")
    grantee = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="grants", verbose_name=_("数据使用单位")
    )
    items = models.JSONField(_("信息项"), default=list)  # item codes
    purpose = models.TextField(_("用途"))
    scope = models.TextField(_("使用范围"), blank=True)
    conditions = models.TextField(
        _("附加条件"), blank=True, default=""
    )  # set by the decision, kept word for word
    modes = models.JSONField(_("方式"), default=list)  # values of Mode
    quota_per_day = models.PositiveIntegerField(_("每日读取上限"), null=True, blank=True)
    first_day = models.DateField(_("首日"))
    last_day = models.DateField(_("最后一日"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(_("开通时间"))
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ended_why = models.CharField(_("原因"), max_length=200, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("授权")
        indexes = [models.Index(fields=["grantee", "status"]), models.Index(fields=["holding", "status"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="grant_days_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(status="ended", ended_at__isnull=False)
                | (~models.Q(status="ended") & models.Q(ended_at__isnull=True)),
                name="grant_ended_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.grantee_id}"


class Read(models.Model):
    """One read of shared data: who, what, how much, under which grant.

    Written before the first row leaves. `rows`, `finished`, `ended_at`, `sm3` (of the bytes delivered) and `stopped`
    (why it was cut short) are filled in once, at its end; after that the database refuses every change.
    """

    class Way(models.TextChoices):
        PAGE = "page", _("页面")
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        JSON = "json", "JSON"
        API = "api", _("接口")

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    way = models.CharField(max_length=10, choices=Way.choices)
    version = models.ForeignKey(HoldingVersion, models.PROTECT, related_name="+")
    items = models.JSONField(default=list)
    filters = models.JSONField(default=list)
    rows = models.PositiveBigIntegerField(default=0)
    finished = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=200, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("读取记录")
        indexes = [models.Index(fields=["grant", "-at"])]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.way} {self.at:%Y-%m-%d %H:%M}"


class UseRecord(models.Model):
    """What the receiving body says it used the data for (REG22-25; SHA-09)."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    used_for = models.TextField(_("用于"))
    result = models.TextField(_("成效"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("使用记录")
        indexes = [models.Index(fields=["grant", "-at"])]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.at:%Y-%m-%d}"
