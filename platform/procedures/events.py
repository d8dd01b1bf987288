"""What this app records in the trail, and how people read it (`audit.names`). Steps are named by their declaration."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from procedures import registry

ACTIONS = {
    "attachment:add": _("添加附件"),
    "draft:send": _("草稿送签"),
    "draft:send-back": _("退回草稿"),
    "draft:discard": _("删除草稿"),
    "draft:clear": _("系统清理过期草稿"),
}
OBJECTS = {"case": _("办件"), "draft": _("草稿")}
FACTS = {
    "kind": _("事项"),
    "subject": _("所涉对象"),
    "signed_by": _("签发人"),
    "effective_at": _("生效时刻"),
    "about": _("相关办件"),
}

#: Acts on a case that move nothing, and the ways of a draft to its second person before a step's code.
_WITHOUT_STEP = {"note": _("记一笔"), "reassign": _("转办"), "urge": _("催办")}
_BEFORE_STEP = {
    "propose": _("送签"),
    "sent-back": _("退回修改"),
    "recalled": _("取回文稿"),
    "confirm": _("确认"),
}


def named(action: str) -> str:
    """`sharing-request:grant`, `sharing-request:propose:grant`: the procedure, then the act as its step says it."""
    kind, _colon, code = action.partition(":")
    procedure = next((known for known in registry.all_procedures() if known.code == kind), None)
    if procedure is None:
        return ""
    way, _colon, last = code.rpartition(":")
    step = procedure.by_code.get(last)
    act = step.label if step is not None else str(_WITHOUT_STEP.get(last, ""))
    if not act or (way and way not in _BEFORE_STEP):
        return ""
    facts = {"procedure": procedure.label, "act": act, "way": str(_BEFORE_STEP.get(way, ""))}
    return _now("%(procedure)s：%(way)s“%(act)s”") % facts if way else _now("%(procedure)s：%(act)s") % facts
