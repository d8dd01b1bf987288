"""Tables of facts as HTML, composed in Python: a page has dozens of values, and template nodes cost ten times more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from typing import Any

import clock
from django.utils.safestring import SafeString, mark_safe

from web import dates


def value(shown: Any) -> str:
    """A value: lists joined by 、, text kept together where a number meets its unit, safe HTML as it is."""
    if hasattr(shown, "__html__"):
        return str(shown.__html__())
    if isinstance(shown, list | tuple):
        shown = "、".join(str(one) for one in shown)
    elif isinstance(shown, datetime):
        return escape(dates.moment(shown, clock.today()))
    elif isinstance(shown, date):
        shown = dates.day_week(shown, clock.today())
    return f'<span class="pre">{escape(dates.nbsp(str(shown)))}</span>'


def table(pairs: Iterable[tuple[Any, Any]], css: str = "") -> SafeString:
    """Labels and values as a list of definitions; a value that is empty is left out with its label."""
    rows = "".join(
        f"<div><dt>{escape(str(label))}</dt><dd>{value(shown)}</dd></div>"
        for label, shown in pairs
        if shown or shown == 0
    )
    return mark_safe(f'<dl class="facts{" " if css else ""}{css}">{rows}</dl>')
