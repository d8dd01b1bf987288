"""Identifiers that stay, and the pages that they lead to.

An identifier begins with `/id/` and names a thing: an entry, one of its versions, the catalogue, a body, a value of a
code list. Asking for it leads (303) to the page or the document about it. Pages may move; identifiers may not, and the
codes in them are never used again (`catalog.codes`).
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse

#: Suffixes of documents, and what they are to HTTP.
FORMS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


#: What no IRI holds (RFC 3987): the parts of Turtle that stand around one, blanks, controls.
_NO_IRI = re.compile('[\x00-\x20\x7f-\xa0<>"{}|\\\\^`\ud800-\udfff\ufffe\uffff]')


def iri(text: str) -> str:
    """An address that somebody wrote, as an IRI: what no IRI holds is percent-encoded; "" for what is no address."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname or _NO_IRI.search(parts.netloc):
            return ""
    except ValueError:
        return ""
    return _NO_IRI.sub(lambda found: quote(found[0], safe="", errors="replace"), text)


def site(path: str = "/") -> str:
    """An address of this platform in full."""
    return f"{settings.SITE_URL}{path}"


@cache
def _path(name: str, *parts: str | int) -> str:
    """A path worked out once; for what there are few of."""
    return reverse(name, args=parts)


@cache
def _before(name: str) -> str:
    """What stands before the code of an entry or a body; a code is written into an address as it is."""
    return reverse(name, args=["x"]).partition("x")[0]


def dataset(code: str) -> str:
    return site(_before("catalog-id:dataset") + code)


def version(code: str, number: int) -> str:
    return f"{dataset(code)}/v/{number}"


def catalogue() -> str:
    return site(_path("catalog-id:catalogue"))


def publication(number: int) -> str:
    return f"{catalogue()}/v/{number}"


def body(code: str) -> str:
    """A body's code was given elsewhere and may hold anything."""
    return site(_before("catalog-id:body") + quote(code, safe=""))


def scheme(vocabulary: str) -> str:
    return site(_path("catalog-id:scheme", vocabulary))


def concept(vocabulary: str, code: str) -> str:
    return site(_path("catalog-id:concept", vocabulary, code))


def service() -> str:
    return site(_path("catalog-id:service"))


def terms() -> str:
    """The namespace of our own properties."""
    return site(_path("catalog-id:terms")) + "#"


def page(code: str) -> str:
    """The page of an entry."""
    return site(_before("catalog:entry") + code + "/")
