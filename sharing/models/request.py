from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WithEntry(models.Manager):
    """Requests with the entry they ask for, its provider and its items: what every step looks at (two queries)."""

    def get_queryset(self) -> models.QuerySet:
        related = super().get_queryset().select_related("entry__provider")
        return related.prefetch_related("entry__items")


class SharingRequest(models.Model):
    """What a 共享申请 asks for (REG22-25) and what was granted of it (REG22-26)."""

    class Purpose(models.TextChoices):
        DUTY = "duty", _("依法履行职责")
        SERVICE = "service", _("提供公共服务")

    class Partner(models.TextChoices):
        BODY = "body", _("本市政务部门、公共服务组织")
        BY_REFERENCE = "by-reference", _("参照执行单位")
        OTHER_PROVINCE = "other-province", _("外省市对接方")

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="sharing_request"
    )
    entry = models.ForeignKey(
        "catalog.Entry", models.PROTECT, related_name="sharing_requests", verbose_name=_("目录条目")
    )
    entry_version = models.PositiveIntegerField(_("目录版本"))
    partner = models.CharField(
        _("申请单位类别"), max_length=20, choices=Partner.choices, default=Partner.BODY
    )
    scenario = models.TextField(_("应用场景"))
    purpose = models.CharField(_("目的"), max_length=10, choices=Purpose.choices)
    function = models.ForeignKey("accounts.Function", models.PROTECT, verbose_name=_("对应职能"))
    purpose_basis = models.CharField(_("目的的依据"), max_length=300)
    items = models.JSONField(_("信息项"))
    scope = models.CharField(_("使用范围"), max_length=500)
    modes = models.JSONField(_("提供方式"))
    first_day = models.DateField(_("使用期起"))
    last_day = models.DateField(_("使用期止"))
    contact = models.CharField(_("联系人"), max_length=60)
    contact_phone = models.CharField(_("联系电话"), max_length=30)
    granted_items = models.JSONField(_("同意的信息项"), default=list)
    granted_scope = models.CharField(_("同意的使用范围"), max_length=500, blank=True)
    granted_modes = models.JSONField(_("同意的提供方式"), default=list)
    granted_first_day = models.DateField(_("授权首日"), null=True, blank=True)
    granted_last_day = models.DateField(_("授权最后一日"), null=True, blank=True)
    quota_per_day = models.PositiveIntegerField(_("每日调用上限"), null=True, blank=True)
    use_conditions = models.TextField(_("附加条件"), blank=True)
    refused_reason = models.TextField(_("不同意的理由"), blank=True)
    refused_basis = models.CharField(_("不同意的依据"), max_length=300, blank=True)
    opinion = models.JSONField(_("提供部门意见"), default=dict, blank=True)

    objects = models.Manager()
    whole = WithEntry()

    class Meta:
        verbose_name = verbose_name_plural = _("共享申请")
        indexes = [models.Index(fields=["entry", "-case"], name="request_of_entry")]
        default_manager_name = "whole"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.case)
