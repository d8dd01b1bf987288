"""How each element of the norm is said in DCAT-AP 3: declared once, read by `catalog.linked`.

An element that has no property in DCAT-AP is said by one of our own vocabulary, named after it (`sharing_type`:
`yushu:sharingType`), so nothing that an entry says gets lost on the way. The vocabulary describes itself at its
address (`linked.vocabulary`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from catalog.norm.elements import ENTRY, Element, Kind


class Range(StrEnum):
    """What stands at the other end of a property."""

    TEXT = "text"  # words in Chinese
    PLAIN = "plain"  # a code or a number, in no language
    FLAG = "flag"  # true or false
    CONCEPT = "concept"  # a value of our own code list
    AUTHORITY = "authority"  # a value of an EU authority table where there is an equivalent, else our own
    BOTH = "both"  # ours, and the authority's where there is one
    PLACE = "place"  # a location with its name
    DATASET = "dataset"  # other entries by their codes
    CONTACT = "contact"  # part of the contact point


@dataclass(frozen=True)
class Term:
    """The property (prefix and name) by which an element is said, and what it leads to."""

    property: str
    range: Range


_SAID: Mapping[str, tuple[Term, ...]] = {
    "name": (Term("dct:title", Range.TEXT),),
    "summary": (Term("dct:description", Range.TEXT),),
    "resource_class": (Term("dct:type", Range.CONCEPT),),
    "subject": (Term("dcat:theme", Range.BOTH),),
    "keywords": (Term("dcat:keyword", Range.TEXT),),
    "update_cycle": (Term("dct:accrualPeriodicity", Range.AUTHORITY),),
    # Ours says more than the authority's three rights, so both are given.
    "opening_type": (Term("dct:accessRights", Range.AUTHORITY), Term("yushu:openingType", Range.CONCEPT)),
    "region": (Term("dct:spatial", Range.PLACE),),
    "related": (Term("dct:relation", Range.DATASET),),
    "division": (Term("dcat:contactPoint", Range.CONTACT),),
    "contact": (Term("dcat:contactPoint", Range.CONTACT),),
    "phone": (Term("dcat:contactPoint", Range.CONTACT),),
}
_RANGES = {
    Kind.CODE: Range.CONCEPT,
    Kind.CODES: Range.CONCEPT,
    Kind.FLAG: Range.FLAG,
    Kind.NUMBER: Range.PLAIN,
    Kind.TEXT: Range.TEXT,
    Kind.LONG: Range.TEXT,
    Kind.WORDS: Range.TEXT,
}


def own(element: Element) -> str:
    """The name of an element in our vocabulary: sharingType."""
    first, *rest = element.name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def terms_of(element: Element) -> tuple[Term, ...]:
    """By which properties an element is said; never none."""
    return _SAID.get(element.name) or (Term(f"yushu:{own(element)}", _RANGES[element.kind]),)


def own_terms() -> list[tuple[Element, Term]]:
    """The properties of our own vocabulary, with the elements that they say."""
    return [(e, term) for e in ENTRY for term in terms_of(e) if term.property.startswith("yushu:")]
