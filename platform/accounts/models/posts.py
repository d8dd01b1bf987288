"""Posts held: the only source of rights (architecture, rule 4)."""

from __future__ import annotations

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


#: 三员分立: no person holds two of these at once.
SEPARATED = frozenset({Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


class Post(models.Model):
    """One person in one role at one body, from one day up to (not including) another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="posts", verbose_name=_("机构")
    )
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices)
    valid_from = models.DateField(_("任职起"))
    valid_to = models.DateField(_("任职止"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        indexes = [models.Index(fields=["organisation", "role"])]

    def __str__(self) -> str:
        return f"{self.organisation.short_name} {self.get_role_display()}"
