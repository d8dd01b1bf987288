"""Entries, versions, the catalogue and its code lists as documents for machines."""

from __future__ import annotations

from urllib.parse import urlencode

from accounts.actors import Actor, current
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.linked import addresses, describing, nodes
from catalog.linked.pace import at_a_pace
from catalog.linked.writing import answer
from catalog.models.entries import Sight
from catalog.norm.equivalents import AUTHORITY
from catalog.search import hits
from catalog.search.words import Question

#: Entries on a page of the catalogue.
PAGE = 100
LONGEST = 60
TITLE = "重庆市公共数据资源目录"


def _actor(request: HttpRequest) -> Actor | None:
    return current(request) if request.user.is_authenticated else None


@require_safe
@at_a_pace("entry-document")
def entry(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """One entry with its items."""
    found = describing.one(code, _actor(request))
    if found is None:
        raise Http404(code)
    graph = nodes.Graph()
    nodes.entry(graph, found)
    links = {"canonical": addresses.page(code), "describes": addresses.dataset(code)}
    return answer(request, graph, form, modified=found.modified, links=links)


@require_safe
@at_a_pace("entry-document")
def entry_version(request: HttpRequest, code: str, number: int, form: str) -> HttpResponseBase:
    """One version of an entry, as it was published."""
    found = describing.of_version(code, number, _actor(request))
    if found is None:
        raise Http404(code)
    graph = nodes.Graph()
    nodes.entry(graph, found)
    links = {"describes": addresses.version(code, number), "latest-version": addresses.dataset(code)}
    return answer(request, graph, form, modified=found.modified, links=links)


@require_safe
@at_a_pace("linked")
def catalogue(request: HttpRequest, form: str) -> HttpResponseBase:
    """The catalogue, a hundred entries a page by their codes; `after` is the code that the page before ended with.

    Writing a hundred entries as RDF takes half a second of a processor: nobody may take them all at once. A page costs
    the same wherever it lies, and entries that are published meanwhile move none from one to another.
    """
    actor = _actor(request)
    after = request.GET.get("after", "")[:LONGEST]
    found = describing.seen(actor)
    if after:
        found = found.filter(code__gt=after)
    entries = list(found.order_by("code")[: PAGE + 1])
    following = _page(form, entries[PAGE - 1].code) if len(entries) > PAGE else ""
    graph = nodes.Graph()
    datasets = [nodes.entry(graph, one) for one in describing.described(entries[:PAGE], actor)]
    _whole(graph, form, after, following, datasets, actor)
    links = {"first": _page(form), **({"next": following} if following else {})}
    # No moment: what is withdrawn leaves the page without making the rest any newer.
    return answer(request, graph, form, links=links)


def _page(form: str, after: str = "") -> str:
    address = addresses.site(reverse("catalog:linked", args=[form]))
    return f"{address}?{urlencode({'after': after})}" if after else address


def _whole(
    graph: nodes.Graph, form: str, after: str, following: str, datasets: list[str], actor: Actor | None
) -> None:
    me = addresses.catalogue()
    view: nodes.Node = {
        "@id": _page(form, after),
        # The second is what the class was called before; older harvesters turn pages by it alone.
        "@type": ["hydra:PartialCollectionView", "hydra:PagedCollection"],
        "hydra:first": _page(form),
    }
    if following:
        view["hydra:next"] = following
    graph.add(
        {
            "@id": me,
            "@type": ["dcat:Catalog", "hydra:Collection"],
            "dct:title": TITLE,
            "dct:description": "本市政务部门和公共服务组织的公共数据：有什么数据、由谁提供、以什么条件共享和开放。",
            "dct:publisher": nodes.body(graph, describing.publisher()),
            "dct:language": nodes.chinese(graph),
            "foaf:homepage": graph.add(
                {"@id": addresses.site(reverse("catalog:list")), "@type": "foaf:Document"}
            ),
            "dcat:themeTaxonomy": [
                nodes.authority_table(graph, AUTHORITY + "data-theme"),
                nodes.scheme(graph, "subject"),
            ],
            "dcat:service": nodes.service(graph),
            "dcat:dataset": datasets,
            "hydra:totalItems": hits.measure(Question(), Sight.of(actor)).count,
            "hydra:view": graph.add(view),
        }
    )
