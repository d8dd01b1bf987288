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
FACTS = {
    "reason": _("理由"),
    "why": _("原因"),
    "note": _("说明"),
    "state": _("状态"),
    "status": _("状态"),
    "version": _("版本"),
    "facts": _("事项内容"),
    "number": _("编号"),
    "name": _("名称"),
    "count": _("条数"),
    "rows": _("行数"),
    "items": _("信息项"),
    "asked": _("查询条件"),
    "shown": _("显示条数"),
    "range": _("范围"),
    "first": _("首位"),
    "last": _("末位"),
    "newest": _("最后的封印"),
    "ok": _("是否完好"),
    "findings": _("发现的问题"),
    "found": _("问题数"),
    "digest": _("摘要"),
    "sm3": _("SM3 摘要"),
    "period": _("期间"),
    "result": _("结果"),
    "done": _("是否完成"),
    "size": _("字节数"),
    "code": _("代码"),
}
