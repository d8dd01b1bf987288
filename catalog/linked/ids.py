"""Identifiers lead (303) to what tells of the thing they name: the page, or the document that Accept asks for.

Nothing is looked up here, so an identifier says of no entry whether it exists; the page does.
"""

from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.linked.addresses import FORMS
from catalog.linked.writing import wanted


class SeeOther(HttpResponseRedirect):
    status_code = 303


def _see(request: HttpRequest, page: str, document: str = "") -> HttpResponse:
    """303 See Other. `document` is the address with {form} for the suffix; without one there is only the page."""
    form = wanted(request) if document else ""
    response = SeeOther(document.replace("{form}", form) if form else page)
    patch_vary_headers(response, ["Accept"])
    return response


def _document(name: str, *parts: object) -> str:
    """The address of a document, its suffix left open."""
    some = next(iter(FORMS))
    return reverse(name, args=[*parts, some]).removesuffix(some) + "{form}"


@require_safe
def dataset(request: HttpRequest, code: str) -> HttpResponse:
    return _see(request, reverse("catalog:entry", args=[code]), _document("catalog:entry-linked", code))


@require_safe
def dataset_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    page = reverse("catalog:entry-version", args=[code, number])
    return _see(request, page, _document("catalog:entry-version-linked", code, number))


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return _see(request, reverse("catalog:list"), _document("catalog:linked"))


@require_safe
def catalogue_version(request: HttpRequest, number: int) -> HttpResponse:
    return _see(request, reverse("catalog:publication", args=[number]))


@require_safe
def body(request: HttpRequest, code: str) -> HttpResponse:
    return _see(request, reverse("accounts:organisation", args=[code]))


@require_safe
def scheme(request: HttpRequest, name: str) -> HttpResponse:
    page = reverse("catalog:code-list", args=[name])
    return _see(request, page, _document("catalog:code-list-linked", name))


@require_safe
def concept(request: HttpRequest, name: str, code: str) -> HttpResponse:
    page = f"{reverse('catalog:code-list', args=[name])}#{code}"
    return _see(request, page, _document("catalog:code-list-linked", name))


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return _see(request, reverse("catalog:code-lists"), _document("catalog:terms-linked"))


@require_safe
def service(request: HttpRequest) -> HttpResponse:
    return _see(request, reverse("api-docs"))


app_name = "catalog-id"
urlpatterns = [
    path("dataset/<apicode:code>", dataset, name="dataset"),
    path("dataset/<apicode:code>/v/<apiid:number>", dataset_version, name="dataset-version"),
    path("catalogue", catalogue, name="catalogue"),
    path("catalogue/v/<apiid:number>", catalogue_version, name="catalogue-version"),
    path("body/<apikey:code>", body, name="body"),
    path("concept/<slug:name>", scheme, name="scheme"),
    path("concept/<slug:name>/<str:code>", concept, name="concept"),
    path("terms", terms, name="terms"),
    path("service", service, name="service"),
]
