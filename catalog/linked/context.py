"""The JSON-LD context: every document carries it whole, so that reading one fetches nothing else."""

from __future__ import annotations

from typing import Any

from catalog.linked import addresses
from catalog.norm.terms import Range, own_terms

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGE = "zh"
#: Properties whose values are words in Chinese.
_WORDS = (
    "dct:title", "dct:alternative", "dct:description", "dcat:keyword", "foaf:name", "skos:prefLabel", "rdfs:label",
    "rdfs:comment", "vcard:fn", "vcard:organization-unit", "adms:versionNotes",
)  # fmt: skip
#: Properties that lead to something with an address.
_LINKS = (
    "dct:publisher", "dct:type", "dct:accrualPeriodicity", "dct:accessRights", "dct:spatial", "dct:relation",
    "dct:language", "dct:format", "dct:rights", "dcat:theme", "dcat:contactPoint", "dcat:distribution",
    "dcat:landingPage", "dcat:accessURL", "dcat:accessService", "dcat:endpointURL", "dcat:endpointDescription",
    "dcat:servesDataset", "dcat:dataset", "dcat:service", "dcat:themeTaxonomy", "dcat:hasCurrentVersion",
    "dcat:isVersionOf", "foaf:homepage", "skos:inScheme", "skos:hasTopConcept", "skos:exactMatch", "skos:broadMatch",
    "vcard:hasTelephone", "hydra:view", "hydra:first", "hydra:next", "rdfs:isDefinedBy", "rdfs:domain", "rdfs:range",
    "yushu:item", "yushu:itemType",
)  # fmt: skip
_MOMENTS = ("dct:issued", "dct:modified")


def context() -> dict[str, Any]:
    made: dict[str, Any] = {**PREFIXES, "yushu": addresses.terms()}
    made |= {name: {"@id": name, "@language": LANGUAGE} for name in _WORDS}
    made |= {name: {"@id": name, "@type": "@id"} for name in _LINKS}
    made |= {name: {"@id": name, "@type": "xsd:dateTime"} for name in _MOMENTS}
    for _element, term in own_terms():
        if term.range == Range.TEXT:
            made[term.property] = {"@id": term.property, "@language": LANGUAGE}
        elif term.range == Range.CONCEPT:
            made[term.property] = {"@id": term.property, "@type": "@id"}
    return made
