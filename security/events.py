"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "lead:raise": _("提出监督线索"),
    "lead:take": _("受理监督线索"),
    "lead:closed": _("线索核实后不予处理"),
    "lead:handed-on": _("移送监督线索"),
    "deadline:cause": _("填报逾期原因"),
    "oversight:export": _("导出监督统计"),
}
OBJECTS = {"lead": _("监督线索"), "oversight": _("监督统计")}
FACTS = {
    "body": _("单位"),
    "case": _("办件"),
    "handed_to": _("移送至"),
    "outcome": _("处理理由"),
    "cause": _("逾期原因"),
}
