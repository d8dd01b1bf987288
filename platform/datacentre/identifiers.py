"""Identifiers checked by their own rule (REG22-11(三)): resident numbers, credit codes, region codes.

Each function takes the text and returns what is wrong with it, or an empty string. They are text and stay text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECK = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: First two digits of GB/T 2260.
_PROVINCES = frozenset(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42"}
    | {"43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"}
)


def resident(text: str) -> str:
    """身份号码, GB 11643: 17 digits and an ISO 7064 MOD 11-2 check character."""
    if len(text) != 18:
        return f"身份号码应为 18 位，现在是 {len(text)} 位"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return "身份号码前 17 位应为数字，最后一位应为数字或大写 X"
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return f"身份号码第 7 至 14 位“{text[6:14]}”不是日期"
    total = sum(int(digit) * weight for digit, weight in zip(text, _RESIDENT_WEIGHTS, strict=False))
    return "" if text[17] == _RESIDENT_CHECK[total % 11] else "身份号码校验位不符，请与原件核对"


def uscc(text: str) -> str:
    """统一社会信用代码, GB 32100: 18 characters of a 31-letter alphabet, the last a weighted check."""
    if len(text) != 18:
        return f"统一社会信用代码应为 18 位，现在是 {len(text)} 位"
    strange = [letter for letter in text if letter not in _USCC_ALPHABET]
    if strange:
        return f"统一社会信用代码不含“{strange[0]}”（字母用大写，不用 I、O、S、V、Z）"
    total = sum(_USCC_ALPHABET.index(letter) * pow(3, i, 31) for i, letter in enumerate(text[:17]))
    return "" if text[17] == _USCC_ALPHABET[-total % 31] else "统一社会信用代码校验位不符，请与原件核对"


def region(text: str) -> str:
    """行政区划代码, GB/T 2260 with the statistical extension: 6, 9 or 12 digits under a known province."""
    if not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", text):
        return "行政区划代码应为 6、9 或 12 位数字"
    return "" if text[:2] in _PROVINCES else f"行政区划代码前两位“{text[:2]}”不是省级代码"


CHECKS: dict[str, Callable[[str], str]] = {"resident": resident, "uscc": uscc, "region": region}
