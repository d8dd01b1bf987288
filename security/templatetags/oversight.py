"""`{% load oversight %}{% asked question body=7 %}`: the same question to the figures, with a change."""

from __future__ import annotations

from typing import Any

from django import template

from security.pages import Question

register = template.Library()


@register.simple_tag
def asked(question: Question, **changes: Any) -> str:
    """The query of an address, without its question mark."""
    return question.query(**changes)
