"""The pages that belong to no one matter: home, help, accessibility, the component sheet."""

from __future__ import annotations

import clock
from accounts import actors
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from web import map as districts
from web import portal, promise, specimen


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    catalogue = portal.catalogue(at)
    kept, by_code = promise.kept(at)
    context = {
        "catalogue": catalogue,
        "kept": kept,
        "limits": promise.limits(at, by_code),
        "answers": portal.answers(at),
        "map": districts.draw(catalogue.districts, catalogue.district_href)
        if catalogue and catalogue.districts
        else None,
    }
    return render(request, "web/home.html", context)


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """The living sheet of components: for the workbench's people, and in the demonstration for all."""
    if not (settings.DEMO or actors.current(request).posts):
        raise Http404
    return render(request, "web/design.html", specimen.context())


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")
