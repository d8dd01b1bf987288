"""Reviews and a project of the demonstration: one that runs, one whose data was corrected, a plan before its office.

All is filed and moved by the demonstration's accounts through the same door as by people. Run twice, it changes
nothing the second time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import clock
from accounts.models import Organisation, User
from datacentre import demonstration as tables
from datacentre.actions import load_version
from deadlines.queries import current_calendar
from deadlines.workdays import add_workdays
from procedures import registry
from procedures.filing import file
from procedures.staging import Day, act, actor

from catalog import drafts
from catalog.corrections import subjects
from catalog.models import Correction, LegacySystem
from catalog.projects.actions import move_system, register_system

EPIDEMIC, SCHOOLS = "3-CQWJW-0001", "3-CQJW-0001"
EMERGENCY = "cq-yjj"
PHONE = "023-00000000"

STORES: dict[str, Any] = {
    "name": "应急物资储备库名录",
    "summary": "全市应急物资储备库，一库一行，含名称、地址、储备品类和管理单位。",
    "subject": "safety",
    "gathered": "全市市级、区县级应急物资储备库",
    "formats": ["xlsx"],
    "delivery": ["file", "api"],
    "update_cycle": "yearly",
    "opening_type": "unconditional",
    "opening_delivery": ["file"],
    "identifier_kind": "place",
    "use_requirements": "使用时注明来源。",
    "items": [
        {"code": "name", "name": "名称", "type": "text"},
        {"code": "address", "name": "地址", "type": "text"},
        {"code": "goods", "name": "储备品类", "type": "text"},
        {"code": "keeper", "name": "管理单位", "type": "text"},
    ],
}


def load(at: datetime) -> None:
    """File and move them as if they had come in over the last weeks."""
    if Correction.objects.exists() or not User.objects.filter(username="planning").exists():
        return
    when = Day(at.astimezone(clock.SHANGHAI).date())
    _corrected(when)
    _running(when)
    _project(when)


def _corrected(when: Day) -> None:
    """A code that is no administrative division, in real data: left empty in the next version."""
    at = when(24, 10)
    holding = subjects.entry(EPIDEMIC).holding
    case = file(
        registry.get("correction-review"),
        by=actor("company", at),
        at=at,
        subject=subjects.entry(EPIDEMIC),
        facts={
            "matter": "error",
            "item": "district_code",
            "record": "万盛经开区的各行",
            "key_item": "district",
            "key_value": "万盛经开区",
            "doubt": "行政区划代码写作 5002f0。这不是国家标准中的代码，按代码汇总时这些行被漏掉。",
            "claimed": "留空",
            "proof": "GB/T 2260《中华人民共和国行政区划代码》",
            "contact": "罗企业",
            "contact_phone": PHONE,
        },
    )
    act(
        case, "uphold", "provider", when(20, 9), "provider-lead",
        finding="5002f0 是采集时自编的代码，不是行政区划代码。",
        cause="万盛经开区没有单列的行政区划代码，采集程序自编了一个",
        unit="信息采集程序（演示）", true_value="留空",
    )  # fmt: skip
    table = next(table for table in tables.tables() if table.code == EPIDEMIC)
    rows = [{**row, "district_code": ""} if row["district"] == "万盛经开区" else row for row in table.rows()]
    loaded = when(18, 9)
    version = load_version(
        holding,
        rows=rows,
        note="按校核结果更正：万盛经开区的行政区划代码留空",
        at=loaded,
        by=actor("provider", loaded),
    )
    act(
        case, "corrected", "provider", when(18, 10),
        version=version.number, before="5002f0", after="", note="共 307 行，其中 279 行原写作 5002f0。",
    )  # fmt: skip


def _running(when: Day) -> None:
    """A citizen's doubt, with a matter at a window waiting on it."""
    at = when(3, 15)
    file(
        registry.get("correction-review"),
        by=actor("citizen", at),
        at=at,
        subject=subjects.entry(SCHOOLS),
        facts={
            "matter": "doubt",
            "item": "code",
            "record": "重庆医科大学",
            "key_item": "name",
            "key_value": "重庆医科大学",
            "doubt": "名单中的学校标识码是 4150010631，学历认证材料上的学校代码是 10631，窗口说对不上。"
            "请核实是不是同一所学校的代码。",
            "proof": "教育部学历证书电子注册备案表",
            "about_self": True,
            "service": "人才引进落户登记",
            "contact": "黄市民",
            "contact_phone": PHONE,
        },
    )


def _project(when: Day) -> None:
    """Listed, its list of the catalogue compiled, its plan before the planning office."""
    at, body = when(40, 9), Organisation.objects.get(code=EMERGENCY)
    system = _legacy(body, when(60, 9))
    drafts.keep(body, STORES, at=at, by=actor("requester", at))
    case = file(
        registry.get("it-project"),
        by=actor("requester", at),
        at=at,
        subject=body,
        facts={"name": "应急物资储备一张图", "kind": "build"},
    )
    act(
        case, "submit", "requester", when(38, 10), "requester-lead",
        need="把市级和区县级储备库的位置、品类和数量放在一张图上，灾害发生后就近调拨（演示）。",
        amount=320, cloud="city-cloud", network="government", platform="merge", systems=[str(system.pk)],
        replaced="原应急物资信息共享平台（演示）",
        shared_data="区县行政区划、避难场所位置通过共享取得，不再采集。",
        items=STORES["name"],
    )  # fmt: skip
    act(
        case, "list", "authority", when(25, 14), "authority-lead",
        year=when.today.year, evaluation="需求明确，原共享平台一并整合，能够共享取得的数据不再采集，同意列入（演示）。",
        no_duplicate=True, cloud_met=True, network_met=True, sharing_met=True,
    )  # fmt: skip
    act(
        case, "apply-plan", "requester", when(5, 9), "requester-lead",
        plan="《应急物资储备一张图建设方案》（报批稿，演示）", items=STORES["name"],
    )  # fmt: skip


def _legacy(owner: Organisation, at: datetime) -> LegacySystem:
    """A made-up platform that the project merges."""
    by = actor("authority", at)
    said = {
        "owner": owner,
        "name": "应急物资信息共享平台（演示）",
        "kind": LegacySystem.Kind.SHARING,
        "data": "储备库、物资品类",
        "merge_by": add_workdays(current_calendar(), at.date(), 250),
        "status": LegacySystem.Status.APART,
    }
    system = register_system(said, at=at, by=by)
    later = at + timedelta(days=30)
    move_system(
        system, status=LegacySystem.Status.MERGING, on=later.date(), note="随新项目并入", at=later,
        by=actor("authority", later),
    )  # fmt: skip
    return system
