"""Fields that take exactly what the description says, and bodies that take nothing else.

The REST framework's own fields are generous (a number for a text, "yes" for true); a contract is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from rest_framework import serializers

_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_REQUIRED = {"required": "缺少这一项。", "null": "这一项不能是 null。"}


class Text(serializers.CharField):
    default_error_messages = {
        **_REQUIRED,
        "invalid": "应为文本（JSON 字符串）。",
        "blank": "这一项不能为空。",
        "max_length": "最多 {max_length} 个字。",
        "min_length": "至少 {min_length} 个字。",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    default_error_messages = {
        **_REQUIRED,
        "invalid": "应为整数。",
        "max_value": "不能大于 {max_value}。",
        "min_value": "不能小于 {min_value}。",
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str):
            # An address has only texts; a body has numbers.
            if not self.root_is_query() or not _WHOLE.fullmatch(data):
                self.fail("invalid")
            return int(data)
        if isinstance(data, bool) or not isinstance(data, int | float) or data != int(data):
            self.fail("invalid")
        return int(data)

    def root_is_query(self) -> bool:
        return isinstance(self.root, Query)


class Day(serializers.DateField):
    default_error_messages = {**_REQUIRED, "invalid": "应为日期，写作 2026-12-31。"}

    def to_internal_value(self, value: Any) -> date:
        try:
            if not isinstance(value, str) or not _DAY.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail("invalid")


class Flag(serializers.BooleanField):
    default_error_messages = {**_REQUIRED, "invalid": "应为 true 或者 false。"}

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(self.root, Query):
            data = {"true": True, "false": False}.get(data)
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class OneOf(serializers.ChoiceField):
    default_error_messages = {**_REQUIRED, "invalid_choice": "没有“{input}”这一选项。"}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choice_strings_to_values:
            self.fail("invalid_choice", input=data)
        return data


class Many(serializers.ListField):
    default_error_messages = {
        **_REQUIRED,
        "not_a_list": "应为列表。",
        "empty": "至少选一项。",
        "max_length": "最多 {max_length} 项。",
    }


class Query(serializers.Serializer):
    """The parameters of an address. Declared names only; one that is no list is written once."""


class PageQuery(Query):
    cursor = Text(required=False, max_length=500, help_text="上一页的 next；不填从头读取。")
    limit = Whole(required=False, default=20, min_value=1, max_value=100, help_text="每页条数。")


class Body(serializers.Serializer):
    """What a call brings. A name that is not declared is refused: nothing that was sent is ignored."""

    default_error_messages = {"invalid": "应为一个 JSON 对象。"}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping) and (strange := [key for key in data if key not in self.fields]):
            names = "、".join(self.fields)
            errors = {key: [f"没有“{key}”这一项，可填的有：{names}"] for key in strange}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **errors}) from None
        if errors:
            raise serializers.ValidationError(errors)
        return dict(value)


class ProblemShape(serializers.Serializer):
    """问题说明（RFC 9457，application/problem+json）。"""

    type = serializers.CharField(help_text="解释这类问题的地址。")
    title = serializers.CharField(help_text="这类问题的名称。")
    status = serializers.IntegerField(help_text="HTTP 状态码。")
    code = serializers.CharField(help_text="供程序判断的代码，不会改动。")
    detail = serializers.CharField(help_text="错在哪里，怎样改。")
    instance = serializers.CharField(help_text="所调用的地址。")
    request_id = serializers.CharField(help_text="请求号，与 X-Request-ID 响应头相同，报告问题时请提供。")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="逐项的错误：字段名对应一组说明。",
    )
    cites = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="所依据的条文，如 REG22-26.1。"
    )
