"""What the pages keep: figures that are too dear to count anew for every visitor."""

from __future__ import annotations

from django.conf import settings
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


class WorklistView(models.Model):
    """常用视图: a list of the worklist with its conditions, under a name that its owner gave it.

    Nobody else reads it and nothing rests on it, so it leaves no line in the trail.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="worklist_views")
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(_("条件"), max_length=600, help_text=_("待办地址中的条件，如 tab=body&due=over"))

    class Meta:
        verbose_name = verbose_name_plural = _("待办视图")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_worklist_view_a_name")]

    def __str__(self) -> str:
        return self.name
