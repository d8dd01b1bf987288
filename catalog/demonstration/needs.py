"""Needs of the demonstration: one gathered in its district, one asked of its source, one being listed, one matched.

All is filed and moved by the demonstration's accounts through the same door as by people. Run twice, it changes
nothing the second time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import clock
from accounts.models import Organisation, User
from deadlines.queries import current_calendar
from deadlines.workdays import add_workdays
from procedures import registry
from procedures.filing import file
from procedures.models import Case
from procedures.staging import Day, act, actor

from catalog.models import Demand, Entry

HEALTH, EDUCATION, EMERGENCY, ENVIRONMENT = "cq-wsjkw", "cq-jw", "cq-yjj", "cq-sthjj"
DISTRICT_SCHOOLS = "500103-education-demo"
STREETS = "3-CQTJJ-0001"


def load(at: datetime) -> None:
    """File and move them as if they had come in over the last weeks."""
    if Demand.objects.exists() or not User.objects.filter(username="district-education").exists():
        return
    when = Day(at.astimezone(clock.SHANGHAI).date())
    _matched(when)
    _listed(when)
    _asked(when)
    _need(
        "district-education", DISTRICT_SCHOOLS, when(2, 10),
        items="幼儿园周边公交站点名称、位置", function="学前教育机构布局和入园便利程度分析（演示）",
        source="市交通运输委",
    )  # fmt: skip


def _need(account: str, body: str, at: datetime, **facts: str) -> Case:
    return file(
        registry.get("demand-matching"),
        by=actor(account, at),
        at=at,
        subject=Organisation.objects.get(code=body),
        facts=facts,
    )


def _matched(when: Day) -> None:
    """Two bodies needed the same, and the catalogue has it under another name."""
    case = _need(
        "provider-air", ENVIRONMENT, when(17, 10),
        items="各乡镇、街道的名称和代码", function="空气质量按乡镇街道汇总（演示）",
    )  # fmt: skip
    other = _need(
        "district", "500103-data-demo", when(16, 9),
        items="乡镇街道名称和代码", function="区级数据按街道编码（演示）",
    )  # fmt: skip
    act(other, "join", "authority", when(15, 9), carrier=case.number)
    streets = Entry.objects.get(holding__code=STREETS)
    act(
        case, "match", "authority", when(14, 10), "authority-lead",
        entries=streets.code, note="统计用区划代码中含乡镇、街道的名称和代码，可以直接申请共享。",
    )  # fmt: skip


def _listed(when: Day) -> None:
    """The source has it and lists it; its update is still to come."""
    case = _need(
        "provider", HEALTH, when(12, 9),
        items="应急物资储备库位置、储备品类", function="突发公共卫生事件中的物资调用（演示）", source="市应急局",
    )  # fmt: skip
    act(
        case, "ask-source", "authority", when(11, 10), body=EMERGENCY,
        question="贵单位是否掌握全市应急物资储备库的位置和储备品类？能否编入目录？",
    )  # fmt: skip
    until = add_workdays(current_calendar(), when.today, 5)
    act(
        case, "accept-source", "requester", when(8, 15), "requester-lead",
        items="储备库名称、地址、储备品类、管理单位", until=until.isoformat(),
    )  # fmt: skip


def _asked(when: Day) -> None:
    """Asked three days ago; the answer is due in two."""
    case = _need(
        "requester", EMERGENCY, when(6, 14),
        items="各学校校区面积、操场面积", function="应急避难场所规划与管理（演示）", source="市教委",
    )  # fmt: skip
    at = when(3, 9)
    act(
        case, "ask-source", "authority", at + timedelta(minutes=20), body=EDUCATION,
        question="贵单位是否掌握各学校校区和操场的面积？按校区还是按学校统计？",
    )  # fmt: skip
