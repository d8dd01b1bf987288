"""The tags of the visual language: plain Python over escaped parts, cheap enough for a hundred rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import clock
from django import template
from django.forms import BaseForm, BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web import dates, fields, icons

register = template.Library()

_DISC = {
    "unconditional": "",
    "conditional": " lvl--half",
    "not-shared": " lvl--none",
    "not-opened": " lvl--none",
}
_WORD = {"unconditional": "无条件", "conditional": "有条件", "not-shared": "不予", "not-opened": "不予"}
_NOTE = {"success": "note--ok", "warning": "note--warn", "error": "note--bad"}
_NOTE_ICON = {"success": "check", "warning": "warning", "error": "warning"}


@register.filter
def day(value: date | datetime | None) -> str:
    """12 月 30 日; the year only when it is not this year."""
    return "" if value is None or value == "" else dates.day(value, clock.today())


@register.filter
def day_week(value: date | datetime | None) -> str:
    """12 月 30 日（星期三）."""
    return "" if value is None or value == "" else dates.day_week(value, clock.today())


@register.filter
def day_short(value: date | datetime | None) -> str:
    """12 月 30 日 周三."""
    return "" if value is None or value == "" else dates.day_short(value, clock.today())


@register.filter
def moment(value: datetime | None) -> str:
    """12-24 16:42."""
    return "" if value is None or value == "" else dates.moment(value, clock.today())


@register.filter(is_safe=True)
def nbsp(value: Any) -> str:
    """The space between a number and its unit does not break."""
    return dates.nbsp(str(value))


@register.filter
def thousands(value: int | None) -> str:
    """18,462."""
    return "" if value is None else f"{value:,}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon beside a word: {% icon "file" %}."""
    return icons.icon(name)


@register.simple_tag
def level(value: str, of: str = "") -> SafeString:
    """The sharing or opening type as disc and words: {% level entry.sharing_type "共享" %}."""
    return format_html('<span class="lvl{}">{}{}</span>', _DISC[value], _WORD[value], of)


@register.simple_tag
def field(bound: BoundField, size: str = "", rows: int | None = None) -> SafeString:
    """A whole form field: {% field form.purpose %}, {% field form.code size="m" %}."""
    return fields.render_field(bound, size=size, rows=rows)


@register.simple_tag
def error_summary(*forms: BaseForm) -> SafeString:
    """What has to be mended, above the form; nothing when there is nothing to mend."""
    return fields.render_summary(*forms)


@register.simple_tag
def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or an empty string when the page is not mounted."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.filter
def note_class(level_tag: str) -> str:
    """The note's modifier for a message's level."""
    return _NOTE.get(level_tag, "")


@register.filter
def note_icon(level_tag: str) -> str:
    return _NOTE_ICON.get(level_tag, "info")
