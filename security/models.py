"""Leads to supervision, and what bodies say of their own breaches."""

from __future__ import annotations

from typing import Self

from accounts.actors import Actor
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from security.scope import Scope


class LeadQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """All for the city data authority and the auditors; those about one's own body for its leads; else none."""
        return self.within(Scope.of(actor))

    def within(self, scope: Scope) -> Self:
        return self if scope.bodies is None else self.filter(body__in=scope.bodies)


class Lead(models.Model):
    """线索: something that may have to be put right by order or sanctioned (REG22-56, GOV19-52).

    A breach has one lead at most, and so has a step. `happened_at` is the moment of the breach or of the act;
    `ground` is the place in the law that may have been offended.
    """

    class Source(models.TextChoices):
        BREACH = "breach", _("法定期限逾期")
        STEP = "step", _("办理中移送")
        REPORT = "report", _("监督人员提出")

    class Status(models.TextChoices):
        NEW = "new", _("待核实")
        TAKEN = "taken", _("核实中")
        CLOSED = "closed", _("核实后不予处理")
        HANDED_ON = "handed-on", _("已移送")
        TAKEN_BACK = "taken-back", _("逾期记录已更正，撤销")

    source = models.CharField(_("来源"), max_length=10, choices=Source.choices)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.NEW)
    case = models.ForeignKey(
        "procedures.Case", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("办件")
    )
    deadline = models.OneToOneField(
        "deadlines.Deadline",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lead",
        verbose_name=_("期限"),
    )
    act = models.OneToOneField(
        "procedures.Act", models.PROTECT, null=True, blank=True, related_name="lead", verbose_name=_("步骤")
    )
    body = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("负有职责的单位"),
    )
    ground = models.CharField(_("依据"), max_length=80)
    facts = models.TextField(_("情况"))
    happened_at = models.DateTimeField(_("发生时刻"))
    raised_at = models.DateTimeField(_("提出时间"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核实人"),
    )
    taken_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    handed_to = models.CharField(_("移送至"), max_length=100, blank=True)
    outcome = models.TextField(_("处理情况"), blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("线索")
        indexes = [
            models.Index(fields=["status", "-id"], name="lead_by_status"),
            models.Index(fields=["body", "-id"], name="lead_by_body"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["closed", "handed-on"])
                | (~models.Q(outcome="") & models.Q(handled_by__isnull=False)),
                name="lead_ends_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"线索 {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("security:lead", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.NEW, self.Status.TAKEN)


class BreachNote(models.Model):
    """What the body that owed a duty gives as the cause of its breach. The breach stays what it is."""

    deadline = models.OneToOneField("deadlines.Deadline", models.PROTECT, related_name="breach_note")
    cause = models.TextField(_("逾期原因"))
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(_("填报时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("逾期原因")

    def __str__(self) -> str:
        return self.cause
