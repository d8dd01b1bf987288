from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SharingObjection(models.Model):
    """共享异议: a department disputes a type, a refusal, conditions or the supply (GOV19-27)."""

    class Matter(models.TextChoices):
        TYPE = "type", _("共享类型")
        REFUSAL = "refusal", _("不同意共享的答复")
        CONDITIONS = "conditions", _("共享条件")
        SUPPLY = "supply", _("数据提供情况")

    class Result(models.TextChoices):
        TYPE_CHANGED = "type-changed", _("调整共享类型")
        SHARED = "shared", _("予以共享")
        CONDITIONS_CHANGED = "conditions-changed", _("调整共享条件")
        KEPT = "kept", _("维持原处理")

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="sharing_objection"
    )
    entry = models.ForeignKey("catalog.Entry", models.PROTECT, related_name="+", verbose_name=_("目录条目"))
    about = models.ForeignKey(
        "procedures.Case",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name=_("所涉办件"),
    )
    matter = models.CharField(_("异议事项"), max_length=20, choices=Matter.choices)
    claim = models.TextField(_("主张"))
    basis = models.CharField(_("依据"), max_length=300)
    position = models.TextField(_("提供部门意见"), blank=True)
    position_basis = models.CharField(_("提供部门依据"), max_length=300, blank=True)
    minutes = models.JSONField(_("会商记录"), default=list, blank=True)
    result = models.CharField(_("处理结果"), max_length=20, choices=Result.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("共享异议")

    def __str__(self) -> str:
        return str(self.case)
