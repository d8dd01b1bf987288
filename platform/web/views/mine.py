"""我的办件: what somebody without a post has filed for oneself, and what is not filed yet."""

from __future__ import annotations

import clock
from accounts.actors import current
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procedures import drafts, registry
from procedures.queries import filed_in_person

from web.context import frame_of
from web.due import Due, last_day

#: So many of either are shown; a person has few.
SHOWN = 100


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    actor = current(request)
    today, calendar = clock.today(), frame_of(request).calendar
    rows = []
    for case in filed_in_person(actor)[:SHOWN]:
        procedure = registry.get(case.kind)
        due = None
        if case.due_at is not None and case.closed_at is None:
            due = Due.on(last_day(case.due_at), today, calendar, provisional=case.provisional)
        rows.append(
            {"case": case, "kind": procedure.label, "state": procedure.states[case.state], "due": due}
        )
    kept = [
        {"draft": draft, "label": registry.get(draft.kind).label}
        for draft in drafts.visible_to(actor).filter(owner=actor.user).order_by("-updated_at")[:SHOWN]
    ]
    return render(request, "web/mine.html", {"rows": rows, "drafts": kept})
