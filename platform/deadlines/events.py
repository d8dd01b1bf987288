"""What this app records in the trail, and how people read it (`audit.names`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "deadline:breach": _("记录逾期"),
    "deadline:passed": _("记录提醒日已过"),
    "deadline:withdraw": _("撤销届满记录"),
    "deadline:recompute": _("重算期限"),
    "calendar:load": _("载入放假通知"),
    "term:change": _("修改期限条款"),
}
OBJECTS = {"calendar": _("放假通知"), "term": _("期限条款")}
FACTS = {
    "due_on": _("最后一日"),
    "provisional": _("是否暂定"),
    "breached_at": _("逾期时刻"),
    "passed_at": _("届满时刻"),
    "acted_at": _("办理时刻"),
    "ground": _("逾期依据"),
    "deadline": _("期限编号"),
    "clock": _("期限种类"),
    "calendar": _("工作日历版本"),
    "effect": _("影响"),
    "covers_year": _("年度"),
    "days": _("各日"),
}
