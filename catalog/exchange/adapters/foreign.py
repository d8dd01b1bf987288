"""What an adapter makes of one foreign record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.exchange.adapters.cleansing import Report

#: The columns before the norm's own in an export: where an entry comes from, and what the norm does not carry.
ORIGIN = {
    "record": "记录序号",
    "catalogue": "来源目录",
    "place": "来源地区",
    "provider": "来源单位",
    "address": "来源地址",
    "published": "原发布日期",
    "updated": "原更新日期",
    "amount": "原数据量",
}


@dataclass(slots=True)
class Foreign:
    """One record as the norm has it. `origin` has the keys of ORIGIN; `identity` is what makes two records one."""

    record: int
    said: dict[str, Any]
    origin: dict[str, str]
    identity: tuple[str, ...]
    local: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Adapter:
    """How one kind of foreign catalogue is read. `duplicate_rule` says in words when two records are one."""

    convert: Callable[[int, Mapping[str, Any], Report], Foreign]
    elements: tuple[str, ...]
    duplicate_rule: str
