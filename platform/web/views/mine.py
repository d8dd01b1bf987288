"""我的申请: what somebody has asked for, and what is not filed yet."""

from __future__ import annotations

from accounts.actors import current
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procedures import drafts, registry

from web.queries.applications import MOST, applications


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    actor = current(request)
    unfiled = drafts.visible_to(actor).filter(owner=actor.user).order_by("-updated_at")[:MOST]
    kept = [{"draft": draft, "label": registry.get(draft.kind).label} for draft in unfiled]
    return render(request, "web/applications.html", {"rows": applications(actor), "drafts": kept})
