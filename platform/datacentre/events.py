"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "holding:create": _("建立数据实体"),
    "holding:load": _("载入数据新版本"),
    "grant:open": _("开通授权"),
    "grant:narrow": _("缩小授权"),
    "grant:suspend": _("暂停授权"),
    "grant:resume": _("恢复授权"),
    "grant:end": _("终止授权"),
    "grant:use": _("记录数据使用情况"),
    "grant:read": _("开始读取数据"),
    "grant:read-end": _("读取数据结束"),
}
OBJECTS = {"holding": _("数据实体"), "grant": _("授权")}
