"""Reading what the platform says to machines, by packages that did not write it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyshacl
from pyld import jsonld
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, Namespace

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
SHAPES = Graph().parse(Path(__file__).parent / "dcat-ap.shapes.ttl")
FORMATS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
SITE = "http://localhost:8000"


def document(client: Any, path: str, **headers: str) -> Graph:
    """The triples of a document; its suffix says how it is written."""
    response = client.get(path, headers=headers)
    assert response.status_code == 200, (path, response.status_code)
    form = path.partition("?")[0].rpartition(".")[2]
    if form == "jsonld":
        return by_pyld(response.content)
    return Graph().parse(data=response.content, format=FORMATS[form])


def by_pyld(said: bytes) -> Graph:
    """JSON-LD as another processor than the writer's reads it."""
    quads = jsonld.to_rdf(json.loads(said), {"format": "application/n-quads"})
    return Graph().parse(data=quads, format="nt")


def problems(graph: Graph) -> str:
    """What the shapes object to; empty when nothing."""
    conforms, _report, text = pyshacl.validate(graph, shacl_graph=SHAPES)
    return "" if conforms else text


def codes(graph: Graph) -> set[str]:
    """The resource codes of the datasets in a graph."""
    return {str(graph.value(one, DCTERMS.identifier)) for one in graph.subjects(RDF.type, DCAT.Dataset)}


def iri(path: str) -> URIRef:
    return URIRef(SITE + path)


__all__ = [
    "DCAT",
    "DCTERMS",
    "RDF",
    "Literal",
    "by_pyld",
    "codes",
    "document",
    "iri",
    "isomorphic",
    "problems",
]
