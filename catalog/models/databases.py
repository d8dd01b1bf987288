"""Base databases and theme databases, each with the body that leads it (REG22-21, GOV19-17)."""

from __future__ import annotations

from datetime import date

from accounts.models import Organisation
from django.db import models
from django.utils.translation import gettext_lazy as _


class DatabaseQuerySet(models.QuerySet):
    def standing(self, on: date) -> DatabaseQuerySet:
        """Those in force on the day."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=on), since__lte=on)


class Database(models.Model):
    """A base or theme database under one lead, from `since` up to and without `until`.

    A base database has its code in the vocabulary `database`, which entries name in their element of that name; a
    theme database is named by `name`, as entries name it in `theme_database`. A new lead is a new row: which body led
    when stays known. `basic_items` are the 基础信息项, which are unconditional (GOV19-25.2; CAT-29).
    """

    class Kind(models.TextChoices):
        BASE = "base", _("基础数据库")
        THEME = "theme", _("主题数据库")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("代码"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=60)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="databases_led", verbose_name=_("牵头建设部门")
    )
    basic_items = models.JSONField(_("基础信息项"), default=list, blank=True)
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True, blank=True)

    objects = DatabaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("基础数据库和主题数据库")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                condition=models.Q(until__isnull=True),
                name="database_one_lead_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="database_until_after_since",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="theme", code="") | (models.Q(kind="base") & ~models.Q(code="")),
                name="database_base_has_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name
