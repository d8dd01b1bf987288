"""The list of the city's open-data portal, by the fields of its interface (resourceName, openAttr, renewCycle …)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.exchange.adapters.cleansing import Report
from catalog.exchange.adapters.foreign import Adapter, Foreign
from catalog.exchange.adapters.national import CITY

_CARRIED = frozenset(
    {
        "id", "resourceName", "resourceDesc", "organizationName", "openAttr", "renewCycle", "shareType", "fileTypes",
        "tags", "updateDate", "classificationName",
    }
)  # fmt: skip
_DETAIL = "https://data.cq.gov.cn/rop/assets/detail?resId="


def convert(number: int, record: Mapping[str, Any], report: Report) -> Foreign:
    tags = list(_tags(record.get("tags")))
    topics = [value for key, value in tags if key == "TOPIC"]
    industries = [value for key, value in tags if key != "TOPIC"]
    topic = "、".join(topics) or record.get("classificationName")
    share = record.get("shareType")
    modes = [
        "FILE" if str(mode).upper() == "FILE" else "API"
        for mode in (share if isinstance(share, list) else [share])
        if mode not in (None, "")
    ]
    name = report.text("name", record.get("resourceName"), number)
    department = report.text("provider", record.get("organizationName"), number, most=100, label="提供单位")
    said = {
        "name": name,
        "summary": report.text("summary", record.get("resourceDesc"), number),
        "subject": report.code("subject", topic, number, first_of_many=True),
        "keywords": report.words("keywords", [*topics, *industries] or None, number),
        "formats": report.codes("formats", record.get("fileTypes"), number),
        "delivery": report.codes("delivery", modes, number),
        "update_cycle": report.code("update_cycle", record.get("renewCycle"), number),
        "opening_type": report.code("opening_type", record.get("openAttr"), number),
        "region": CITY,
    }
    for key, value in record.items():
        if key not in _CARRIED and value not in (None, "", [], {}):
            report.uncarried[key] += 1
    key = str(record.get("id") or "")[:60]
    origin = {
        "record": str(number),
        "catalogue": "重庆市公共数据开放系统",
        "place": CITY,
        "provider": department,
        "address": f"{_DETAIL}{key}" if key else "",
        "published": "",
        "updated": report.day("updated", "原更新日期", record.get("updateDate"), number),
        "amount": "",
    }
    return Foreign(number, said, origin, (name, department))


def _tags(raw: Any) -> Iterator[tuple[str, str]]:
    """(TOPIC or INDUSTRY, word) from {"TOPIC": […]}, from [{"key": "TOPIC", "value": …}], or from plain words."""
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            for word in value if isinstance(value, list) else [value]:
                if word not in (None, ""):
                    yield str(key).upper(), _word(word)
    elif isinstance(raw, list):
        for one in raw:
            if isinstance(one, Mapping):
                values = {str(key).lower(): value for key, value in one.items()}
                kind = next(
                    (str(values[k]).upper() for k in ("key", "type", "tagtype", "tagkey") if values.get(k)),
                    "",
                )
                word = next(
                    (values[k] for k in ("value", "name", "tagname", "tagvalue", "label") if values.get(k)),
                    "",
                )
                if word:
                    yield kind, _word(word)
            elif one not in (None, ""):
                yield "", str(one)
    elif raw:
        yield "", str(raw)


def _word(word: Any) -> str:
    return str(word.get("name") or word.get("value") or "") if isinstance(word, Mapping) else str(word)


PORTAL = Adapter(
    convert,
    (
        "name", "summary", "subject", "keywords", "formats", "delivery", "update_cycle", "opening_type", "region",
    ),
    "名称、提供单位都相同的是同一条",
)  # fmt: skip
