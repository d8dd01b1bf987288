"""One cell: what each type of item accepts, how it is kept, and how it compares.

Every value is kept as text in one canonical form, so that codes keep their zeros and numbers their digits;
the empty text means that there is no value.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from clock import SHANGHAI
from statutes.enforcement import enforces

from datacentre.identifiers import CHECKS
from datacentre.models import HoldingItem

Type = HoldingItem.Type

#: The longest cell that a spreadsheet can hold; a longer one could not be delivered whole.
LONGEST = 32_767
#: Types whose values have an order: they can be asked for by range, and a block of rows knows its least and greatest.
ORDERED = frozenset({Type.CODE, Type.INTEGER, Type.NUMBER, Type.DATE, Type.MOMENT})

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SHOWN = 40


class BadValue(ValueError):
    """The cell cannot be taken; the message says what it should be and what it is."""


@enforces("CAT-20", what="数据载入：标识按校验规则核对")
def parse(item: HoldingItem, text: str) -> str:
    """The canonical text of a cell, or `BadValue`. Line breaks inside a cell are kept as LF, whatever they were."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text == "":
        if item.required:
            raise BadValue("不能为空")
        return ""
    if len(text) > LONGEST:
        raise BadValue(f"最多 {LONGEST:,} 个字，现在是 {len(text):,} 个字")
    if _CONTROL.search(text):
        raise BadValue("含有不可显示的控制字符，请删除")
    value = canonical(item.type, text)
    if wrong := CHECKS[item.identifier](value) if item.identifier else "":
        raise BadValue(wrong)
    return value


def canonical(type_: str, text: str) -> str:
    """The one way in which a value of the type is written; text stays as it is."""
    match type_:
        case Type.TEXT:
            return text
        case Type.CODE:
            if text != text.strip() or re.search(r"\s", text):
                raise BadValue(f"代码中不能有空格或换行，现在是“{shown(text)}”")
            return text
        case Type.INTEGER:
            if not _INTEGER.fullmatch(text):
                raise BadValue(f"应为整数，不带千分位，不以 0 开头，现在是“{shown(text)}”")
            return "0" if text == "-0" else text
        case Type.NUMBER:
            if not _NUMBER.fullmatch(text):
                raise BadValue(f"应为数值，不带千分位和单位，现在是“{shown(text)}”")
            return text
        case Type.DATE:
            return _date(text).isoformat()
        case Type.MOMENT:
            return _moment(text).isoformat()
    raise ValueError(f"no such type of item: {type_}")


def _date(text: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"应为日期，写成 2026-12-28，现在是“{shown(text)}”") from None


def _moment(text: str) -> datetime:
    """An ISO date and time; without a zone it is Beijing time, and is kept in Beijing time."""
    try:
        if len(text) < 16:
            raise ValueError
        value = datetime.fromisoformat(text)
    except ValueError:
        raise BadValue(f"应为时间，写成 2026-12-28T16:42:00，现在是“{shown(text)}”") from None
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)


def shown(text: str) -> str:
    """The text as an error message quotes it: in one line, cut when long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN] + "…"


def key(type_: str, text: str) -> Decimal | str:
    """What values of a type are compared by. Never called with an empty text."""
    return Decimal(text) if type_ in (Type.INTEGER, Type.NUMBER) else text
