"""开放属性: what an entry says of its opening, suggested, accepted or decided otherwise (OPEN20-15.2).

An attribute is {element of the norm: value} for `ELEMENTS`, in values that JSON has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from statutes.enforcement import enforces

from catalog import rules
from catalog.models import Entry, OpeningType
from catalog.norm.content import Content, Problem, shown
from catalog.norm.elements import ENTRY_BY_NAME
from catalog.publishing import content_of

ELEMENTS = (
    "opening_type", "opening_conditions", "opening_delivery", "opening_basis", "opening_basis_kind", "treatment",
)  # fmt: skip

Attribute = Mapping[str, Any]

#: Said where an attribute was settled for an entry that was withdrawn meanwhile.
NOTHING_TO_UPDATE = "条目已经撤销，不登记目录更新；再次发布的，按此确定开放属性"


def of_entry(entry: Entry) -> dict[str, Any]:
    """As the published entry has it."""
    return {name: getattr(entry, name) for name in ELEMENTS}


def applied(entry: Entry, attribute: Attribute) -> Content:
    """The entry with the attribute; items that had the entry's type of opening follow it. Two queries."""
    content = content_of(entry)
    before = content.entry["opening_type"]
    content.entry |= attribute
    for item in content.items:
        if item["opening_type"] in ("", before):
            item["opening_type"] = attribute["opening_type"]
    if attribute["opening_basis"] != entry.opening_basis:
        content.entry["opening_basis_text"] = ""
    return content


@enforces("CAT-17", "CAT-18", "CAT-19", what="建议、采纳、决定的开放属性，同目录一样核对条件、依据和处理记录")
def problems(entry: Entry, attribute: Attribute) -> list[Problem]:
    """What the rules of the catalogue have against the attribute on this entry, as fields of ELEMENTS."""
    content = applied(entry, attribute)
    found = rules.type_problems(content) + rules.needed_problems(content)
    mine = [problem for problem in found if problem.field in ELEMENTS]
    said = [Problem(one.field, one.message.replace("共享", "开放"), one.cites) for one in mine]
    if attribute["opening_type"] == OpeningType.UNCONDITIONAL and attribute["opening_conditions"]:
        said.append(
            Problem("opening_conditions", "无条件开放不附条件，请删除条件，或者改为有条件开放", ("REG22-24",))
        )
    return said


def differs(one: Attribute, other: Attribute) -> bool:
    """Whether two attributes are not the same for those who want the data: type, conditions, way of opening."""
    return any(
        one[name] != other[name] for name in ("opening_type", "opening_conditions", "opening_delivery")
    )


def label(attribute: Attribute) -> str:
    """有条件开放: its type in words; 未定 for none."""
    return str(OpeningType(attribute["opening_type"]).label) if attribute["opening_type"] else "未定"


def change(one: Attribute, other: Attribute) -> str:
    """What the other is, in few words: its type, and where that stays what else is different."""
    changed = [
        ENTRY_BY_NAME[name].label
        for name in ("opening_conditions", "opening_delivery")
        if one[name] != other[name]
    ]
    if one["opening_type"] != other["opening_type"] or not changed:
        return label(other)
    return f"{label(other)}，改{'、'.join(changed)}"


def told(attribute: Attribute) -> list[tuple[str, str]]:
    """Each element with its label, in words, without what is empty."""
    rows = [(ENTRY_BY_NAME[name].label, shown(ENTRY_BY_NAME[name], attribute[name])) for name in ELEMENTS]
    return [(name, text) for name, text in rows if text]


def in_words(attribute: Attribute) -> str:
    return "；".join(f"{name}：{text}" for name, text in told(attribute))
