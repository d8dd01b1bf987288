"""Data of society: what people and firms give to the public data system of their own will (REG22-20.3; CAT-21)."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Organisation
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.entries import Sight


class ContributionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor | None) -> ContributionQuerySet:
        """What was taken for everybody, and what of it was withdrawn again; one's own; all for the data authority."""
        if Sight.of(actor).everything:
            return self
        taken = Q(state=Contribution.State.TAKEN) | Q(state=Contribution.State.WITHDRAWN, taken=True)
        if actor is None or actor.user is None:
            return self.filter(taken)
        return self.filter(taken | Q(giver=actor.user))


class Contribution(models.Model):
    """One offer: what it is, how it was come by, on which conditions it is given and how it is taken back.

    `giver` offered it; `name` is who gives, `body` the enterprise or association for which the giver acts, if any.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("待接收")
        TAKEN = "taken", _("已接收")
        DECLINED = "declined", _("未接收")
        WITHDRAWN = "withdrawn", _("已退出")

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="contributions", verbose_name=_("提出人")
    )
    name = models.CharField(_("提供者"), max_length=100)
    body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所代表的单位")
    )
    title = models.CharField(_("数据名称"), max_length=200)
    summary = models.TextField(_("内容"))
    origin = models.TextField(_("怎样取得"))
    conditions = models.TextField(_("使用条件"))
    leaving = models.TextField(_("退出办法"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OFFERED)
    taken = models.BooleanField(_("曾经接收"), default=False)
    answer = models.TextField(_("答复"), blank=True)
    offered_at = models.DateTimeField(_("提出"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("退出"), null=True, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社会数据")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="contribution_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="contribution_withdrawn_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_name(self) -> str:
        """Who gives, as everybody reads it: people are not named."""
        return self.name if self.body_id else str(_("个人"))
