"""The catalogue for everybody: reading an entry. Finding it is `catalog.search.views`."""

from __future__ import annotations

from urllib.parse import urlencode

import clock
from accounts.actors import Actor, current
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog import entrypage, queries
from catalog.drafts import may_edit
from catalog.linked import addresses, schemaorg
from catalog.linked import views as linked
from catalog.linked.writing import wanted
from catalog.models import Entry, SharingType
from catalog.twins import beside


def _actor(request: HttpRequest) -> Actor | None:
    return current(request) if request.user.is_authenticated else None


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponseBase:
    """The page of an entry, or the document about it that the Accept header asks for."""
    if form := wanted(request):
        return linked.entry(request, code, form)
    actor = _actor(request)
    try:
        context = entrypage.of_entry(code, actor, clock.now(), request.GET.get("items", ""))
    except Entry.DoesNotExist:
        raise Http404 from None
    found: Entry = context["entry"]
    signed_out = actor is None and found.sharing_type != SharingType.NOT_SHARED
    context |= {
        "apply": queries.may_apply(found, actor),
        "login": f"{reverse('accounts:login')}?{urlencode({'next': request.path})}" if signed_out else "",
        "cited_on": clock.today(),
        "ways": entrypage.ways(found, actor, clock.now()),
        "canonical": addresses.page(found.code),
        "identifier": addresses.version(found.code, found.version),
        "forms": addresses.FORMS,
        "schema": schemaorg.script(schemaorg.dataset(found, context["items"])),
        "own": actor is not None
        and found.status == Entry.Status.PUBLISHED
        and may_edit(found.provider, actor),
    }
    response = render(request, "catalog/entry.html", context)
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
def related(request: HttpRequest, code: str) -> HttpResponse:
    """What belongs beside an entry: a page of its own, and a part of the entry's page when that asks for it."""
    found = get_object_or_404(Entry.objects.visible_to(_actor(request)).select_related("provider"), code=code)
    template = "catalog/_related.html" if "HX-Request" in request.headers else "catalog/related.html"
    return render(request, template, {"entry": found, "related": beside(found)})
