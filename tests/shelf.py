"""Data on the shelf for tests: a holding with its published entry, and a case on which it can be granted.

The table is small and hostile: a formula, a name with markup, a number of many digits, an empty cell, a code with
leading zeros. `AIR` is owned by the provider of the cast (市生态环境局) and granted to its requester (市交通运输委).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.actors import SYSTEM
from accounts.models import Organisation
from clock import SHANGHAI
from datacentre.actions import ItemSpec, create_holding, load_version, open_grant
from datacentre.models import Grant, Holding, HoldingItem
from procedures.models import Case

from catalog.models import Entry
from catalog.norm.content import Content, read
from catalog.publishing import Change, publish, withdraw

#: A Monday morning on which every post of the cast is held.
AT = datetime(2026, 9, 28, 10, 0, tzinfo=SHANGHAI)

Type = HoldingItem.Type
AIR_ITEMS = (
    ItemSpec("station", "站点编号", Type.CODE, required=True),
    ItemSpec("name", "站点名称"),
    ItemSpec("day", "日期", Type.DATE),
    ItemSpec("pm25", "细颗粒物", Type.NUMBER),
    ItemSpec("hours", "有效小时", Type.INTEGER),
)
AIR_ROWS = (
    {"station": "001483", "name": "解放碑", "day": "2026-09-01", "pm25": "0.0525333", "hours": "24"},
    {
        "station": "001484",
        "name": '=HYPERLINK("http://x")',
        "day": "2026-09-02",
        "pm25": "-1.5",
        "hours": "23",
    },
    {"station": "001485", "name": '<b>观音桥</b>\n"北"', "day": "2026-09-03", "pm25": "", "hours": "0"},
    {
        "station": "001486",
        "name": "+86",
        "day": "2026-09-04",
        "pm25": "0.12345678901234567890",
        "hours": "12",
    },
)


def item(code: str, name: str, type_: str = "text", description: str = "", **more: Any) -> dict[str, Any]:
    """An item as the norm has it; what is not said is as the entry has it."""
    return {"code": code, "name": name, "type": type_, "description": description, **more}


def term(
    text: str, basis: str = "", check_kind: str = "manual", parameter: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A sharing condition."""
    return {"text": text, "basis": basis, "check_kind": check_kind, "parameter": parameter or {}}


#: An unconditional entry, complete enough to be published.
SAID: dict[str, Any] = {
    "name": "大气监测数据",
    "summary": "各站点每日细颗粒物浓度",
    "gathered": "全市国控、市控站点",
    "subject": "ecology",
    "update_cycle": "daily",
    "formats": ["csv"],
    "delivery": ["file", "api"],
    "opening_type": "unconditional",
    "opening_delivery": ["file"],
    "identifier_kind": "none",
    "use_requirements": "注明数据来源",
    "items": [{"code": s.code, "name": s.name, "type": s.type} for s in AIR_ITEMS],
}


def content(**said: Any) -> Content:
    """What an entry says, `said` in place of SAID; everything in it can be read."""
    made, problems = read({**SAID, **said}, on=AT.date())
    assert not problems, problems
    return made


def build_entry(
    provider: Organisation,
    *,
    code: str = "AIR",
    holding: Holding | None = None,
    published: bool = True,
    at: datetime = AT,
    **said: Any,
) -> Entry:
    """A published entry, or one that was withdrawn again."""
    change = Change(provider, content(**said), holding=holding, code=code)
    entry = publish([change], reason="首次发布", at=at, by=SYSTEM).entries[0]
    if not published:
        withdraw(entry, reason="测试", at=at, by=SYSTEM)
    return entry


def build_holding(
    owner: Organisation,
    *,
    code: str = "AIR",
    items: tuple[ItemSpec, ...] = AIR_ITEMS,
    rows: tuple[dict[str, str], ...] | None = AIR_ROWS,
    at: datetime = AT,
) -> Holding:
    """A holding with its published entry; without `rows` nothing has been loaded yet."""
    holding = create_holding(code=code, name="大气监测数据", owner=owner, items=items, at=at, by=SYSTEM)
    lines = [{"code": s.code, "name": s.name, "type": s.type} for s in items]
    build_entry(owner, code=code, holding=holding, items=lines, at=at)
    if rows is not None:
        load_version(holding, rows=rows, at=at, by=SYSTEM)
    return holding


def build_case(filer: Organisation, *, number: str = "GX-2026-0001", at: datetime = AT) -> Case:
    return Case.objects.create(
        number=number,
        kind="sharing-request",
        state="IN_USE",
        title="申请共享大气监测数据",
        filer=filer,
        received_at=at,
    )


def build_grant(
    holding: Holding, grantee: Organisation, *, number: str = "GX-2026-0001", **facts: Any
) -> Grant:
    """An open grant on all items for September through December 2026, unless `facts` say otherwise."""
    said = {
        "items": list(holding.items.values_list("code", flat=True)),
        "purpose": "重型车通行管理",
        "scope": "市交通运输委执法处",
        "first_day": date(2026, 9, 1),
        "last_day": date(2026, 12, 31),
        "at": AT,
        "by": SYSTEM,
        **facts,
    }
    return open_grant(holding, case=build_case(grantee, number=number), grantee=grantee, **said)
