"""The procedures for everybody: which there are, and each with its steps, limits and articles."""

from __future__ import annotations

import clock
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from procedures import registry

from web import procedurepage


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    return render(request, "web/procedures.html", {"rows": procedurepage.contents(registry.all_procedures())})


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = registry.get(code)
    except KeyError as error:
        raise Http404(code) from error
    return render(request, "web/procedure.html", {"page": procedurepage.build(found, clock.today())})
