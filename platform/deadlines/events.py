"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "deadline:breach": _("记录逾期"),
    "deadline:passed": _("记录提醒日已过"),
    "deadline:recompute": _("重算期限"),
    "calendar:load": _("载入放假通知"),
    "term:change": _("修改期限条款"),
}
OBJECTS = {"calendar": _("放假通知"), "term": _("期限条款")}
