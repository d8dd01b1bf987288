"""Data standards: the system that the city data authority builds and carries out (REG22-5.1, GOV19-6.1)."""

from __future__ import annotations

from datetime import date

from accounts.models import Organisation
from django.db import models
from django.utils.translation import gettext_lazy as _


class StandardQuerySet(models.QuerySet):
    def standing(self, on: date) -> StandardQuerySet:
        """Those in force on the day."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=on), since__lte=on)


class Standard(models.Model):
    """One version of a standard, in force from `since` up to and without `until`. What was said of it stays.

    A new version under the same `number` is a new row and ends the one before. `body` is the body whose own standard
    it is (分类分级 of a department); empty for one that binds all. `digest` is the SM3 of the file.
    """

    class Kind(models.TextChoices):
        AGGREGATION = "aggregation-norm", _("政务数据汇聚规范")
        GENERAL = "general", _("公共数据通用标准")
        CLASSIFICATION = "classification", _("分类分级标准")
        EXCHANGE = "exchange", _("共享交换和接口标准")
        QUALITY = "quality", _("数据质量标准")
        SECURITY = "security", _("数据安全标准")
        OTHER = "other", _("其他标准和规范")

    class Level(models.TextChoices):
        NATIONAL = "national", _("国家标准")
        INDUSTRY = "industry", _("行业标准")
        LOCAL = "local", _("地方标准")
        GROUP = "group", _("团体标准")
        NORM = "norm", _("规范性文件、技术规范")

    class Region(models.TextChoices):
        """Where it holds; standards made with Sichuan are told apart (REG22-53; CAT-36)."""

        NATION = "nation", _("全国")
        CITY = "city", _("本市")
        SICHUAN_CHONGQING = "sichuan-chongqing", _("川渝地区")
        OTHER = "other", _("其他区域")

    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    level = models.CharField(_("层级"), max_length=20, choices=Level.choices)
    number = models.CharField(_("编号"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    version = models.CharField(_("版本"), max_length=40)
    scope = models.TextField(_("适用范围"))
    region = models.CharField(_("适用区域"), max_length=20, choices=Region.choices)
    source = models.CharField(_("制定单位"), max_length=200)
    joined = models.CharField(_("参与制定"), max_length=500, blank=True)
    body = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="standards",
        verbose_name=_("适用单位"),
    )
    link = models.URLField(_("文本地址"), max_length=500, blank=True)
    file = models.FileField(_("文本"), upload_to="standards/%Y/", blank=True)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    digest = models.CharField(_("SM3 摘要"), max_length=64, blank=True)
    since = models.DateField(_("施行日期"))
    until = models.DateField(_("停止施行（当日起）"), null=True, blank=True)
    noted_at = models.DateTimeField(_("登记时间"))

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("数据标准")
        ordering = ["kind", "number", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(until__isnull=True),
                name="standard_one_version_standing",
            ),
            models.UniqueConstraint(fields=["number", "version"], name="standard_version_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(until__isnull=True, kind="aggregation-norm"),
                name="standard_one_aggregation_norm",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="standard_until_after_since",
            ),
            models.CheckConstraint(condition=~models.Q(link="", file=""), name="standard_has_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def cited(self) -> str:
        """《政务数据汇聚规范》（YS-1，2026 版）"""
        return f"《{self.title}》（{self.number}，{self.version}）"
