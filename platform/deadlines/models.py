"""Limits that run on cases, and the dated data they are computed from: calendars and terms."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarNotice(models.Model):
    """One paper that fixes days off and make-up workdays: a State Council notice, or a local change.

    Loading one makes a new calendar version (its primary key); a later notice prevails over an earlier one on the
    days it names. `covers_year` says for which year the arrangement is complete; empty for a local change.
    """

    number = models.CharField(_("文号"), max_length=60)
    title = models.CharField(_("标题"), max_length=200)
    issued_on = models.DateField(_("发布日期"), null=True, blank=True)
    covers_year = models.PositiveIntegerField(_("覆盖年份"), null=True, blank=True)
    url = models.URLField(_("出处"), blank=True)
    loaded_at = models.DateTimeField(_("载入时间"))
    reason = models.CharField(_("载入理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("放假安排")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: off though a weekday, or worked though a weekend."""

    notice = models.ForeignKey(CalendarNotice, models.PROTECT, related_name="days")
    date = models.DateField(_("日期"))
    off = models.BooleanField(_("休息"))
    name = models.CharField(_("节日"), max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = _("特殊日")
        constraints = [models.UniqueConstraint(fields=["notice", "date"], name="one_day_a_notice")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Term(models.Model):
    """How long a limit is, on what basis, between which dates (matrix C and F). A case keeps what it began under."""

    class Unit(models.TextChoices):
        WORKDAYS = "wd", _("个工作日")
        DAYS = "cd", _("日")
        MONTHS = "month", _("个月")
        YEARS = "year", _("年")
        UNTIL = "until", _("至指定日期")

    class Standing(models.TextChoices):
        LAW = "law", _("法定")
        DEFAULT = "default", _("平台默认，无法定效力")
        SECOND_HAND = "second-hand", _("二手，待确认")
        UNCHECKED = "unchecked", _("待核")

    code = models.CharField(_("编号"), max_length=40, help_text=_("如 T07，或 sharing.supply"))
    name = models.CharField(_("名称"), max_length=100)
    amount = models.PositiveIntegerField(_("时长"), default=0)
    unit = models.CharField(_("单位"), max_length=10, choices=Unit.choices)
    rolls = models.BooleanField(
        _("最后一日遇休息日顺延"),
        default=False,
        help_text=_("民法典第二百零三条第一款。按年计算的期限和写明日期的期限一般不顺延"),
    )
    basis = models.CharField(_("依据"), max_length=60, help_text=_("如 REG22-26.1"))
    standing = models.CharField(_("效力"), max_length=20, choices=Standing.choices)
    valid_from = models.DateField(_("施行日"))
    valid_to = models.DateField(_("废止日"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("期限条款")
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_term_a_day")]
        ordering = ["code", "valid_from"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


#: Limits of law whose keeping is known: the duty was done, or it was not done in time.
DECIDED = models.Q(on_pass="breach") & (models.Q(outcome="met") | models.Q(breached_at__isnull=False))


class Deadline(models.Model):
    """One limit running (or run) on one case.

    `due_on` is the last day and `due_at` its end (24:00, the first instant that is too late). Both follow from
    `started_at`, `term`, the extensions and pauses and the calendar, and are stored with their `working`.

    `reminders` lists [ISO day, days before] (negative: after), by day. `next_look` is the next moment at which the
    sweep has something to do: a reminder, the end of the last day, or the escalation after it. While the clock is
    paused it is empty and `due_on` is the day that would have been the last without the pause.

    `breached_at` is the computed moment; `noticed_at` is when it was recorded and told, so a row with the first
    and without the second (an act that came late, before any sweep) is still to be announced.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("进行中")
        MET = "met", _("已按要求办结")
        ENDED = "ended", _("终止计算")

    class OnPass(models.TextChoices):
        BREACH = "breach", _("记录逾期")
        REMIND = "remind", _("提醒")
        STEP = "step", _("系统办理")

    case = models.ForeignKey("procedures.Case", models.PROTECT, related_name="deadlines")
    clock = models.CharField(_("时钟"), max_length=40)
    label = models.CharField(_("名称"), max_length=60)
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True)
    owed_by = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    basis = models.CharField(_("依据"), max_length=60)
    event = models.CharField(_("起算事由"), max_length=40, blank=True, default="")
    started_at = models.DateTimeField(_("起算事件时间"))
    rules_on = models.DateField(_("适用规则日"), help_text=_("办件开始之日：期限条款按这一天适用"))
    fixed_on = models.DateField(_("指定的最后一日"), null=True, blank=True)
    extensions = models.JSONField(_("延长"), default=list, blank=True)
    pauses = models.JSONField(_("中止"), default=list, blank=True)
    due_on = models.DateField(_("最后一日"))
    due_at = models.DateTimeField(_("截止时刻"))
    provisional = models.BooleanField(_("暂定"), default=False)
    working = models.JSONField(_("算法"), default=dict, blank=True)
    calendar_version = models.PositiveBigIntegerField(_("日历版本"), default=0)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    breached_at = models.DateTimeField(_("逾期时刻"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("发现逾期的时间"), null=True, blank=True)
    on_pass = models.CharField(_("期满处理"), max_length=10, choices=OnPass.choices)
    on_pass_step = models.CharField(_("系统步骤"), max_length=60, blank=True)
    breach_ground = models.CharField(_("逾期依据"), max_length=80, blank=True)
    reminders = models.JSONField(_("提醒点"), default=list, blank=True)
    next_look = models.DateTimeField(_("下次查看"), null=True, blank=True)
    failure = models.TextField(_("处理失败"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("期限")
        indexes = [
            models.Index(
                fields=["next_look"], condition=models.Q(next_look__isnull=False), name="deadline_next_look"
            ),
            models.Index(fields=["case", "clock"]),
            models.Index(fields=["due_at"], condition=models.Q(outcome="open"), name="deadline_open_due"),
            # The figures of supervision read these two and never the rows, which are wide.
            models.Index(
                fields=["due_on"],
                include=["owed_by", "label", "term", "outcome", "breached_at", "started_at", "closed_at"],
                condition=DECIDED,
                name="deadline_decided",
            ),
            models.Index(
                fields=["basis", "outcome", "due_on"],
                include=["breached_at"],
                condition=models.Q(on_pass="breach"),
                name="deadline_basis",
            ),
            models.Index(
                fields=["breached_at"],
                condition=models.Q(breached_at__isnull=False),
                name="deadline_breached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.due_on}"

    @property
    def paused(self) -> bool:
        """Whether the clock stands still: its last pause has no end yet."""
        return bool(self.pauses) and self.pauses[-1]["to"] is None
