"""A document's bytes, and the answer that carries them: the right form, no more often than it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date
from rdflib import Graph as RDF

from catalog.linked import addresses
from catalog.linked.addresses import FORMS
from catalog.linked.context import PREFIXES, context
from catalog.linked.nodes import Graph

#: Seconds that an answer to a visitor may be kept.
FRESH = 300
_RDFLIB = {"ttl": "turtle", "rdf": "xml"}


def said(graph: Graph) -> str:
    """What the document says, as JSON-LD; every form of it is made of this one text."""
    return json.dumps({"@context": context(), "@graph": graph.nodes}, ensure_ascii=False, sort_keys=True)


def rdf(told: str) -> RDF:
    """The same as triples: read from the JSON-LD, so the two cannot say different things."""
    made = RDF(bind_namespaces="none")
    for prefix, uri in {**PREFIXES, "yushu": addresses.terms()}.items():
        made.bind(prefix, uri)
    made.parse(data=told, format="json-ld")
    return made


def bytes_of(told: str, form: str) -> bytes:
    """The document in one of `FORMS`."""
    if form == "jsonld":
        return f"{told}\n".encode()
    return rdf(told).serialize(format=_RDFLIB[form], encoding="utf-8")


def answer(
    request: HttpRequest,
    graph: Graph,
    form: str,
    *,
    modified: datetime | None = None,
    links: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """The document, or 304 where the caller has it. `links` are Link headers by their relation.

    The tag is a digest of what the document says, so it changes whenever and only when that does. `modified` is given
    for one thing alone: of a list it would be the latest of what is left, and hide that something was withdrawn.
    """
    told = said(graph)
    tag = digest(f"{form}:{told}".encode())
    moment = int(modified.timestamp()) if modified else None
    response = get_conditional_response(request, etag=tag, last_modified=moment)
    if response is None:
        response = HttpResponse(bytes_of(told, form), content_type=f"{FORMS[form]}; charset=utf-8")
    return stamped(request, response, tag=tag, moment=moment, links=links)


def digest(said: bytes) -> str:
    """A strong tag made of what is said."""
    return f'"{hashlib.sha256(said).hexdigest()[:32]}"'


def stamped(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    tag: str = "",
    moment: int | None = None,
    links: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """The headers of an answer that may be kept: for visitors by anybody, for those signed in by nobody."""
    if tag:
        response["ETag"] = tag
    if moment is not None:
        response["Last-Modified"] = http_date(moment)
    if links:
        response["Link"] = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=FRESH)
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response


def wanted(request: HttpRequest) -> str:
    """Which form of a document the Accept header asks for before HTML; "" for the page."""
    media = request.get_preferred_type(["text/html", *FORMS.values()])
    return next((form for form, name in FORMS.items() if name == media), "")
