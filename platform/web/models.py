"""What the pages keep: figures that are too dear to count anew for every visitor."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Figure(models.Model):
    """A figure as it was counted at a moment, replaced whole. The truth stays where it was counted."""

    name = models.CharField(_("名称"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("统计时间"))
    content = models.JSONField(_("数字"))

    class Meta:
        verbose_name = verbose_name_plural = _("统计数字")

    def __str__(self) -> str:
        return self.name
