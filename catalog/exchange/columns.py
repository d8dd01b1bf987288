"""The columns that a table of entries may have: one for each element of the norm, and what says whose entry it is."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from catalog.norm.elements import CONDITION, ENTRY, ITEM, Element
from catalog.norm.vocabularies import fold


class Part(StrEnum):
    """What of an entry a column speaks of."""

    WHOSE = "whose"  # resource code, provider: who and which, not what
    ENTRY = "entry"
    ITEM = "item"
    CONDITION = "condition"


@dataclass(frozen=True)
class Column:
    """One column by its label; `element` is None for those that say which entry it is."""

    part: Part
    name: str
    label: str
    element: Element | None = None
    most: int = 200
    help: str = ""


CODE = Column(
    Part.WHOSE,
    "resource_code",
    "资源代码",
    most=60,
    help="已发布的条目填写，按它更新；新条目留空，发布时赋码。",
)
PROVIDER = Column(
    Part.WHOSE, "provider", "数据提供单位", most=100, help="可以不填；填写的应当是导入时所选的单位。"
)
USCC = Column(
    Part.WHOSE, "uscc", "统一社会信用代码", most=30, help="提供单位的代码，可以不填；填写的按校验位核对。"
)

#: The three tables, each (name of its sheet, what its rows are, columns).
ENTRY_COLUMNS = (
    CODE,
    *(Column(Part.ENTRY, e.name, e.label, e, e.most, e.help) for e in ENTRY),
    PROVIDER,
    USCC,
)
NAME = next(column for column in ENTRY_COLUMNS if column.name == "name")
ITEM_COLUMNS = (NAME, CODE, *(Column(Part.ITEM, e.name, e.label, e, e.most, e.help) for e in ITEM))
CONDITION_COLUMNS = (
    NAME,
    CODE,
    *(Column(Part.CONDITION, e.name, e.label, e, e.most, e.help) for e in CONDITION),
)
SHEETS: tuple[tuple[str, Part, tuple[Column, ...]], ...] = (
    ("目录条目", Part.ENTRY, ENTRY_COLUMNS),
    ("信息项", Part.ITEM, ITEM_COLUMNS),
    ("共享条件", Part.CONDITION, CONDITION_COLUMNS),
)
#: Everything in one table, a row for each item: the template in CSV.
WIDE = tuple(dict.fromkeys((*ENTRY_COLUMNS, *ITEM_COLUMNS, *CONDITION_COLUMNS)))

#: What the national guide and older forms of the city call a column.
_ALSO = {
    "信息资源名称": "资源名称",
    "数据资源名称": "资源名称",
    "目录名称": "资源名称",
    "信息资源代码": "资源代码",
    "数据资源代码": "资源代码",
    "目录代码": "资源代码",
    "信息资源摘要": "摘要",
    "资源摘要": "摘要",
    "数据资源摘要": "摘要",
    "信息资源格式": "格式",
    "资源格式": "格式",
    "数据格式": "格式",
    "信息资源提供方": "数据提供单位",
    "提供单位": "数据提供单位",
    "提供方": "数据提供单位",
    "信息资源提供方代码": "统一社会信用代码",
    "提供方代码": "统一社会信用代码",
    "共享方式": "提供方式",
    "更新频率": "更新周期",
    "所属主题": "主题",
    "开放属性": "开放类型",
    "共享属性": "共享类型",
    "字段名称": "信息项名称",
    "字段代码": "信息项代码",
    "数据类型": "信息项类型",
    "数据长度": "长度",
}
_DECORATION = re.compile(r"[*＊★]|[（(](?:必填|选填|可选|多选)[)）]")


@cache
def _known() -> dict[str, Column]:
    by_label = {column.label: column for column in WIDE}
    found = {fold(label): column for label, column in by_label.items()}
    for spelling, label in _ALSO.items():
        found.setdefault(fold(spelling), by_label[label])
    return found


def column_of(header: str) -> Column | None:
    """The column that a header names: its label, or a name that the guide or older forms give it."""
    return _known().get(fold(_DECORATION.sub("", header)))


def nearest(header: str) -> str:
    """The label that an unknown header was probably meant to be, or ''."""
    close = difflib.get_close_matches(fold(_DECORATION.sub("", header)), _known(), n=1, cutoff=0.5)
    return _known()[close[0]].label if close else ""
