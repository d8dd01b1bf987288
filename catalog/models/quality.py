"""质量: how each entry and its data stand against the rules of `catalog.quality`, and what became of it over time."""

from __future__ import annotations

from accounts.models import Organisation
from datacentre.models import HoldingVersion
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.entries import Entry


class EntryQuality(models.Model):
    """How an entry stands now. Written only by `catalog.quality.keeping`; made anew from what it looks at.

    `results` maps the code of a rule to [outcome, reason, where]: "met", "fails" or "none" (does not apply), a
    sentence, and the items or elements that it names. `mark` is the weight of the rules kept among those that apply,
    in hundredths of a per cent. `next_look` is when something about it can have changed; `error` why the last look
    came to nothing, empty when it came to an end.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="quality")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    next_look = models.DateTimeField(db_index=True)
    looked_at = models.DateTimeField(_("检查时间"), null=True, blank=True)
    entry_version = models.PositiveIntegerField(_("条目版本"), default=0)
    data_version = models.PositiveIntegerField(_("数据版本"), default=0)
    results = models.JSONField(_("结果"), default=dict)
    met = ArrayField(models.CharField(max_length=30), default=list)
    failing = ArrayField(models.CharField(max_length=30), default=list)
    must = models.PositiveSmallIntegerField(_("必须改"), default=0)
    should = models.PositiveSmallIntegerField(_("应当改"), default=0)
    may = models.PositiveSmallIntegerField(_("建议改"), default=0)
    mark = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("条目质量")
        indexes = [
            models.Index(
                fields=["provider", "-must", "-should", "-may", "entry"], name="quality_to_mend_first"
            ),
            GinIndex(fields=["failing"], name="quality_failing"),
            models.Index(fields=["looked_at"], condition=~models.Q(error=""), name="quality_set_aside"),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)


class QualityChange(models.Model):
    """The outcome of one rule on one entry became another: a row for good, which the database refuses to change.

    A rule that has been kept, or has not applied, since the first look has no row. `body` is who answered for the
    entry at that moment.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="quality_changes")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=30)
    at = models.DateTimeField(_("检查时间"))
    before = models.CharField(max_length=5, blank=True)
    after = models.CharField(max_length=5)
    reason = models.TextField(_("说明"))
    entry_version = models.PositiveIntegerField(_("条目版本"))
    data_version = models.PositiveIntegerField(_("数据版本"))

    class Meta:
        verbose_name = verbose_name_plural = _("质量变化")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["entry", "-at"], name="quality_change_of_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.rule} {self.after}"


class QualityMonth(models.Model):
    """A body's figures in a month, as of the last look in it; those of a month that is over stay as they are.

    `marks` is the sum of its entries' marks, `flawless` how many have nothing to mend, `rules` maps a rule to
    [entries that fail it, entries to which it applies].
    """

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="quality_months")
    month = models.DateField(_("月份"))
    as_of = models.DateTimeField(_("截至"))
    entries = models.PositiveIntegerField(_("条目"))
    flawless = models.PositiveIntegerField(_("没有要改的"))
    marks = models.PositiveBigIntegerField()
    rules = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("质量月度数字")
        ordering = ["-month", "body"]
        constraints = [models.UniqueConstraint(fields=["body", "month"], name="quality_month_once")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.month:%Y-%m}"

    @property
    def mark(self) -> float:
        """The mean mark of its entries, in per cent."""
        return self.marks / self.entries / 100 if self.entries else 0.0


class HoldingScan(models.Model):
    """What was counted in one load of data. `declared` is the digest of what the columns were counted against.

    `found` maps the code of an item to what was counted in it (`catalog.quality.scan.Column`); `repeats` are rows
    that stand there already; `rows` how many were read, `whole` whether those were all.
    """

    version = models.OneToOneField(HoldingVersion, models.PROTECT, primary_key=True, related_name="scan")
    declared = models.CharField(max_length=64)
    at = models.DateTimeField(_("检查时间"))
    rows = models.PositiveBigIntegerField(_("检查的行数"), default=0)
    whole = models.BooleanField(default=True)
    repeats = models.PositiveBigIntegerField(default=0)
    found = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("数据检查")

    def __str__(self) -> str:
        return str(self.version_id)
