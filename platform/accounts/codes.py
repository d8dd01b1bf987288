"""统一社会信用代码 and 公民身份号码: text with a checksum, never a number.

Each `check_…` returns the code in its canonical form (no blanks at the ends, capital letters) or raises ValueError
with a sentence that says what the code should be and what it is. Region parts are not checked: codes given by
districts that have ended (江北 500105, 渝北 500112) and by those that came later stay right for ever.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def uscc_check_digit(body: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015)."""
    total = sum(
        USCC_ALPHABET.index(character) * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[(31 - total % 31) % 31]


def check_uscc(text: str) -> str:
    """A 统一社会信用代码 (GB 32100-2015): 18 characters, no I O S V Z, the last one a checksum."""
    code = text.strip().upper()
    _length("统一社会信用代码", code)
    for position, character in enumerate(code, 1):
        if character not in USCC_ALPHABET:
            raise ValueError(
                f"统一社会信用代码第 {position} 位是“{character}”，只能是数字或除 I、O、S、V、Z 以外的大写字母"
            )
    return _checksum("统一社会信用代码", code, uscc_check_digit(code[:17]))


def identity_check_digit(body: str) -> str:
    """The 18th character for the first 17 (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def check_identity_number(text: str) -> str:
    """A 公民身份号码 (GB 11643-1999): 17 digits with a real date of birth, and a checksum of 0–9 or X."""
    code = text.strip().upper()
    _length("公民身份号码", code)
    for position, character in enumerate(code[:17], 1):
        if character not in "0123456789":
            raise ValueError(f"公民身份号码第 {position} 位是“{character}”，前 17 位只能是数字")
    try:
        date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        raise ValueError(f"公民身份号码第 7 至 14 位“{code[6:14]}”不是一个日期") from None
    return _checksum("公民身份号码", code, identity_check_digit(code[:17]))


def validate_uscc(value: str) -> None:
    """Field validator: the code must be in canonical form and right."""
    try:
        canonical = check_uscc(value)
    except ValueError as error:
        raise ValidationError(str(error), code="uscc") from error
    if canonical != value:
        raise ValidationError(f"统一社会信用代码应写作 {canonical}，现在是“{value}”", code="uscc")


def _length(name: str, code: str) -> None:
    if len(code) != 18:
        raise ValueError(f"{name}应为 18 位，现在是 {len(code)} 位")


def _checksum(name: str, code: str, expected: str) -> str:
    if code[17] != expected:
        raise ValueError(f"{name}校验位应为 {expected}，现在是 {code[17]}，请核对是否有一位写错")
    return code
