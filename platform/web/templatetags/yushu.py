"""The tags of the visual language: plain Python over escaped parts, cheap enough for a hundred rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import clock
from deadlines.models import Deadline
from deadlines.queries import current_calendar
from deadlines.workdays import Calendar, day_of
from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from statutes.templatetags.law import cite as cite_tag

from web import dates, fields, icons
from web import facts as tables
from web import strip as strips
from web.due import Due, last_day

register = template.Library()

_DISC = {
    "unconditional": "",
    "conditional": " lvl--half",
    "not-shared": " lvl--none",
    "not-open": " lvl--none",
}
_WORD = {"unconditional": "无条件", "conditional": "有条件", "not-shared": "不予", "not-open": "不予"}
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


def _calendar(context: Context) -> Calendar:
    """The page's one calendar; without a page (a letter, a mail) the current one."""
    frame = context.get("frame")
    return frame.calendar if frame is not None else current_calendar()


@register.simple_tag(takes_context=True)
def due(
    context: Context, limit: Deadline | date | datetime | Due | None, provisional: bool = False
) -> SafeString:
    """How long is left: {% due deadline %}, {% due case.due_at provisional=case.provisional %}; nothing for None.

    A moment is the end of the limit, 24:00 of its last day, as `due_at` holds it; a date is its last day.
    """
    if limit is None or limit == "":
        return SafeString("")
    if isinstance(limit, Due):
        return limit.__html__()
    if isinstance(limit, Deadline):
        return Due.of(limit, clock.today(), _calendar(context)).__html__()
    return Due.on(last_day(limit), clock.today(), _calendar(context), provisional=provisional).__html__()


@register.simple_tag(takes_context=True)
def strip(
    context: Context,
    working: dict[str, Any],
    deadline: Deadline | None = None,
    possible: dict[str, Any] | None = None,
    label: str = "期限逐日计算",
    event: str = "收到",
    past: bool = True,
) -> SafeString:
    """The day strip of a stored working; with its deadline, also the day of the answer or the days past.

    A mere count of days has nothing to be late with: `past=False` leaves out what follows its last day.
    """
    met = bool(deadline) and deadline.outcome == Deadline.Outcome.MET and deadline.closed_at
    open_ = not deadline or (deadline.outcome == Deadline.Outcome.OPEN and not deadline.paused)
    drawn = strips.cells(
        working,
        clock.today(),
        calendar=_calendar(context) if past and (met or open_) else None,
        closed_on=day_of(deadline.closed_at) if met else None,
        possible=possible or None,
        event=event,
    )
    return strips.draw(list(drawn), label)


@register.simple_tag
def cites(codes: list[str]) -> SafeString:
    """The places a sentence rests on, in one mark; nothing for an empty list."""
    return cite_tag(*codes) if codes else SafeString("")


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


@register.filter
def iso_day(value: str) -> date:
    """A date kept as ISO text in a working."""
    return date.fromisoformat(value)


_CHECK = {"ok": "符合", "ask": "不能确定", "no": "不符"}


@register.simple_tag
def check_mark(result: str) -> SafeString:
    """A check's result in word, shape and colour: ok, ask, no."""
    return format_html('<span class="ck ck--{}">{}</span>', result, _CHECK[result])


@register.simple_tag
def fact(value: Any) -> SafeString:
    """A value of the table of facts."""
    return SafeString(tables.value(value))


@register.simple_tag
def facts(pairs: list[tuple[Any, Any]], css: str = "") -> SafeString:
    """A table of facts: {% facts panel.facts %}, {% facts said "facts--in" %} keeps two columns when narrow."""
    return tables.table(pairs, css)


@register.filter(expects_localtime=False)
def iso(value: datetime | None) -> str:
    """A moment for the `datetime` attribute, in Shanghai's time."""
    return "" if value is None else value.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")
