from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GrantRevocation(models.Model):
    """共享授权核查: one look into how a grant is used, and what follows from it (REG22-25.3, GOV19-50)."""

    class Ground(models.TextChoices):
        SCOPE = "scope", _("超出使用范围")
        PURPOSE = "purpose", _("用于其他目的")
        THIRD_PARTY = "third-party", _("提供给第三方")
        UNRELATED = "unrelated", _("与履行职责无关")
        CHANGED = "changed", _("共享类型或者职能变化")
        RISK = "risk", _("安全风险")
        ERROR = "error", _("授权有误")

    #: Grounds without fault of the receiving body: it gets notice before access ends.
    WITHOUT_FAULT = frozenset({Ground.CHANGED, Ground.ERROR})

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="grant_revocation"
    )
    grant = models.ForeignKey(
        "datacentre.Grant", models.PROTECT, related_name="revocations", verbose_name=_("授权")
    )
    request = models.ForeignKey(
        "procedures.Case", models.PROTECT, related_name="revocations", verbose_name=_("共享申请")
    )
    ground = models.CharField(_("事由"), max_length=20, choices=Ground.choices)
    facts = models.TextField(_("情况"))
    log_extract = models.TextField(_("调用记录摘录"), blank=True)
    explanation = models.TextField(_("说明"), blank=True)
    demand = models.TextField(_("整改要求"), blank=True)
    rectify_by = models.DateField(_("整改期限"), null=True, blank=True)
    measures = models.TextField(_("整改措施"), blank=True)
    decision = models.TextField(_("决定理由"), blank=True)
    decision_basis = models.CharField(_("决定依据"), max_length=300, blank=True)
    effective_on = models.DateField(_("生效日"), null=True, blank=True)
    disposal = models.TextField(_("数据处置情况"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("共享授权核查")

    def __str__(self) -> str:
        return str(self.case)
