"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "notice:redeliver": _("重新投递通知"),
    "notice:mail-again": _("重新寄送邮件"),
    "webhook:subscribe": _("设立推送订阅"),
    "webhook:switch": _("启用或停用推送订阅"),
    "webhook:renew-secret": _("更换推送密钥"),
    "webhook:redeliver": _("重新推送"),
}
OBJECTS = {"notice": _("通知"), "outgoing": _("待发通知"), "subscription": _("推送订阅")}
FACTS = {"url": _("推送地址"), "topics": _("推送主题"), "active": _("是否启用"), "delivery": _("推送编号")}
