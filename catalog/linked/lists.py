"""The code lists of the norm and our own vocabulary, as pages and as SKOS."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.linked import nodes, schemes
from catalog.linked.addresses import FORMS
from catalog.linked.writing import answer
from catalog.norm import VERSION, vocabularies
from catalog.norm.elements import ENTRY, GROUPS
from catalog.norm.equivalents import Match, equivalent
from catalog.norm.terms import terms_of
from catalog.norm.vocabularies import Value, Vocabulary

Listed = list[tuple[Value, Match | None]]


@dataclass(frozen=True)
class Said:
    """An element of the norm and the properties by which machines read it."""

    label: str
    group: str
    properties: tuple[str, ...]
    vocabulary: str
    list_label: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All code lists, and by which property each element of the norm is said."""
    lists = [vocabularies.vocabulary(name) for name in vocabularies.names()]
    said = [
        Said(
            element.label,
            GROUPS[element.group],
            tuple(dict.fromkeys(term.property for term in terms_of(element))),
            element.vocabulary,
            vocabularies.vocabulary(element.vocabulary).label if element.vocabulary else "",
        )
        for element in ENTRY
    ]
    context = {"lists": lists, "said": said, "norm": VERSION, "forms": FORMS}
    return render(request, "catalog/linked/lists.html", context)


@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One code list with the values that ended, and what each is the same as elsewhere."""
    listed = _found(name)
    values: Listed = [(value, equivalent(name, value.code)) for value in listed.values]
    matched = any(match for _value, match in values)
    context = {"listed": listed, "values": values, "matched": matched, "forms": FORMS}
    return render(request, "catalog/linked/list.html", context)


@require_safe
def one_linked(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The list as a SKOS concept scheme."""
    graph = nodes.Graph()
    schemes.code_list(graph, _found(name).name)
    return answer(request, graph, form)


@require_safe
def terms_linked(request: HttpRequest, form: str) -> HttpResponseBase:
    """Our own properties, described."""
    graph = nodes.Graph()
    schemes.own_vocabulary(graph)
    return answer(request, graph, form)


def _found(name: str) -> Vocabulary:
    if name not in vocabularies.names():
        raise Http404(name)
    return vocabularies.vocabulary(name)
