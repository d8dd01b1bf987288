"""Reviews for everybody: how fast each provider answers; and a body's own errors, found and fixed."""

from __future__ import annotations

import clock
from accounts.actors import current
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.corrections import queries
from catalog.models.entries import compiles

SHOWN = 200


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """校核办理情况 by provider."""
    lines = queries.by_provider(clock.now())
    context = {
        "lines": lines,
        "total": queries.total(lines),
        "few": queries.FEW,
        "may": request.user.is_authenticated and compiles(current(request)),
    }
    return render(request, "catalog/corrections.html", context)


@require_safe
@never_cache
@login_required
def problems(request: HttpRequest) -> HttpResponse:
    """问题数据: a body's own; the city data authority sees all."""
    actor = current(request)
    if not compiles(actor):
        raise PermissionDenied("问题数据由数据提供单位和市数据主管部门查看。")
    rows = list(queries.problems(actor)[:SHOWN])
    context = {"rows": rows, "open": sum(row.fixed_at is None for row in rows), "limit": SHOWN}
    return render(request, "catalog/problems.html", context)


def correct(request: HttpRequest, code: str) -> HttpResponse:
    """A short address into the filing page."""
    return redirect("web:file", "correction-review", code)
