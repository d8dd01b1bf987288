"""Chinese numerals as statutes write them: 第二十六条, 第（五）项, 第二百零一条."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")
LARGEST = 9999


def chinese(number: int) -> str:
    """The numeral for 1 to 9999: 10 十, 26 二十六, 110 一百一十, 201 二百零一, 1010 一千零一十.

    Raises ValueError outside that range: no statute numbers an article so.
    """
    if not 1 <= number <= LARGEST:
        raise ValueError(f"no article is numbered {number}: expected 1 to {LARGEST}")
    written, gap = "", False
    for power in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**power % 10
        if digit == 0:
            gap = True
            continue
        written += ("零" if gap and written else "") + DIGITS[digit] + UNITS[power]
        gap = False
    return written.removeprefix("一") if 10 <= number <= 19 else written


BY_NUMERAL = {chinese(number): number for number in range(1, 100)}


def arabic(numeral: str) -> int:
    """The number that a numeral from 一 to 九十九 writes. Raises ValueError for anything else."""
    try:
        return BY_NUMERAL[numeral]
    except KeyError:
        raise ValueError(f"“{numeral}”不是一到九十九之间的中文数字") from None
