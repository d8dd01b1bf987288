"""How a day and a moment are written: 12 月 30 日（星期三）. The year only when it is not this year."""

from __future__ import annotations

import re
from datetime import date, datetime

from clock import SHANGHAI

NBSP = "\u00a0"
WEEKDAYS = "一二三四五六日"

#: A number and the word that counts it, written with an ordinary space or none.
_NUMBER_AND_UNIT = re.compile(
    r"(?<=\d) (?=(?:个|月|日|年|天|件|项|条|次|位|人|家|页|份|处|行|万|亿|小时|分钟|秒|版|字|%|[kKMGT]?B\b))"
)
_MONTH_AND_DAY = re.compile(r"(?<=[年月]) (?=\d)")


def as_day(value: date | datetime) -> date:
    """The calendar day in Shanghai of a date or an aware moment."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date() if value.tzinfo else value.date()
    return value


def day(value: date | datetime, today: date) -> str:
    """`12 月 30 日`; with the year when it is not the year of `today`. The spaces do not break."""
    it = as_day(value)
    text = f"{it.month}{NBSP}月{NBSP}{it.day}{NBSP}日"
    return text if it.year == today.year else f"{it.year}{NBSP}年{NBSP}{text}"


def day_week(value: date | datetime, today: date) -> str:
    """`12 月 30 日（星期三）`, for prose."""
    return f"{day(value, today)}（星期{WEEKDAYS[as_day(value).weekday()]}）"


def day_short(value: date | datetime, today: date) -> str:
    """`12 月 30 日 周三`, for lists."""
    return f"{day(value, today)}{NBSP}周{WEEKDAYS[as_day(value).weekday()]}"


def moment(value: datetime, today: date) -> str:
    """`12-24 16:42`, for timelines; with the year when it is not this year."""
    at = value.astimezone(SHANGHAI) if value.tzinfo else value
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d %H:%M}"


def nbsp(text: str) -> str:
    """The text with a space that does not break between a number and its unit (`5 个工作日`)."""
    return _MONTH_AND_DAY.sub(NBSP, _NUMBER_AND_UNIT.sub(NBSP, text))
