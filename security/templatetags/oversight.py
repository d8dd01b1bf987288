"""`{% load oversight %}{% asked question body=7 %}`: the same question to the figures, with a change."""

from __future__ import annotations

from typing import Any

import clock
from django import template
from web import dates
from web.due import last_day

from security.models import Lead
from security.pages import Question

register = template.Library()


@register.simple_tag
def asked(question: Question, **changes: Any) -> str:
    """The query of an address, without its question mark."""
    return question.query(**changes)


@register.simple_tag
def happened(lead: Lead) -> str:
    """When it was: 10 月 9 日 24:00 for a breach, the end of the last day; the moment of the act for others."""
    if lead.deadline_id is not None:
        return f"{dates.day(last_day(lead.happened_at), clock.today())} 24:00"
    return dates.moment(lead.happened_at, clock.today())
