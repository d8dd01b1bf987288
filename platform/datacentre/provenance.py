"""The slip that goes with a delivery: what the data is, whose, under which grant it was read, how to check it."""

from __future__ import annotations

from clock import SHANGHAI
from django.conf import settings

from datacentre.models import HoldingItem, Read
from datacentre.proofs import COLUMNS

LIMITS = (
    "共享获取的公共数据应当用于本单位依法履行职责或者提供公共服务的需要，"
    "不得超出使用范围或者用于其他目的，不得以任何形式提供给第三方。（《重庆市数据条例》第二十五条）"
)
FORCE = "与纸质文书原件具有同等效力，可以作为履行行政管理职能的依据。（《重庆市政务数据资源管理暂行办法》第二十八条）"


def provenance(read: Read) -> dict[str, object]:
    """The slip as data; `read` with its grant, holding and version."""
    grant, version, holding = read.grant, read.version, read.grant.holding
    names = {item.code: item for item in holding.items.all()}
    slip: dict[str, object] = {
        "数据": holding.name,
        "数据实体编号": holding.code,
        "数据提供单位": holding.owner.name,
        "来源": holding.source,
        "许可": holding.licence,
        "版本": version.number,
        "载入时间": version.loaded_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "行数": version.rows,
        "SM3": version.sm3,
        "SHA-256": version.sha256,
        "摘要说明": "SM3 和 SHA-256 是本版全部信息项的规范文本（UTF-8 CSV，LF 换行，首行为信息项代码）的摘要",
        "授权办件": grant.case.number,
        "数据使用单位": grant.grantee.name,
        "用途": grant.purpose,
        "使用范围": grant.scope,
        "附加条件": grant.conditions,
        "授权期限": f"{grant.first_day.isoformat()} 至 {grant.last_day.isoformat()}",
        "信息项": [f"{names[code].name}（{code}）" for code in read.items],
        "读取编号": read.pk,
        "读取时间": read.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "平台": settings.SITE_URL,
        "使用限制": LIMITS,
    }
    if read.sm3:
        slip["本次文件 SM3"] = read.sm3
    if bearing := [names[code] for code in read.items if names[code].kind]:
        slip["文书证照合同"] = _force(bearing)
    return slip


def _force(bearing: list[HoldingItem]) -> dict[str, object]:
    """What the proof columns mean, for the items that have the force of paper (SHA-15)."""
    return {
        "信息项": [f"{item.name}（{item.get_kind_display()}）" for item in bearing],
        "效力": FORCE,
        "列": [f"{name}（{code}）" for code, name in COLUMNS],
        "校验方法": (
            "“完整性校验”由“数据实体编号/版本/行号:SM3”组成；SM3 取自 "
            '{"holding":…,"row":…,"values":{信息项代码:值},"version":…} 的规范 JSON（键按序，无空格，UTF-8）'
        ),
    }
