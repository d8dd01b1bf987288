"""Short addresses into the filing page, for pages that know an entry or a request and nothing of procedures; and the
answered requests for the same data, which the case page reads when somebody wants them."""

from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from accounts.actors import current
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procedures.queries import visible_to

from sharing import queries


def filing(request: HttpRequest, procedure: str, subject: str) -> HttpResponse:
    return redirect("web:file", procedure, subject)


@require_safe
@never_cache
@login_required
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """The answered requests for the same data: a part of the case page for htmx, a page of its own for all others."""
    actor = current(request)
    case = visible_to(actor).filter(number=number, kind="sharing-request").first()
    if case is None:
        raise Http404(number)
    template = "sharing/_similar.html" if request.htmx else "sharing/similar.html"  # type: ignore[attr-defined]
    return render(request, template, {"case": case, "rows": queries.similar(case, actor)})


app_name = "sharing"
urlpatterns = [
    path("apply/<apicode:subject>/", filing, {"procedure": "sharing-request"}, name="apply"),
    path("object/<apicode:subject>/", filing, {"procedure": "sharing-objection"}, name="object"),
    path("similar/<slug:number>/", similar, name="similar"),
    path("examine/<apicode:subject>/", filing, {"procedure": "grant-revocation"}, name="examine"),
]
