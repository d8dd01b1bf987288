"""目录编制轮次 and the list of each body called to it."""

from __future__ import annotations

from accounts.models import Organisation
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.compiling import Publication


class CatalogueRound(models.Model):
    """目录编制轮次: the norm by which it is compiled, who is called, by when, and the version that came of it.

    `elements` keeps the elements of the norm as they stood when the round began (GOV19-11), `closed` who had reported
    at its close and who had not.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("政务数据目录")
        PUBLIC_SERVICE = "public-service", _("公共服务数据目录")

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="catalogue_round"
    )
    kind = models.CharField(_("目录"), max_length=20, choices=Kind.choices)
    norm = models.CharField(_("编制规范"), max_length=300)
    elements = models.JSONField(_("规范要素"), default=list)
    compile_by = models.DateField(_("报送截止日"))
    requirements = models.TextField(_("编制要求"), blank=True)
    closed = models.JSONField(_("截止时的报送情况"), default=dict, blank=True)
    publication = models.OneToOneField(
        Publication, models.PROTECT, null=True, blank=True, related_name="round", verbose_name=_("目录版本")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("目录编制轮次")

    def __str__(self) -> str:
        return str(self.case)


class CatalogueList(models.Model):
    """部门目录清单: what one body reports in a round. Its entries are the drafts that its case holds.

    `demands` are the lines of the 需求清单 as {"items", "function", "source"}; `double_sources` and `joined` are what
    the gathering authority found and said.
    """

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="catalogue_list"
    )
    round = models.ForeignKey(
        CatalogueRound, models.PROTECT, related_name="lists", verbose_name=_("编制轮次")
    )
    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="catalogue_lists", verbose_name=_("编制单位")
    )
    due_on = models.DateField(_("报送截止日"))
    complete = models.BooleanField(_("已列全"), default=False)
    nothing_new = models.TextField(_("没有新增、变更的说明"), blank=True)
    demands = models.JSONField(_("需求清单"), default=list, blank=True)
    joined = models.TextField(_("汇总意见"), blank=True)
    double_sources = models.TextField(_("重复来源"), blank=True)
    opinion = models.TextField(_("审核意见"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("部门目录清单")

    def __str__(self) -> str:
        return str(self.case)
