"""目录: what data exists, who provides it, on which terms it is shared."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SharingType(models.TextChoices):
    UNCONDITIONAL = "unconditional", _("无条件共享")
    CONDITIONAL = "conditional", _("有条件共享")
    NOT_SHARED = "not-shared", _("不予共享")


class Entry(models.Model):
    """目录条目. Anything narrower than unconditional sharing names its legal basis (REG22-24; CAT-17, CAT-18)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("编制中")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤销")

    code = models.CharField(_("资源代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    summary = models.TextField(_("摘要"))
    provider = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="entries", verbose_name=_("数据提供单位")
    )
    subject = models.CharField(_("主题"), max_length=40, blank=True)
    sharing_type = models.CharField(
        _("共享类型"), max_length=20, choices=SharingType.choices, default=SharingType.UNCONDITIONAL
    )
    sharing_basis = models.CharField(_("共享类型依据"), max_length=300, blank=True)
    update_cycle = models.CharField(_("更新周期"), max_length=20, blank=True)
    security_level = models.CharField(_("安全级别"), max_length=20, blank=True)
    use_requirements = models.TextField(_("使用要求"), blank=True)
    delivery = models.JSONField(_("提供方式"), default=list)  # "file", "api"
    base_database = models.BooleanField(_("基础数据库基本信息项"), default=False)
    status = models.CharField(_("状态"), max_length=20, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    holding = models.OneToOneField(
        "datacentre.Holding", models.PROTECT, null=True, blank=True, related_name="entry"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("目录条目")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class EntryItem(models.Model):
    """信息项 of an entry."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="items")
    code = models.CharField(_("代码"), max_length=60)
    name = models.CharField(_("名称"), max_length=100)
    type = models.CharField(_("类型"), max_length=20)
    description = models.CharField(_("说明"), max_length=300, blank=True)
    sharing_type = models.CharField(
        _("共享类型"), max_length=20, choices=SharingType.choices, default=SharingType.UNCONDITIONAL
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("信息项")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["entry", "code"], name="entry_item_once")]

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    """One sharing condition of an entry. `check` names the question that can be answered by the machine, if any."""

    class Check(models.TextChoices):
        FUNCTION = "function", _("申请单位职能")
        PURPOSE = "purpose", _("用途")
        PERIOD = "period", _("使用期限")
        MODE = "mode", _("提供方式")
        ITEMS = "items", _("信息项")
        MANUAL = "manual", _("由经办人判断")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="conditions")
    position = models.PositiveIntegerField(default=0)
    text = models.CharField(_("条件"), max_length=300)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    check_kind = models.CharField(_("核对方式"), max_length=20, choices=Check.choices, default=Check.MANUAL)
    parameter = models.JSONField(_("参数"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("共享条件")
        ordering = ["position"]
