"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "audit:search": _("查询审计轨迹"),
    "audit:read": _("查看审计事件"),
    "audit:seals": _("下载封印"),
    "audit:verify": _("核验审计轨迹"),
    "audit:export": _("导出审计轨迹"),
}
OBJECTS = {"audit": _("审计轨迹")}
