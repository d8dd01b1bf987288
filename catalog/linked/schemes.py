"""The code lists of the norm as SKOS concept schemes, and our own properties, each described at its address."""

from __future__ import annotations

from statutes.law import cite

from catalog.linked import addresses
from catalog.linked.nodes import Graph, Node, concept, match, scheme
from catalog.norm.equivalents import equivalent
from catalog.norm.terms import Range, own, own_terms
from catalog.norm.vocabularies import vocabulary


def code_list(graph: Graph, name: str) -> str:
    """One code list with all its values, those that ended too, and what they are the same as elsewhere."""
    listed = vocabulary(name)
    concepts = []
    for value in listed.values:
        node: Node = {"@id": concept(graph, name, value.code), "skos:notation": value.code}
        if value.also:
            node["skos:altLabel"] = [{"@value": text, "@language": "zh"} for text in value.also]
        if value.until:
            node["owl:deprecated"] = True
        if found := equivalent(name, value.code):
            node["skos:exactMatch" if found.relation == "exact" else "skos:broadMatch"] = match(graph, found)
        concepts.append(graph.add(node))
    return graph.add(
        {
            "@id": scheme(graph, name),
            "dct:description": f"目录编制规范的代码表。来源：{listed.source}。",
            "skos:hasTopConcept": concepts,
        }
    )


def own_vocabulary(graph: Graph) -> str:
    """The properties that are ours, each with the element of the norm that it says and its articles."""
    me = addresses.terms()
    graph.add(
        {
            "@id": me.rstrip("#"),
            "@type": "owl:Ontology",
            "dct:title": "渝数目录要素",
            "dct:description": "目录编制规范中没有对应国际通用属性的要素。",
        }
    )
    for element, term in own_terms():
        cited = "；".join(cite(text).short for text in element.cites)
        node: Node = {
            "@id": me + own(element),
            "@type": "rdf:Property",
            "rdfs:label": element.label,
            "rdfs:isDefinedBy": me.rstrip("#"),
            "rdfs:domain": "dcat:Dataset",
        }
        if cited:
            node["rdfs:comment"] = f"依据：{cited}"
        if term.range == Range.CONCEPT:
            node["rdfs:range"] = "skos:Concept"
        graph.add(node)
    return me
