"""Identifiers checked by their own rule on load (REG22-11(三)): resident numbers, credit codes, region codes.

Each function takes the text and returns what is wrong with it, or an empty string. They are text and stay text: what
is wrong is refused with its row, never mended on the way in.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from accounts.codes import check_identity_number, check_uscc

#: First two digits of GB/T 2260.
_PROVINCES = frozenset(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42"}
    | {"43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"}
)


def _as_written(check: Callable[[str], str], text: str) -> str:
    try:
        right = check(text)
    except ValueError as error:
        return str(error)
    return "" if right == text else f"应写作 {right}"


def resident(text: str) -> str:
    """身份号码, GB 11643."""
    return _as_written(check_identity_number, text)


def uscc(text: str) -> str:
    """统一社会信用代码, GB 32100."""
    return _as_written(check_uscc, text)


def region(text: str) -> str:
    """行政区划代码, GB/T 2260 with the statistical extension: 6, 9 or 12 digits under a known province."""
    if not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", text):
        return "行政区划代码应为 6、9 或 12 位数字"
    return "" if text[:2] in _PROVINCES else f"行政区划代码前两位“{text[:2]}”不是省级代码"


CHECKS: dict[str, Callable[[str], str]] = {"resident": resident, "uscc": uscc, "region": region}
