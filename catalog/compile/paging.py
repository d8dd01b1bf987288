"""Numbered pages around the present one, as `components/pager.html` draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def pager(page: int, last: int, address: Callable[[int], str], of: str = "") -> dict[str, Any]:
    """The first, the last and two on either side; nothing but the sum where there is one page."""
    shown = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    pages: list[tuple[object, str, bool]] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            pages.append(("", "", False))
        pages.append((number, address(number), number == page))
    return {
        "previous": address(page - 1) if page > 1 else "",
        "next": address(page + 1) if page < last else "",
        "pages": pages if last > 1 else [],
        "of": of,
    }
