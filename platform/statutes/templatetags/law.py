"""`{% load law %}{% cite "REG22-26.1" %}`: the legal basis, linked to the page of its article."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from statutes.law import cite as resolve
from statutes.texts import Citation

register = template.Library()


@register.simple_tag
def cite(*bases: str | Citation) -> SafeString:
    """The places in full, in one 据 mark. Raises UnknownArticle for a basis that does not exist."""
    return _drawn(tuple(base if isinstance(base, Citation) else resolve(base) for base in bases))


@lru_cache(maxsize=4096)
def _drawn(citations: tuple[Citation, ...]) -> SafeString:
    """The mark is the same on every page, and a page has dozens."""
    links = [format_html('<a href="{}">{}</a>', one.url, one.text) for one in citations]
    return format_html('<span class="cite">{}</span>', SafeString("、".join(links)))
