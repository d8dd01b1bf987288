"""Entries as nodes of a graph, in the JSON-LD terms of `linked.context`.

Nothing is made up: a distribution stands for a way in which the data can really be had, and leads to the page that
says how; there is none before data was loaded, and none for what is not shared. Every node has an address, so that
documents can be put together without two things becoming one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from statutes.enforcement import enforces

from catalog.linked import addresses
from catalog.linked.describing import Described, Provider
from catalog.models import Entry, SharingType
from catalog.norm.elements import ENTRY, Element
from catalog.norm.equivalents import AUTHORITY, Match, equivalent
from catalog.norm.terms import Range, Term, terms_of
from catalog.norm.vocabularies import label, vocabulary

Node = dict[str, Any]
Ways = Callable[[Described], Iterable[Node]]

#: What a concept is besides a concept, by the property that leads to it: DCAT-AP wants it said in the document.
_ALSO = {
    "dct:accrualPeriodicity": "dct:Frequency",
    "dct:accessRights": "dct:RightsStatement",
    "dct:format": "dct:MediaTypeOrExtent",
}
LANGUAGE = AUTHORITY + "language/ZHO"
#: The forms in which the data centre gives a file under a grant.
FILES = ("csv", "xlsx", "json")
#: What the instruments call the platform: REG22-21, GOV19-8, AOP25-28.
NAMES = ("公共数据资源管理平台", "城市大数据资源中心", "一体化智能化公共数据平台")
UNDER_GRANT = "政务部门、公共服务组织申请共享，经授权后取得。"

_ways: dict[str, Ways] = {}


def register_ways(name: str, ways: Ways) -> None:
    """Add ways in which data can be had (`dcat:Distribution` nodes); a second one of the same name replaces it."""
    _ways[name] = ways


class Graph:
    """The nodes of one document, each address once."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}

    def add(self, node: Node) -> str:
        """Put a node in, or join what is new of it to what is there; its address."""
        known = self._nodes.setdefault(node["@id"], {"@id": node["@id"]})
        for name, value in node.items():
            if name == "@type" and name in known:
                value = list(dict.fromkeys([*_list(known[name]), *_list(value)]))
            known[name] = value
        return node["@id"]

    @property
    def nodes(self) -> list[Node]:
        return list(self._nodes.values())


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def entry(graph: Graph, described: Described) -> str:
    """Put an entry (or a version of one) into the graph with all that it leads to; its identifier."""
    current = addresses.dataset(described.code)
    me = addresses.version(described.code, described.number) if described.of_version else current
    node: Node = {
        "@id": me,
        "@type": "dcat:Dataset",
        "dct:identifier": described.code,
        "dct:publisher": body(graph, described.provider),
        "dct:modified": described.modified.isoformat(),
        "dct:language": chinese(graph),
        "dcat:version": str(described.number),
        "dcat:landingPage": _page(graph, described),
    }
    if described.issued:
        node["dct:issued"] = described.issued.isoformat()
    if described.of_version:
        node |= {"dcat:isVersionOf": current, "adms:versionNotes": described.reason or "首次发布"}
    else:
        node["dcat:hasCurrentVersion"] = addresses.version(described.code, described.number)
    if described.status != Entry.Status.PUBLISHED:
        node["yushu:status"] = described.status
    for element in ENTRY:
        value = described.said.get(element.name, element.empty)
        if value in ("", [], None):
            continue
        for term in terms_of(element):
            _say(graph, node, described, element, term, value)
    if contact := _contact(graph, me, described):
        node["dcat:contactPoint"] = contact
    if described.items:
        node["yushu:item"] = [_item(graph, me, item) for item in described.items]
    if ways := [graph.add(way) for way in _distributions(graph, me, described)]:
        node["dcat:distribution"] = ways
    return graph.add(node)


def _say(graph: Graph, node: Node, described: Described, element: Element, term: Term, value: Any) -> None:
    match term.range:
        case Range.TEXT | Range.FLAG:
            node[term.property] = value
        case Range.PLAIN:
            node[term.property] = str(value)
        case Range.CONCEPT:
            node[term.property] = [concept(graph, element.vocabulary, code) for code in _list(value)]
        case Range.AUTHORITY:
            node[term.property] = _authority(graph, element.vocabulary, value, term.property)
        case Range.BOTH:
            found = equivalent(element.vocabulary, value)
            node[term.property] = [
                concept(graph, element.vocabulary, value),
                *([match(graph, found)] if found else []),
            ]
        case Range.PLACE:
            place = {"@id": f"{node['@id']}#place", "@type": "dct:Location", "skos:prefLabel": value}
            node[term.property] = graph.add(place)
        case Range.DATASET:
            if described.related:
                node[term.property] = [addresses.dataset(code) for code in described.related]
        case Range.CONTACT:
            pass  # `_contact` puts the parts together


def _authority(graph: Graph, name: str, code: str, prop: str) -> str:
    """The authority's value where there is one, else ours; typed as the property wants it."""
    found = equivalent(name, code)
    return match(graph, found, _ALSO[prop]) if found else concept(graph, name, code, _ALSO[prop])


def match(graph: Graph, found: Match, also: str = "") -> str:
    kinds = ["skos:Concept", also] if also else "skos:Concept"
    english = {"@value": found.label, "@language": "en"}
    return graph.add(
        {
            "@id": found.uri,
            "@type": kinds,
            "skos:prefLabel": english,
            "skos:inScheme": authority_table(graph, found.table),
        }
    )


def chinese(graph: Graph) -> str:
    name = {"@value": "Chinese", "@language": "en"}
    return graph.add({"@id": LANGUAGE, "@type": "dct:LinguisticSystem", "skos:prefLabel": name})


def authority_table(graph: Graph, uri: str) -> str:
    title = {"@value": uri.rpartition("/")[2], "@language": "en"}
    return graph.add({"@id": uri, "@type": "skos:ConceptScheme", "dct:title": title})


def scheme(graph: Graph, name: str) -> str:
    title = vocabulary(name).label
    return graph.add({"@id": addresses.scheme(name), "@type": "skos:ConceptScheme", "dct:title": title})


def concept(graph: Graph, name: str, code: str, also: str = "") -> str:
    """A value of one of our code lists, with its name."""
    return graph.add(
        {
            "@id": addresses.concept(name, code),
            "@type": ["skos:Concept", also] if also else "skos:Concept",
            "skos:prefLabel": label(name, code),
            "skos:inScheme": scheme(graph, name),
        }
    )


def body(graph: Graph, provider: Provider) -> str:
    node: Node = {
        "@id": addresses.body(provider.code) if provider.code else addresses.catalogue() + "#publisher",
        "@type": "foaf:Agent",
        "foaf:name": provider.name,
    }
    if provider.code:
        node["dct:identifier"] = provider.code
    if website := addresses.iri(provider.website):
        node["foaf:homepage"] = graph.add({"@id": website, "@type": "foaf:Document"})
    return graph.add(node)


def _page(graph: Graph, described: Described) -> str:
    page = addresses.page(described.code)
    if described.of_version:
        page += f"versions/{described.number}/"
    return graph.add({"@id": page, "@type": "foaf:Document"})


def _contact(graph: Graph, me: str, described: Described) -> str:
    """Who to ask: the body, its division and office, the telephone. No person is named."""
    said = described.said
    name = "，".join(part for part in (described.provider.name, said.get("contact", "")) if part)
    node: Node = {"@id": f"{me}#contact", "@type": ["vcard:Kind", "vcard:Organization"], "vcard:fn": name}
    if division := said.get("division", ""):
        node["vcard:organization-unit"] = division
    if digits := "".join(sign for sign in said.get("phone", "") if sign.isascii() and sign.isdigit()):
        node["vcard:hasTelephone"] = f"tel:{digits}"
    return graph.add(node)


def _item(graph: Graph, me: str, item: tuple[str, str, str]) -> str:
    code, name, kind = item
    node: Node = {
        "@id": f"{me}#item-{code}",
        "@type": "yushu:Item",
        "dct:title": name,
        "dct:identifier": code,
    }
    if kind:
        node["yushu:itemType"] = concept(graph, "item-type", kind)
    return graph.add(node)


def _distributions(graph: Graph, me: str, described: Described) -> list[Node]:
    found = [way for ways in _ways.values() for way in ways(described)]
    shared = described.said.get("sharing_type") != SharingType.NOT_SHARED
    if described.of_version or described.data is None or not shared:
        return found
    delivery = described.said.get("delivery", ())
    common: Node = {
        "@type": "dcat:Distribution",
        "dcat:accessURL": addresses.page(described.code),
        "dct:modified": described.modified.isoformat(),
        "dct:rights": graph.add(
            {
                "@id": f"{me}#rights",
                "@type": "dct:RightsStatement",
                "rdfs:label": UNDER_GRANT + (f"许可：{described.rights}" if described.rights else ""),
            }
        ),
    }
    if "file" in delivery:
        found += [
            common
            | {
                "@id": f"{me}#file-{form}",
                "dct:title": f"文件下载（{form.upper()}）",
                "dct:format": _authority(graph, "format", form, "dct:format"),
            }
            for form in FILES
        ]
    if "api" in delivery:
        found.append(
            common
            | {
                "@id": f"{me}#api",
                "dct:title": "接口调用",
                "dct:format": _authority(graph, "format", "json", "dct:format"),
                "dcat:accessService": service(graph),
            }
        )
    return found


@enforces("CAT-40", what="目录、汇聚、共享和开放在同一平台，法规中的三种叫法是它的别名")
def service(graph: Graph) -> str:
    """The one platform's interface, through which granted data is read; with the names that the instruments use."""
    return graph.add(
        {
            "@id": addresses.service(),
            "@type": "dcat:DataService",
            "dct:title": "渝数数据接口",
            "dct:alternative": list(NAMES),
            "dct:description": "凭授权按页读取、按条件查询和下载数据，说明见接口文档。",
            "dcat:endpointURL": addresses.site("/api/v1/"),
            "dcat:endpointDescription": addresses.site("/api/v1/schema/"),
        }
    )
