"""Finding entries, and taking along what was found."""

from __future__ import annotations

import clock
from accounts.actors import Actor, current
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.compile.paging import pager
from catalog.models.entries import compiles
from catalog.search import find, take


def _actor(request: HttpRequest) -> Actor | None:
    return current(request) if request.user.is_authenticated else None


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    found = find.find(find.Search.of(request.GET), actor)
    context = {
        "found": found,
        "search": found.search,
        "sorts": find.SORTS.items(),
        "pager": pager(found.search.page, found.pages, lambda page: f"?{found.search.query(page=page)}"),
        "address": f"?{found.search.query()}",
        "feed": found.search.query(sort="relevance"),
        "most": take.MOST,
        "may_need": actor is not None and compiles(actor),
    }
    return render(request, "catalog/list.html", context)


@require_safe
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """What the search finds, as CSV or XLSX; the same entries, in the same order, as the pages show."""
    if form not in take.FORMS:
        raise Http404(form)
    taken = take.Taken(find.Search.of(request.GET), _actor(request), clock.now())
    response = StreamingHttpResponse(take.FORMS[form](taken), content_type=take.MEDIA[form])
    response["Content-Disposition"] = f'attachment; filename="catalogue-{taken.at:%Y%m%d}.{form}"'
    return response
