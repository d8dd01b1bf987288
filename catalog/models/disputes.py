"""Who provides or opens data when several bodies claim it, and which opening attribute data should have (OPEN20-15)."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from django.db import models
from django.utils.translation import gettext_lazy as _


class WithEntry(models.Manager):
    """With the entry and its provider, which every step and page of the case reads."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("case", "entry__provider")


class Dispute(models.Model):
    """开放主体争议、数源争议: several bodies claim to open an item, or to be its source.

    The item is an entry, a data element of it (`element`), or, where nothing is catalogued, an element named in words.
    `positions` are {"body", "name", "position", "basis", "on"}. `terms` is the agreement as it is put to signature:
    {"body", "name", "text", "signed": [{"body", "name", "by", "at"}]}; other words make it a new one, unsigned but by
    their author. `withdrawal` is {"body", "reason", "consents": [codes]}. `body` is whom the parties agreed on or the
    government named; it binds the parties until another dispute about the item is decided.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("开放主体争议")
        SOURCE = "source", _("数源争议")

    class Level(models.TextChoices):
        CITY = "city", _("市级")
        DISTRICT = "district", _("区县级")

    case = models.OneToOneField("procedures.Case", models.PROTECT, primary_key=True, related_name="dispute")
    kind = models.CharField(_("争议类别"), max_length=10, choices=Kind.choices)
    entry = models.ForeignKey(
        "catalog.Entry", models.PROTECT, null=True, blank=True, related_name="disputes", verbose_name=_("目录条目")
    )  # fmt: skip
    element = models.CharField(_("数据元"), max_length=100, blank=True)
    level = models.CharField(_("层级"), max_length=10, choices=Level.choices)
    raised_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("提出单位"))
    claim = models.TextField(_("主张"))
    basis = models.CharField(_("依据"), max_length=300)
    positions = models.JSONField(_("各方意见"), default=list, blank=True)
    terms = models.JSONField(_("一致意见"), default=dict, blank=True)
    withdrawal = models.JSONField(_("撤回"), default=dict, blank=True)
    open_points = models.TextField(_("协商不成的事项"), blank=True)
    minutes = models.TextField(_("协商纪要"), blank=True)
    proposal = models.TextField(_("处理建议"), blank=True)
    body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="awarded", verbose_name=_("确定的单位")
    )  # fmt: skip
    result = models.TextField(_("结果"), blank=True)
    document = models.CharField(_("决定文号"), max_length=100, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    prevailing = models.CharField(_("另有规定的法律法规"), max_length=300, blank=True)

    objects = models.Manager()
    whole = WithEntry()

    class Meta:
        verbose_name = verbose_name_plural = _("主体争议")
        default_manager_name = "whole"
        base_manager_name = "objects"
        indexes = [models.Index(fields=["element"], name="dispute_by_element")]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def item(self) -> str:
        """What is in dispute, as people call it."""
        if self.entry is None:
            return self.element
        return f"{self.entry.name}（{self.element}）" if self.element else self.entry.name

    @property
    def signed(self) -> frozenset[str]:
        """The codes of the bodies that have signed the terms as they stand."""
        return frozenset(line["body"] for line in self.terms.get("signed", ()))

    @property
    def consents(self) -> frozenset[str]:
        return frozenset(self.withdrawal.get("consents", ()))


class AttributeSuggestion(models.Model):
    """开放属性修改建议: what the data authority suggests for an entry, the body's answer, the government's decision.

    `present`, `suggested` and `settled` are {element of the norm: value} for the opening elements
    (`catalog.disputes.attributes.ELEMENTS`).
    """

    class Answer(models.TextChoices):
        NONE = "", _("未答复")
        ACCEPTED = "accepted", _("采纳")
        OBJECTED = "objected", _("不同意")
        SILENT = "silent", _("逾期未复")

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="suggestion"
    )
    entry = models.ForeignKey(
        "catalog.Entry", models.PROTECT, related_name="suggestions", verbose_name=_("目录条目")
    )
    version = models.PositiveIntegerField(_("所依据的版本"))
    present: Any = models.JSONField(_("现在的开放属性"))
    suggested: Any = models.JSONField(_("建议的开放属性"))
    reasons = models.TextField(_("建议的理由"))
    basis = models.CharField(_("建议的依据"), max_length=300)
    answer = models.CharField(
        _("答复"), max_length=10, choices=Answer.choices, blank=True, default=Answer.NONE
    )
    answer_reasons = models.TextField(_("答复的理由"), blank=True)
    answer_basis = models.CharField(_("答复的依据"), max_length=300, blank=True)
    kept = models.TextField(_("维持的理由"), blank=True)
    referral = models.TextField(_("报送的双方意见"), blank=True)
    settled: Any = models.JSONField(_("确定的开放属性"), default=dict, blank=True)
    document = models.CharField(_("决定文号"), max_length=100, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    decision = models.TextField(_("决定的理由"), blank=True)
    prevailing = models.CharField(_("另有规定的法律法规"), max_length=300, blank=True)

    objects = models.Manager()
    whole = WithEntry()

    class Meta:
        verbose_name = verbose_name_plural = _("开放属性修改建议")
        default_manager_name = "whole"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.case)
