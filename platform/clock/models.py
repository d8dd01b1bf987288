"""The demonstrator's time machine: how far the platform's clock stands from the real one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Travel(models.Model):
    """At most one row; read at the beginning of each request and task, and only in the demonstration."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    offset = models.DurationField(_("偏移"))

    class Meta:
        verbose_name = verbose_name_plural = _("演示时间")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_travel")]

    def __str__(self) -> str:
        return str(self.offset)
