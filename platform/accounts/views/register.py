"""The public register of bodies."""

from __future__ import annotations

import clock
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import queries
from accounts.models import Organisation


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    text, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    page = Paginator(queries.organisations(text=text, kind=kind), 50).get_page(request.GET.get("page"))
    today = clock.today()
    context = {
        "page": page,
        "rows": [(body, body.in_being(today)) for body in page],
        "q": text,
        "kind": kind,
        "kinds": Organisation.Kind.choices,
    }
    return render(request, "accounts/organisations.html", context)


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    body = get_object_or_404(
        Organisation.objects.select_related("district", "parent", "successor"), code=code
    )
    today = clock.today()
    context = {
        "body": body,
        "in_being": body.in_being(today),
        "successor": queries.successor_of(body, today),
        "chain": queries.succession(body),
        "predecessors": body.predecessors.order_by("code"),
        "district_successors": body.district.successors.order_by("code") if body.district else (),
        "responsibility": queries.responsibility(body, today),
        "functions": body.functions.on(today).order_by("code"),
    }
    return render(request, "accounts/organisation.html", context)
