"""The law for everybody: which instruments there are, and for each article what rests on it and how it is kept."""

from __future__ import annotations

import clock
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from statutes import law, queries


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All instruments with their articles."""
    return render(request, "statutes/index.html", {"instruments": queries.contents(clock.today())})


@require_safe
def article(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One article with its duties, what rests on it, and live figures. 404 when there is none."""
    try:
        found = law.article(code, number)
    except law.UnknownArticle as error:
        raise Http404(str(error)) from error
    return render(request, "statutes/article.html", {"page": queries.article_page(found, at=clock.now())})
