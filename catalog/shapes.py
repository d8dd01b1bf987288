"""The elements of the norm as shapes of the interface: what it gives, and what it takes. Made from the declaration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.fields import Body, Flag, Many, OneOf, Text, Whole
from rest_framework import serializers

from catalog.models import Condition
from catalog.norm.content import MOST_CONDITIONS, MOST_ITEMS
from catalog.norm.elements import CONDITION, ENTRY, ITEM, Element, Kind
from catalog.norm.vocabularies import vocabulary


def _told(element: Element) -> str:
    """What an element is, in a sentence: its label, what to write, the values of its code list."""
    said = f"{element.label}。{element.help}"
    if element.vocabulary:
        values = vocabulary(element.vocabulary).values
        said += "：".join(("值", "，".join(f"{value.code} {value.label}" for value in values))) + "。"
    return said


def _given(element: Element) -> serializers.Field:
    text = _told(element)
    if element.kind == Kind.FLAG:
        return serializers.BooleanField(help_text=text)
    if element.kind == Kind.NUMBER:
        return serializers.IntegerField(allow_null=True, help_text=text)
    if element.kind in (Kind.CODES, Kind.WORDS):
        return serializers.ListField(child=serializers.CharField(), help_text=text)
    return serializers.CharField(allow_blank=True, help_text=text)


def _taken(element: Element) -> serializers.Field:
    text = _told(element)
    codes = (
        [(value.code, value.label) for value in vocabulary(element.vocabulary).values]
        if element.vocabulary
        else []
    )
    if element.kind == Kind.FLAG:
        return Flag(required=False, help_text=text)
    if element.kind == Kind.NUMBER:
        return Whole(required=False, allow_null=True, min_value=0, max_value=999_999_999, help_text=text)
    if element.kind == Kind.CODES:
        return Many(child=OneOf(codes), required=False, max_length=len(codes), help_text=text)
    if element.kind == Kind.WORDS:
        word = Text(max_length=60)
        return Many(child=word, required=False, max_length=element.most, help_text=text)
    if element.kind == Kind.CODE:
        return OneOf(codes, required=False, allow_blank=True, help_text=text)
    return Text(required=False, allow_blank=True, max_length=element.most, help_text=text)


def given(name: str, doc: str, elements: Iterable[Element], leave: Iterable[str] = ()) -> type:
    """A shape of what is answered, with a field for each element but those to leave out."""
    fields: dict[str, Any] = {e.name: _given(e) for e in elements if e.name not in set(leave)}
    return type(name, (serializers.Serializer,), {"__doc__": doc, "__module__": __name__, **fields})


class ParameterBody(Body):
    """核对方式的参数，只填与核对方式相应的。"""

    words = Many(
        child=Text(max_length=60), required=False, max_length=50, help_text="function：职能名称中的词。"
    )
    kinds = Many(
        child=OneOf([("duty", "依法履行职责"), ("service", "提供公共服务")]),
        required=False, max_length=2, help_text="purpose：允许的用途。",
    )  # fmt: skip
    months = Whole(required=False, min_value=1, max_value=1200, help_text="period：最长使用期限，月。")
    modes = Many(
        child=OneOf([("file", "文件下载"), ("api", "接口调用")]),
        required=False, max_length=2, help_text="mode：允许的提供方式。",
    )  # fmt: skip
    batch = Flag(required=False, help_text="mode：可否批量获取，false 须说明必要性。")
    codes = Many(
        child=Text(max_length=60), required=False, max_length=50, help_text="items：所涉信息项的代码。"
    )
    together = Whole(required=False, min_value=0, max_value=1000, help_text="items：一次最多申请其中几个。")


#: What an item says, as it is answered.
ItemShape = given("ItemShape", "信息项。", ITEM)
_ItemBody = type(
    "ItemBody", (Body,), {"__doc__": "信息项。", **{element.name: _taken(element) for element in ITEM}}
)
_ConditionBody = type(
    "ConditionBody",
    (Body,),
    {
        "__doc__": "共享条件。",
        **{element.name: _taken(element) for element in CONDITION},
        "check_kind": OneOf(
            Condition.Check.choices, required=False, help_text="核对方式，不填由经办人判断。"
        ),
        "parameter": ParameterBody(required=False),
    },
)


class ConditionShape(given("_Condition", "", CONDITION)):  # type: ignore[misc]
    """共享条件。"""

    check_kind = serializers.CharField(help_text="平台怎样核对；manual 由经办人判断。")
    parameter = serializers.DictField(help_text="核对方式的参数。")


#: What an entry says, as it is sent: every element of the norm, each of them optional.
SaidBody: Any = type(
    "SaidBody",
    (Body,),
    {
        "__doc__": "条目的各要素。",
        **{element.name: _taken(element) for element in ENTRY},
        "items": Many(
            child=_ItemBody(), required=False, max_length=MOST_ITEMS, help_text="信息项，整体替换。"
        ),
        "conditions": Many(
            child=_ConditionBody(),
            required=False,
            max_length=MOST_CONDITIONS,
            help_text="共享条件，整体替换。",
        ),
    },
)


class SaidShape(given("_Said", "", ENTRY)):  # type: ignore[misc]
    """条目的各要素。"""

    items = ItemShape(many=True, help_text="信息项。")
    conditions = ConditionShape(many=True, help_text="共享条件。")
