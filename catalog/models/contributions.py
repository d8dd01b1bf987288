"""Data of society: what people and firms give to the public data system of their own will (REG22-20.3; CAT-21)."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Organisation
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from procedures.queries import working_bodies

from catalog.models.entries import Sight


def _held_by(actor: Actor) -> Q:
    if actor.user is None:
        return Q(pk__in=())
    return Q(body__in=working_bodies(actor)) | Q(giver=actor.user, body=None)


class ContributionQuerySet(models.QuerySet):
    def held_by(self, actor: Actor) -> ContributionQuerySet:
        """One's own, and those of the bodies where one works now: who left a body has no part in what it gave."""
        return self.filter(_held_by(actor))

    def visible_to(self, actor: Actor | None) -> ContributionQuerySet:
        """What was taken for everybody, and what of it was withdrawn again; those one holds; all for the authority."""
        if Sight.of(actor).everything:
            return self
        taken = Q(state=Contribution.State.TAKEN) | Q(state=Contribution.State.WITHDRAWN, taken=True)
        return self.filter(taken) if actor is None else self.filter(taken | _held_by(actor))


class Contribution(models.Model):
    """One offer: what it is, how it was come by, on which conditions it is given and how it is taken back.

    `giver` offered it; `name` is who gives, `body` the enterprise or association for which the giver acted, if any.
    What a body gives is held by those who work there, not by the person who wrote it down.
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

    def is_held_by(self, actor: Actor) -> bool:
        """Whether the actor may see it in whole and take it back (`held_by`, for one)."""
        if actor.user is None:
            return False
        return self.body_id in working_bodies(actor) if self.body_id else self.giver_id == actor.user.pk

    @property
    def public_name(self) -> str:
        """Who gives, as everybody reads it: people are not named."""
        return self.name if self.body_id else str(_("个人"))
