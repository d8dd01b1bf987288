"""Posts held: the only source of rights (architecture, rule 4)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import DatedQuerySet, Organisation
from accounts.models.users import User


class Role(models.TextChoices):
    OFFICER = "officer", _("经办人")
    LEAD = "lead", _("处负责人")
    PRINCIPAL = "principal", _("主要负责人")
    REGISTRAR = "registrar", _("登记经办人")
    AUDITOR = "auditor", _("审计管理员")
    SYSTEM_ADMIN = "system-admin", _("系统管理员")
    SECURITY_ADMIN = "security-admin", _("安全管理员")


#: 三员分立: no person holds two of these at once, nor one of them with any other role (等保三级 8.1.4.2, 8.1.5).
SEPARATED = frozenset({Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


class PostQuerySet(DatedQuerySet):
    def in_force(self, day: date) -> Self:
        """Posts that give rights on the day: the post, its body and its holder's account are all in being."""
        return self.on(day).filter(
            models.Q(organisation__valid_from__isnull=True) | models.Q(organisation__valid_from__lte=day),
            models.Q(organisation__valid_to__isnull=True) | models.Q(organisation__valid_to__gt=day),
            user__is_active=True,
        )


class Post(models.Model):
    """One person in one role at one body, from one day up to (not including) another.

    The database itself refuses overlapping posts that 三员分立 forbids and the same post twice (migration
    `separation`): code that forgets to ask cannot break it.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="posts", verbose_name=_("机构")
    )
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices)
    valid_from = models.DateField(_("任职起"))
    valid_to = models.DateField(_("任职止"), null=True, blank=True, help_text=_("自这一天起不再任职"))

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        indexes = [models.Index(fields=["organisation", "role"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="post_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name} {self.get_role_display()}"


class Appointment(models.Model):
    """A post proposed by a system administrator and waiting for a security administrator (two hands)."""

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", _("同意")
        DECLINED = "declined", _("不同意")

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="appointments", verbose_name=_("机构")
    )
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices)
    valid_from = models.DateField(_("任职起"))
    valid_to = models.DateField(_("任职止"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decision = models.CharField(_("审核结果"), max_length=10, choices=Decision.choices, blank=True)
    note = models.CharField(_("审核意见"), max_length=300, blank=True)
    post = models.OneToOneField(
        Post, models.PROTECT, null=True, blank=True, related_name="appointment", verbose_name=_("任职")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("任职审核")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="appointment_takes_two",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(decided_at__isnull=True),
                name="one_open_appointment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.name}：{self.organisation.short_name} {self.get_role_display()}"
