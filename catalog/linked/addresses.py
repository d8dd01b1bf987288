"""Identifiers that stay, and the pages that they lead to.

An identifier begins with `/id/` and names a thing: an entry, one of its versions, the catalogue, a body, a value of a
code list. Asking for it leads (303) to the page or the document about it. Pages may move; identifiers may not, and the
codes in them are never used again (`catalog.codes`).
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

#: Suffixes of documents, and what they are to HTTP.
FORMS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


def site(path: str = "/") -> str:
    """An address of this platform in full."""
    return f"{settings.SITE_URL}{path}"


def _id(name: str, *parts: str | int) -> str:
    return site(reverse(f"catalog-id:{name}", args=parts))


def dataset(code: str) -> str:
    return _id("dataset", code)


def version(code: str, number: int) -> str:
    return _id("dataset-version", code, number)


def catalogue() -> str:
    return _id("catalogue")


def publication(number: int) -> str:
    return _id("catalogue-version", number)


def body(code: str) -> str:
    return _id("body", code)


def scheme(vocabulary: str) -> str:
    return _id("scheme", vocabulary)


def concept(vocabulary: str, code: str) -> str:
    return _id("concept", vocabulary, code)


def service() -> str:
    return _id("service")


def terms() -> str:
    """The namespace of our own properties."""
    return _id("terms") + "#"


def page(code: str) -> str:
    """The page of an entry."""
    return site(reverse("catalog:entry", args=[code]))
