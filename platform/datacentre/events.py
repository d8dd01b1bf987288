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
FACTS = {
    "holding": _("数据实体"),
    "grantee": _("数据使用单位"),
    "purpose": _("用途"),
    "scope": _("使用范围"),
    "conditions": _("附加条件"),
    "modes": _("提供方式"),
    "quota_per_day": _("每日读取上限"),
    "first_day": _("首日"),
    "last_day": _("最后一日"),
    "read": _("读取编号"),
    "way": _("读取方式"),
    "stopped": _("中断原因"),
    "used_for": _("用于哪项工作"),
    "received_sm3": _("收到文件的 SM3 摘要"),
}
