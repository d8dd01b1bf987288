"""目录更新: why the catalogue has to change, since when, and what came of it."""

from __future__ import annotations

from accounts.models import Organisation
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.compiling import Publication


class CatalogueUpdate(models.Model):
    """目录更新: one cause, the day of the change, the entries it touches; its changes are the drafts of its case.

    `touched` are resource codes; `no_need` why nothing has to change; `opinion` the authority's reasons.
    """

    class Cause(models.TextChoices):
        LAW = "law", _("法律法规修改")
        FUNCTION = "function", _("行政管理职能变更")
        OWN = "own", _("提供单位提出")
        TYPE_REVIEW = "type-review", _("共享开放类型定期复核")
        DECISION = "decision", _("办件决定")

    #: The changes for which the law counts days (GOV19-14.1).
    DATED = frozenset({Cause.LAW, Cause.FUNCTION})

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="catalogue_update"
    )
    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="catalogue_updates", verbose_name=_("数据提供单位")
    )
    cause = models.CharField(_("原因"), max_length=20, choices=Cause.choices)
    source = models.CharField(_("文件"), max_length=300, blank=True)
    changed_on = models.DateField(_("变更日期"))
    reason = models.TextField(_("变更内容"), blank=True)
    touched = models.JSONField(_("涉及条目"), default=list, blank=True)
    no_need = models.TextField(_("无需更新的理由"), blank=True)
    opinion = models.TextField(_("审核意见"), blank=True)
    publication = models.OneToOneField(
        Publication, models.PROTECT, null=True, blank=True, related_name="update", verbose_name=_("目录版本")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("目录更新")
        indexes = [models.Index(fields=["provider", "cause"], name="update_by_cause")]

    def __str__(self) -> str:
        return str(self.case)
