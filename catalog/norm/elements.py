"""The elements of an entry, of its items and of its conditions: the union of what GOV19-11, REG22-22 and OPEN20-12 ask
for and of the core metadata of the national guide (政务信息资源目录编制指南（试行）, numbers in `guide`).

Not declared here, because nobody states them: provider and its code (guide 4, 5: the body that compiles), the resource
code (3: issued on first publication), the day of publication (12).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from statutes.law import cite


class Kind(StrEnum):
    """How an element is written and kept."""

    TEXT = "text"  # one line
    LONG = "long"  # paragraphs
    CODE = "code"  # one value of a vocabulary
    CODES = "codes"  # several, kept as a list in the order of the vocabulary
    WORDS = "words"  # several free words, kept as a list
    FLAG = "flag"  # yes or no
    NUMBER = "number"  # a whole number, or nothing


@dataclass(frozen=True)
class Element:
    """One element. `needed` is for publication; a draft may lack everything but its name.

    `most` is the longest text in characters, or the most values of a list.
    """

    name: str
    label: str
    kind: Kind
    group: str
    cites: tuple[str, ...] = ()
    guide: str = ""
    vocabulary: str = ""
    most: int = 200
    needed: bool = False
    default: Any = None
    help: str = ""

    def __post_init__(self) -> None:
        for text in self.cites:
            cite(text)

    @property
    def empty(self) -> Any:
        """What stands where nothing was said."""
        if self.default is not None:
            return list(self.default) if isinstance(self.default, tuple) else self.default
        if self.kind in (Kind.CODES, Kind.WORDS):
            return []
        return {Kind.FLAG: False, Kind.NUMBER: None}.get(self.kind, "")


_NORM = ("GOV19-11",)
_LAW = ("REG22-22.1", "GOV19-11")
_TYPE = ("REG22-24", "GOV19-24")
_OPEN = ("REG22-24", "OPEN20-12")
_BASIS = ("REG22-24.3",)

#: The parts of the form and of the page, in order.
GROUPS = {
    "what": "数据是什么",
    "how": "怎样提供",
    "sharing": "政务共享",
    "opening": "向社会开放",
    "safety": "安全与使用",
    "place": "归属与联系",
}

ENTRY: tuple[Element, ...] = (
    Element(
        "name", "资源名称", Kind.TEXT, "what", _LAW, "2", most=200, needed=True,
        help="用业务上的叫法，写清对象和范围，不加单位名称。",
    ),
    Element(
        "summary", "摘要", Kind.LONG, "what", _NORM, "6", most=2000, needed=True,
        help="一行记录是什么、从哪里来、从何时起、有什么限制。",
    ),
    Element("resource_class", "信息资源分类", Kind.CODE, "what", _NORM, "1", "resource-class", default="307"),
    Element("subject", "主题", Kind.CODE, "what", _NORM, "", "subject", needed=True),
    Element("keywords", "关键词", Kind.WORDS, "what", most=20, help="人们会用来找它的其他说法，顿号隔开。"),
    Element(
        "gathered", "汇聚范围", Kind.TEXT, "what", ("REG22-22.1",), most=300, needed=True,
        help="覆盖的地域、对象和时间，例如：全市普通高等学校。",
    ),
    Element("formats", "格式", Kind.CODES, "how", _NORM, "7", "format", most=12, needed=True),
    Element("delivery", "提供方式", Kind.CODES, "how", _NORM, "9", "delivery", most=4, help="不予共享的可以不填。"),
    Element("update_cycle", "更新周期", Kind.CODE, "how", _LAW, "11", "update-cycle", needed=True),
    Element(
        "sharing_type", "共享类型", Kind.CODE, "sharing", _TYPE, "9", "sharing-type", needed=True,
        default="unconditional", help="没有国家层面依据的，一律无条件共享。",
    ),
    Element(
        "sharing_basis", "共享类型依据", Kind.TEXT, "sharing", _BASIS, most=300,
        help="法规名称和条款，例如《中华人民共和国传染病防治法》第三十八条。",
    ),
    Element("sharing_basis_kind", "共享依据类别", Kind.CODE, "sharing", _BASIS, "", "basis-kind"),
    Element("sharing_basis_text", "共享依据原文", Kind.LONG, "sharing", _BASIS, most=2000),
    Element(
        "opening_type", "开放类型", Kind.CODE, "opening", _OPEN, "10", "opening-type", needed=True,
        help="与共享类型分别确定。",
    ),
    Element("opening_conditions", "开放条件", Kind.LONG, "opening", _OPEN, "10", most=1000),
    Element("opening_basis", "开放类型依据", Kind.TEXT, "opening", _BASIS, most=300),
    Element("opening_basis_kind", "开放依据类别", Kind.CODE, "opening", _BASIS, "", "basis-kind"),
    Element("opening_basis_text", "开放依据原文", Kind.LONG, "opening", _BASIS, most=2000),
    Element("opening_delivery", "开放方式", Kind.CODES, "opening", ("OPEN20-12",), "", "delivery", most=4),
    Element(
        "security_level", "安全级别", Kind.CODE, "safety", _NORM, "", "security-level", needed=True,
        default="general-1", help="涉密事项不在本平台编目。",
    ),
    Element("identifier_kind", "标识", Kind.CODE, "safety", ("REG22-11.1(三)",), "", "identifier-kind", needed=True),
    Element("personal", "含个人信息", Kind.FLAG, "safety", ("REG22-11",)),
    Element(
        "treatment", "脱敏、清洗、加工记录或者权利人同意", Kind.LONG, "safety", ("GOV19-31", "OPEN20-12"), most=1000,
        help="含敏感信息而开放的，写明怎样处理，或者权利人同意的文件。",
    ),
    Element(
        "secrecy_review", "保密审查记录", Kind.TEXT, "safety", _NORM, most=200,
        help="审查单位、日期和文号。",
    ),
    Element("use_requirements", "使用要求", Kind.LONG, "safety", _NORM, most=1000, needed=True),
    Element("base_database", "基础数据库基础信息项", Kind.FLAG, "place", ("GOV19-25.2(二)",)),
    Element("database", "所属基础数据库", Kind.CODE, "place", ("REG22-21",), "", "database"),
    Element("theme_database", "所属主题数据库", Kind.TEXT, "place", ("REG22-21",), most=60),
    Element("region", "覆盖区域", Kind.TEXT, "place", ("REG22-53",), most=60, default="重庆市"),
    Element("system", "来源系统", Kind.TEXT, "place", most=100),
    Element("division", "提供方内设机构", Kind.TEXT, "place", (), "4", most=100),
    Element("contact", "联系处室", Kind.TEXT, "place", most=100, help="写处室，不写个人姓名。"),
    Element("phone", "联系电话", Kind.TEXT, "place", most=30),
    Element("related", "关联资源代码", Kind.WORDS, "place", (), "13", most=20),
)  # fmt: skip

ITEM: tuple[Element, ...] = (
    Element("name", "信息项名称", Kind.TEXT, "item", _NORM, "8", most=100, needed=True),
    Element(
        "code", "信息项代码", Kind.TEXT, "item", _NORM, most=60, needed=True,
        help="字母、数字和下划线，不以数字开头。",
    ),
    Element("type", "信息项类型", Kind.CODE, "item", _NORM, "8", "item-type", needed=True, default="text"),
    Element("length", "长度", Kind.NUMBER, "item", (), "8"),
    Element("description", "信息项说明", Kind.TEXT, "item", most=300),
    Element("sharing_type", "信息项共享类型", Kind.CODE, "item", _TYPE, "", "sharing-type"),
    Element("sharing_basis", "信息项单列依据", Kind.TEXT, "item", _BASIS, most=300),
    Element("sharing_basis_kind", "信息项依据类别", Kind.CODE, "item", _BASIS, "", "basis-kind"),
    Element("opening_type", "信息项开放类型", Kind.CODE, "item", _OPEN, "", "opening-type"),
    Element("personal", "信息项含个人信息", Kind.FLAG, "item", ("REG22-11",)),
    Element(
        "element", "数据元", Kind.TEXT, "item", ("GOV19-16",), most=60,
        help="本条目是该数据元的唯一来源时填写；引用其他单位的数据元时留空。",
    ),
)  # fmt: skip

CONDITION: tuple[Element, ...] = (
    Element("text", "共享条件", Kind.TEXT, "condition", ("REG22-22.1", "REG22-24"), most=300, needed=True),
    Element("basis", "条件依据", Kind.TEXT, "condition", _BASIS, most=300),
)

ENTRY_BY_NAME = {element.name: element for element in ENTRY}
ITEM_BY_NAME = {element.name: element for element in ITEM}
CONDITION_BY_NAME = {element.name: element for element in CONDITION}
