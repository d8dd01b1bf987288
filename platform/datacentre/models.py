"""城市大数据资源中心: holdings, their versions and items, the grants on them, and every read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase


class Holding(models.Model):
    """数据实体: the data of one catalogue entry, owned by the body that provides it."""

    code = models.CharField(_("编号"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    owner = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="holdings", verbose_name=_("数据提供单位")
    )
    source = models.TextField(_("来源"), blank=True)
    licence = models.CharField(_("许可"), max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("数据实体")
        permissions = [("read_holding", "读取数据实体")]

    def __str__(self) -> str:
        return self.name


class HoldingUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Holding, models.CASCADE)


class HoldingGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Holding, models.CASCADE)


class HoldingVersion(models.Model):
    """One load of a holding; never changed afterwards. Rows lie in `file` (CSV, UTF-8, header of item codes)."""

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    loaded_at = models.DateTimeField(_("载入时间"))
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rows = models.PositiveBigIntegerField(_("行数"))
    size = models.PositiveBigIntegerField(_("字节"))
    sm3 = models.CharField(max_length=64)
    file = models.FileField(upload_to="holdings/")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("数据版本")
        constraints = [models.UniqueConstraint(fields=["holding", "number"], name="version_once")]


class HoldingItem(models.Model):
    """A column of a holding."""

    class Type(models.TextChoices):
        TEXT = "text", _("文本")
        CODE = "code", _("代码")
        INTEGER = "integer", _("整数")
        NUMBER = "number", _("数值")
        DATE = "date", _("日期")
        MOMENT = "moment", _("时间")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="items")
    code = models.CharField(_("代码"), max_length=60)
    name = models.CharField(_("名称"), max_length=100)
    type = models.CharField(_("类型"), max_length=10, choices=Type.choices)
    position = models.PositiveIntegerField()
    kind = models.CharField(
        _("文书证照合同"), max_length=20, blank=True, help_text=_("document、licence 或 contract（SHA-15）")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("信息项")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["holding", "code"], name="holding_item_once")]


class Grant(models.Model):
    """授权: what one body may read of one holding, for which purpose, on which case, until when."""

    class Status(models.TextChoices):
        OPEN = "open", _("有效")
        SUSPENDED = "suspended", _("暂停")
        ENDED = "ended", _("已终止")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="grants")
    case = models.OneToOneField("procedures.Case", models.PROTECT, related_name="grant")
    grantee = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="grants")
    items = models.JSONField(_("信息项"), default=list)  # item codes
    purpose = models.TextField(_("用途"))
    scope = models.TextField(_("使用范围"), blank=True)
    modes = models.JSONField(_("方式"), default=list)  # "file", "api"
    quota_per_day = models.PositiveIntegerField(_("每日调用上限"), null=True, blank=True)
    first_day = models.DateField(_("首日"))
    last_day = models.DateField(_("最后一日"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("授权")
        indexes = [models.Index(fields=["grantee", "status"]), models.Index(fields=["holding", "status"])]


class Read(models.Model):
    """One read of shared data: who, what, how much, under which grant and purpose. Never changed."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    way = models.CharField(max_length=10)  # "csv", "xlsx", "json", "api"
    version = models.ForeignKey(HoldingVersion, models.PROTECT, related_name="+")
    items = models.JSONField(default=list)
    rows = models.PositiveBigIntegerField(default=0)
    finished = models.BooleanField(default=False)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("读取记录")
        indexes = [models.Index(fields=["grant", "-at"])]


class UseRecord(models.Model):
    """What the receiving body says it used the data for (SHA-09)."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    used_for = models.TextField(_("用于"))
    result = models.TextField(_("成效"), blank=True)
