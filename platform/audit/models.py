"""The trail: events that are only ever added, and the seals that chain them (architecture, rule 6)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One act, complete in itself: every name is kept as text, so the row can be read when all else is gone.

    Written in the transaction of the act; the database refuses to change or delete it (migration 0002).
    `body` is the canonical JSON of the whole event and the only thing that the chain covers.
    """

    at = models.DateTimeField(_("时间"), db_index=True)
    action = models.CharField(_("行为"), max_length=80)
    actor = models.CharField(_("行为人"), max_length=120)
    organisation = models.CharField(_("机构"), max_length=120, blank=True)
    object_kind = models.CharField(_("对象类别"), max_length=40)
    object_id = models.CharField(_("对象"), max_length=80)
    request_id = models.CharField(_("请求号"), max_length=40, blank=True)
    body = models.TextField(_("全文"))

    class Meta:
        verbose_name = verbose_name_plural = _("审计事件")
        indexes = [
            models.Index(fields=["object_kind", "object_id", "id"]),
            models.Index(fields=["action", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_id}"
