"""What search engines ask for first: robots.txt, and sitemaps of the public pages and of every entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

import api.addresses  # noqa: F401 - registers the parts of addresses
from accounts.actors import VISITOR, Actor, current
from django.core.cache import cache
from django.db.models import F, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from web import navigation
from web.navigation import Place

from catalog.linked import addresses
from catalog.linked.pace import at_a_pace
from catalog.linked.writing import FRESH, stamped
from catalog.models import Entry
from catalog.search import find

#: Addresses of one sitemap; the protocol allows no more.
MOST = 50_000
#: Where the visitors' index is kept: the parts there are, and when each last changed.
INDEX = "sitemap:parts"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: Pages that lead without end to other arrangements of the same, and pages for people at work.
_NOT_FOR_ROBOTS = (
    "/admin/", "/api/", "/audit/", "/cases/", "/catalog/compile/", "/catalog/export/", "/catalog/responsibility/",
    "/drafts/", "/file/", "/login/", "/mine/", "/notices/", "/work/",
    # By what the address asks for first: a lone question mark is dropped by some readers, and with it the list.
    *(f"/catalog/?{name}=" for name in ("q", *find.FACETS, "sort", "page")),
)  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in _NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {addresses.site(reverse('crawl:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _visible(request: HttpRequest) -> QuerySet[Entry]:
    actor: Actor | None = current(request) if request.user.is_authenticated else None
    return Entry.objects.visible_to(actor)


@require_safe
@at_a_pace("sitemap")
def index(request: HttpRequest) -> HttpResponseBase:
    """The sitemaps: one of the pages, one for each 50,000 keys of entries. One query, for visitors every five minutes.

    An entry stays in the sitemap of its key, so that the others need not be read again when it changes.
    """
    lines = [_line("sitemap", addresses.site(reverse("crawl:pages")))]
    lines += [
        _line("sitemap", addresses.site(reverse("crawl:entries", args=[part + 1])), latest)
        for part, latest in _parts(request)
    ]
    return _answer(request, _document("sitemapindex", lines))


def _parts(request: HttpRequest) -> list[tuple[int, datetime]]:
    """The parts and when each last changed. It reads all entries: what visitors see of it is kept."""
    kept: list[tuple[int, datetime]] | None = None if request.user.is_authenticated else cache.get(INDEX)
    if kept is not None:
        return kept
    found = list(
        _visible(request)
        .annotate(part=(F("pk") - 1) / MOST)
        .values("part")
        .annotate(latest=Max("changed_at"))
        .order_by("part")
        .values_list("part", "latest")
    )
    if not request.user.is_authenticated:
        cache.set(INDEX, found, timeout=FRESH)
    return found


@require_safe
def pages(request: HttpRequest) -> HttpResponseBase:
    """The pages that the navigation offers to visitors."""
    places = (Place.PUBLIC, Place.TOP, Place.DATA, Place.SERVICE, Place.OVERSIGHT)
    found = {link.href.partition("#")[0] for place in places for link in navigation.links(place, VISITOR)}
    lines = [_line("url", addresses.site(href)) for href in sorted({"/", *found}) if href.startswith("/")]
    return _answer(request, _document("urlset", lines))


@require_safe
@at_a_pace("sitemap")
def entries(request: HttpRequest, number: int) -> HttpResponseBase:
    """The entries with the keys of one part. One query; 404 where there is none.

    All of it is read and written before it is sent (some 6 MB at most): a slow reader holds no cursor open.
    """
    first = (number - 1) * MOST + 1
    found = _visible(request).filter(pk__gte=first, pk__lt=first + MOST).order_by("pk")
    lines = [
        _line("url", addresses.page(code), moment) for code, moment in found.values_list("code", "changed_at")
    ]
    if not lines:
        raise Http404(f"第 {number} 份网站地图没有条目")
    return _answer(request, _document("urlset", lines))


def _line(element: str, address: str, moment: datetime | None = None) -> str:
    lastmod = f"<lastmod>{moment.isoformat(timespec='seconds')}</lastmod>" if moment else ""
    return f"<{element}><loc>{escape(address)}</loc>{lastmod}</{element}>\n"


def _document(root: str, lines: Iterable[str]) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{"".join(lines)}</{root}>\n'
    )


def _answer(request: HttpRequest, document: str) -> HttpResponseBase:
    return stamped(request, HttpResponse(document, content_type="application/xml; charset=utf-8"))


app_name = "crawl"
urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", index, name="sitemap"),
    path("sitemaps/pages.xml", pages, name="pages"),
    path("sitemaps/entries-<apiid:number>.xml", entries, name="entries"),
]
