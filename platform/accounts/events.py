"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "account:sign-in": _("登录"),
    "account:sign-in-refused": _("登录未通过"),
    "account:locked-out": _("多次登录未通过，暂停登录"),
    "account:sign-out": _("退出登录"),
    "account:end-session": _("结束一处登录"),
    "account:end-sessions": _("结束其他登录"),
    "account:create": _("开通账号"),
    "account:set-password": _("修改密码"),
    "account:one-time-password": _("发放一次性密码"),
    "account:deactivate": _("停用账号"),
    "account:reactivate": _("恢复账号"),
    "account:enrol-second-factor": _("启用动态口令"),
    "account:second-factor": _("通过动态口令验证"),
    "account:second-factor-refused": _("动态口令验证未通过"),
    "account:reset-second-factor": _("重置动态口令"),
    "appointment:propose": _("提议任职"),
    "appointment:confirmed": _("同意任职"),
    "appointment:declined": _("不同意任职"),
    "post:appoint": _("任职"),
    "post:end": _("结束任职"),
    "token:make": _("生成接口令牌"),
    "token:revoke": _("撤销接口令牌"),
}
OBJECTS = {
    "account": _("账号"),
    "appointment": _("任职提议"),
    "post": _("任职"),
    "token": _("接口令牌"),
}
FACTS = {
    "account": _("账号"),
    "role": _("岗位"),
    "is_active": _("账号是否有效"),
    "email": _("邮箱"),
    "means": _("登录方式"),
    "address": _("来源地址"),
    "browser": _("浏览器"),
    "ending": _("结束方式"),
    "valid_from": _("起"),
    "valid_to": _("止"),
    "scopes": _("令牌范围"),
    "expires_at": _("到期时间"),
    "tokens_revoked": _("撤销的令牌数"),
}


def named(action: str) -> str:
    """What the administration pages record of a table, by the table's own name."""
    model_name, _colon, verb = action.partition(":")
    for model in admin.site._registry:
        if model._meta.model_name == model_name:
            thing = {"thing": model._meta.verbose_name}
            return {"add": _now("新增%(thing)s") % thing, "change": _now("修改%(thing)s") % thing}.get(
                verb, ""
            )
    return ""
