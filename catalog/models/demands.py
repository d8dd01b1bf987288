"""需求对接: what a body needs from others, whom the city asked for it, what was found (GOV19-12, GOV19-16)."""

from __future__ import annotations

from accounts.models import Organisation
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.compiling import Publication
from catalog.models.entries import Entry


class WithAsker(models.Manager):
    """With what every step and page of the case reads."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("case", "asker", "carrier")


class Demand(models.Model):
    """One need. `asker` leads it; others that need the same follow the case (relation `follower`).

    `source` is who the asker thinks has the data, in its own words; `carrier` the case into which this one was joined;
    `sought` are the tokens of what is needed and of the other words for it (`demands.likely.sought`);
    `proof` why no body holds the data, `answer` the reasons of a refusal; `outcome_basis` what either rests on.
    """

    case = models.OneToOneField("procedures.Case", models.PROTECT, primary_key=True, related_name="demand")
    asker = models.ForeignKey(
        Organisation, models.PROTECT, related_name="demands", verbose_name=_("需求单位")
    )
    items = models.TextField(_("需要的数据"))
    sought = ArrayField(models.TextField(), default=list, editable=False, verbose_name=_("检索词"))
    function = models.CharField(_("用于哪项职能"), max_length=200)
    source = models.CharField(_("希望由谁提供"), max_length=100, blank=True)
    merger_note = models.TextField(_("汇总意见"), blank=True)
    carrier = models.ForeignKey(
        "procedures.Case", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入")
    )
    entries = models.ManyToManyField(
        Entry, related_name="demands", blank=True, verbose_name=_("匹配的目录条目")
    )
    proof = models.TextField(_("无单位掌握的证明"), blank=True)
    answer = models.TextField(_("理由"), blank=True)
    outcome_basis = models.CharField(_("依据"), max_length=300, blank=True)

    objects = models.Manager()
    whole = WithAsker()

    class Meta:
        verbose_name = verbose_name_plural = _("需求对接")
        default_manager_name = "whole"
        base_manager_name = "objects"
        indexes = [GinIndex(fields=["sought"], name="demand_sought", fastupdate=False)]

    def __str__(self) -> str:
        return self.items


class Inquiry(models.Model):
    """One 征询: a body that was asked whether it has the data, and what it said.

    `update` is the catalogue's update that was opened for a body which has it, `until` when it means to have it listed.
    """

    class Answer(models.TextChoices):
        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("确认有这项数据")
        DENIED = "denied", _("否认")
        SILENT = "silent", _("逾期未复")
        FAILED = "failed", _("编目未成")
        ENDED = "ended", _("不再需要")

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="inquiries")
    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="inquiries", verbose_name=_("被征询单位")
    )
    question = models.TextField(_("征询内容"))
    asked_at = models.DateTimeField(_("征询时间"))
    answer = models.CharField(_("答复"), max_length=10, choices=Answer.choices, default=Answer.OPEN)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    items = models.TextField(_("将编目的信息项"), blank=True)
    until = models.DateField(_("编目日期"), null=True, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    update = models.OneToOneField(
        "procedures.Case",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inquiry",
        verbose_name=_("目录更新"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("征询来源方")
        ordering = ["pk"]
        indexes = [models.Index(fields=["body", "answer"], name="inquiry_of_body")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.answer}"


class LikelyEntry(models.Model):
    """An entry published while the need was open that may be what is needed: for people to judge, never decided.

    `expected` when it comes from the update that was opened for this very need.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="likely")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    expected = models.BooleanField(_("由本件的目录更新发布"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("可能匹配的新条目")
        ordering = ["-expected", "-publication", "pk"]
        constraints = [models.UniqueConstraint(fields=["demand", "entry"], name="likely_once")]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.entry_id}"


class DemandDraft(models.Model):
    """The draft request that an asker got of a matched entry. It is the asker's own paper: filed or thrown away."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="drafts")
    asker = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    draft = models.ForeignKey(
        "procedures.Draft", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("草稿")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("匹配后的申请草稿")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["demand", "asker", "entry"], name="demand_draft_once")]

    def __str__(self) -> str:
        return f"{self.asker_id} {self.entry_id}"
