"""The entries of the demonstration, over the real tables of `datacentre.demonstration`.

Only the district counts of 2020 are conditional: single cases in small districts can point to persons. Every other
table is public already, so nothing but unconditional sharing would have a basis.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.actors import SYSTEM
from datacentre import demonstration as tables
from django.db import transaction

from catalog import publishing
from catalog.models import BasisKind, Condition, Entry, OpeningType, SecurityLevel, SharingType
from catalog.norm.content import read

Check = Condition.Check
PUBLISHED_BEFORE = timedelta(days=120)


@dataclass(frozen=True)
class Said:
    """What an entry says beyond what its table knows. `open_items` stay unconditional in a conditional entry."""

    summary: str
    subject: str
    gathered: str
    update_cycle: str
    descriptions: dict[str, str] = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)
    open_items: tuple[str, ...] = ()
    conditions: tuple[dict[str, Any], ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


def load(at: datetime) -> list[Entry]:
    """Make, publish and fill every entry that is not there yet. Run twice, it changes nothing the second time.

    They are published as of some months before `at`, so that matters of the last weeks can rest on them.
    """
    published = at - PUBLISHED_BEFORE
    return [_entry(table, ENTRIES[table.code], published) for table in tables.tables()]


def _entry(table: tables.Table, said: Said, at: datetime) -> Entry:
    with transaction.atomic():
        holding = tables.hold(table, at)
        entry = Entry.objects.filter(holding=holding).first()
        if entry is None:
            entry = _compile(table, said, holding, at)
    tables.fill(holding, at)
    return entry


def _compile(table: tables.Table, said: Said, holding: Any, at: datetime) -> Entry:
    facts = {
        "sharing_type": SharingType.UNCONDITIONAL,
        "opening_type": OpeningType.UNCONDITIONAL,
        "opening_delivery": ["file", "api"],
        "security_level": SecurityLevel.GENERAL_1,
        "use_requirements": "使用和公布分析结果时注明来源。",
        "identifier_kind": "none",
        **said.more,
    }
    items = [
        {
            "code": item.code,
            "name": item.name,
            "type": item.type,
            "description": said.descriptions.get(item.code, ""),
            "sharing_type": SharingType.UNCONDITIONAL
            if item.code in said.open_items
            else facts["sharing_type"],
            "element": said.elements.get(item.code, ""),
        }
        for item in table.items
    ]
    content, problems = read(
        {
            "name": table.name,
            "summary": said.summary,
            "subject": said.subject,
            "gathered": said.gathered,
            "update_cycle": said.update_cycle,
            "formats": ["csv", "xlsx", "json"],
            "delivery": ["file", "api"],
            "items": items,
            "conditions": said.conditions,
            **facts,
        },
        on=at.date(),
    )
    if problems:
        raise ValueError(f"{table.code}: {problems}")
    change = publishing.Change(holding.owner, content, holding=holding)
    made = publishing.publish([change], reason="演示条目首次发布", at=at, by=SYSTEM)
    return made.entries[0]


def condition(text: str, basis: str, check: str, parameter: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"text": text, "basis": basis, "check_kind": check, "parameter": parameter or {}}


_COVID_BASIS = "《中华人民共和国数据安全法》第三十八条"

ENTRIES = {
    "3-CQWJW-0001": Said(
        "2020 年 1 月至 12 月重庆市每日新冠肺炎疫情，一日一区县一行，含累计确诊、疑似、累计治愈、累计死亡。"
        "部分区县某日只有个别病例，与其他信息结合可能识别到个人。",
        "health",
        "2020 年全市及各区县",
        "never",
        descriptions={
            "district": "全市合计时为空；含两江新区、高新区、万盛经开区和境外输入",
            "district_code": "部分为标准外代码或者为空，照公布时原样",
            "confirmed": "例，累计",
            "suspected": "例，当日现有",
            "cured": "例，累计",
            "dead": "例，累计",
        },
        open_items=("day",),
        conditions=(
            condition(
                "申请单位负有卫生健康、疾病防控、医疗保障或者突发事件应对职能",
                _COVID_BASIS,
                Check.FUNCTION,
                {"words": ["卫生", "疾病", "医疗", "应急", "突发事件"]},
            ),
            condition("用于依法履行职责", _COVID_BASIS, Check.PURPOSE, {"kinds": ["duty"]}),
            condition("一次申请的使用期限不超过 12 个月", "", Check.PERIOD, {"months": 12}),
            condition("以文件下载或者接口方式提供", "", Check.MODE, {"modes": ["file", "api"]}),
            condition("对外公布分析结果前，合并不足 5 例的单元", _COVID_BASIS, Check.MANUAL),
        ),
        more={
            "sharing_type": SharingType.CONDITIONAL,
            "sharing_basis": _COVID_BASIS,
            "sharing_basis_kind": BasisKind.LAW,
            "opening_type": OpeningType.CONDITIONAL,
            "opening_conditions": "公布和使用前合并不足 5 例的单元；说明研究用途，不与其他数据结合识别个人。",
            "opening_basis": _COVID_BASIS,
            "opening_basis_kind": BasisKind.LAW,
            "opening_delivery": ["file"],
            "security_level": SecurityLevel.GENERAL_2,
            "use_requirements": "不得与其他数据结合识别个人。使用和公布分析结果时注明来源。",
        },
    ),
    "3-CQJW-0001": Said(
        "重庆市普通高等学校 75 所，一校一行，含学校标识码、主管部门和办学层次，截至 2025 年 6 月 20 日。",
        "education",
        "全市普通高等学校",
        "yearly",
        descriptions={"level": "本科或者专科", "remark": "民办学校注明"},
        elements={"code": "school-code"},
    ),
    "1-CQMZJ-0001": Said(
        "重庆市 37 个区县的行政区划代码、名称、类型和中心点，2025 年 11 月设立两江新区之后的现行状态。",
        "geography",
        "全市区县",
        "irregular",
        descriptions={"longitude": "度", "latitude": "度"},
        elements={"code": "district-code"},
        more={"base_database": True, "database": "geography", "identifier_kind": "place"},
    ),
    "3-CQTJJ-0001": Said(
        "重庆市乡镇、街道的 9 位统计用区划代码和名称，2023 年 6 月 30 日状态；江北区、渝北区撤销前。",
        "geography",
        "全市乡镇、街道",
        "yearly",
        elements={"code": "street-code"},
    ),
    "3-CQTJJ-0002": Said(
        "重庆市村民委员会、社区居民委员会的 12 位统计用区划代码和名称，2023 年 6 月 30 日状态。",
        "community",
        "全市村、社区",
        "yearly",
        elements={"code": "village-code"},
    ),
    "3-CQSTHJJ-0001": Said(
        "一个网格化监测站点 2021 年 1 月至 2023 年 12 月逐小时细颗粒物（PM2.5）浓度。",
        "ecology",
        "一个监测站点",
        "never",
        descriptions={"pm25": "原文件未注明单位，按数值推断为毫克每立方米", "at": "北京时间"},
    ),
    "3-CQBB-0001": Said(
        "北碚区逐年降水、气温、日照、湿度、风速、无霜期和气压，2001 年起。",
        "ecology",
        "北碚区",
        "yearly",
        descriptions={
            "rain": "毫米", "temperature": "摄氏度", "sunshine": "小时", "humidity": "百分比",
            "wind": "米每秒", "frostless": "天", "pressure": "百帕",
        },
    ),
}  # fmt: skip
