"""Records of other places' open-data portals as they were gathered, normalised to one flat schema of texts.

They are other provinces' entries: each keeps the name of its catalogue and its place, and none is ever taken for one
of this city's bodies unless the record itself is of this city.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.exchange.adapters.cleansing import Report
from catalog.exchange.adapters.foreign import Adapter, Foreign

CITY = "重庆市"
_CARRIED = frozenset(
    {
        "source", "province", "title", "department", "category", "industry", "publish_time", "update_time",
        "is_open", "data_volume", "update_frequency", "tags", "description", "url", "data_formats", "region",
    }
)  # fmt: skip


def convert(number: int, record: Mapping[str, Any], report: Report) -> Foreign:
    delivery: set[str] = set()

    def aside(part: str) -> str:
        """`file` says how the data is given, not in which format."""
        if part.casefold() != "file":
            return ""
        delivery.add("file")
        return "提供方式：文件下载"

    formats = report.codes("formats", record.get("data_formats"), number, aside)
    delivery |= {"api"} if "service" in formats else set()
    delivery |= {"file"} if set(formats) - {"service", "database"} else set()
    name = report.text("name", record.get("title"), number)
    department = report.text("provider", record.get("department"), number, most=100, label="提供单位")
    subject = report.code("subject", record.get("category"), number, first_of_many=True)
    words = report.words("keywords", record.get("tags"), number)
    said = {
        "name": name,
        "summary": report.text("summary", record.get("description"), number),
        "subject": subject,
        "keywords": words,
        "formats": formats,
        "delivery": [mode for mode in ("file", "api") if mode in delivery],
        "update_cycle": report.code("update_cycle", record.get("update_frequency"), number),
        "opening_type": report.code("opening_type", record.get("is_open"), number),
        "region": report.text("region", record.get("region") or record.get("province"), number, most=60),
    }
    for key, value in record.items():
        if key not in _CARRIED and value not in (None, ""):
            report.uncarried[key] += 1
    if record.get("industry"):
        report.uncarried["industry"] += 1
    source = str(record.get("source", ""))[:60]
    province = str(record.get("province", ""))[:30]
    origin = {
        "record": str(number),
        "catalogue": source,
        "place": province,
        "provider": department,
        "address": str(record.get("url") or "")[:500],
        "published": report.day("published", "原发布日期", record.get("publish_time"), number),
        "updated": report.day("updated", "原更新日期", record.get("update_time"), number),
        "amount": report.number("amount", "原数据量", record.get("data_volume"), number),
    }
    return Foreign(number, said, origin, (source, name, department), local=province == CITY)


NATIONAL = Adapter(
    convert,
    (
        "name", "summary", "subject", "keywords", "formats", "delivery", "update_cycle", "opening_type", "region",
    ),
    "来源目录、名称、提供单位都相同的是同一条",
)  # fmt: skip
