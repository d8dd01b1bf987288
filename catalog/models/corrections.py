"""校核: what was said to be wrong with data, and what became of it (GOV19-19, REG22-12)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WithData(models.Manager):
    """With the entry, its provider and its data, which every step and page of the case reads."""

    def get_queryset(self) -> models.QuerySet:
        return (
            super()
            .get_queryset()
            .select_related("case", "entry__provider", "entry__holding__owner", "version", "corrected_in")
        )


class Correction(models.Model):
    """One application to have data checked.

    The record in doubt is named in words, and where one of its values tells it apart, by `key_item` and `key_value`:
    then its row carries the mark while the review runs. `on_behalf` is the person for whom a service window filed.
    """

    class Door(models.TextChoices):
        SHARING = "sharing", _("共享系统")
        OPENING = "opening", _("开放系统")

    class Matter(models.TextChoices):
        DOUBT = "doubt", _("有疑义")
        ERROR = "error", _("有错误")

    case = models.OneToOneField(
        "procedures.Case", models.PROTECT, primary_key=True, related_name="correction"
    )
    entry = models.ForeignKey(
        "catalog.Entry", models.PROTECT, related_name="corrections", verbose_name=_("目录条目")
    )
    version = models.ForeignKey(
        "datacentre.HoldingVersion", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("所见的数据版本"),
    )  # fmt: skip
    door = models.CharField(_("提出的途径"), max_length=10, choices=Door.choices)
    item = models.CharField(_("信息项"), max_length=60, blank=True)
    record = models.CharField(_("哪一条记录"), max_length=500)
    key_item = models.CharField(_("指明记录的信息项"), max_length=60, blank=True)
    key_value = models.CharField(_("该信息项的值"), max_length=200, blank=True)
    matter = models.CharField(_("类别"), max_length=10, choices=Matter.choices)
    doubt = models.TextField(_("疑义或者错误"))
    claimed = models.TextField(_("主张的内容"), blank=True)
    proof = models.TextField(_("证明材料"))
    about_self = models.BooleanField(_("与申请人有关"), default=False)
    on_behalf = models.CharField(_("窗口代办的申请人"), max_length=100, blank=True)
    service = models.CharField(_("正在办理的事项"), max_length=300, blank=True)
    contact = models.CharField(_("联系人"), max_length=60)
    contact_phone = models.CharField(_("联系电话"), max_length=30)
    windows = models.JSONField(_("反映的窗口拒办"), default=list, blank=True)
    finding = models.TextField(_("校核结论"), blank=True)
    cause = models.TextField(_("错误原因"), blank=True)
    unit = models.CharField(_("责任单位"), max_length=200, blank=True)
    true_value = models.TextField(_("正确的内容"), blank=True)
    before = models.TextField(_("更正前"), blank=True)
    after = models.TextField(_("更正后"), blank=True)
    corrected_in = models.ForeignKey(
        "datacentre.HoldingVersion", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("更正后的数据版本"),
    )  # fmt: skip
    evidence = models.TextField(_("不予更正的证据"), blank=True)

    objects = models.Manager()
    whole = WithData()

    class Meta:
        verbose_name = verbose_name_plural = _("校核申请")
        default_manager_name = "whole"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.case)

    @property
    def now(self) -> str:
        """What stands there after the correction, in words."""
        return self.after or ("留空" if self.item else "该记录已删除")

    @property
    def item_name(self) -> str:
        """The item in doubt by its name; empty for the whole record. Reads the entry's items, prefetched or not."""
        return next((item.name for item in self.entry.items.all() if item.code == self.item), self.item)


class QualityProblem(models.Model):
    """问题数据: an error that was found in data, with where it came from and who answers for it (REG22-12.1).

    `rule` is the rule of `catalog.quality` that found it, empty for what a review confirmed.
    """

    class Source(models.TextChoices):
        REVIEW = "review", _("校核")
        CHECK = "check", _("质量检查")

    holding = models.ForeignKey(
        "datacentre.Holding", models.PROTECT, null=True, blank=True, related_name="problems",
        verbose_name=_("数据实体"),
    )  # fmt: skip
    entry = models.ForeignKey(
        "catalog.Entry", models.PROTECT, related_name="problems", verbose_name=_("目录条目")
    )
    item = models.CharField(_("信息项"), max_length=60, blank=True)
    source = models.CharField(_("发现途径"), max_length=20, choices=Source.choices)
    rule = models.CharField(_("规则"), max_length=30, blank=True)
    case = models.ForeignKey(
        "procedures.Case", models.PROTECT, null=True, blank=True, related_name="quality_problems"
    )
    body = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("提供单位")
    )
    unit = models.CharField(_("责任单位"), max_length=200)
    cause = models.TextField(_("原因"))
    found_at = models.DateTimeField(_("确认时间"))
    fixed_at = models.DateTimeField(_("改正时间"), null=True, blank=True)
    fixed_in = models.ForeignKey(
        "datacentre.HoldingVersion", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("改正后的版本"),
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = _("问题数据")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "rule", "item"],
                condition=models.Q(fixed_at=None, source="check"),
                name="problem_found_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.item}"
