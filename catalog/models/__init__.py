from __future__ import annotations

from catalog.models.compiling import BodyNumber, Draft, Publication, SearchDocument
from catalog.models.databases import Database
from catalog.models.entries import (
    BasisKind,
    Condition,
    Entry,
    EntryItem,
    EntryVersion,
    OpeningType,
    SecurityLevel,
    SharingType,
)
from catalog.models.rounds import CatalogueList, CatalogueRound
from catalog.models.updates import CatalogueUpdate

__all__ = [
    "BasisKind",
    "BodyNumber",
    "CatalogueList",
    "CatalogueRound",
    "CatalogueUpdate",
    "Condition",
    "Database",
    "Draft",
    "Entry",
    "EntryItem",
    "EntryVersion",
    "OpeningType",
    "Publication",
    "SearchDocument",
    "SecurityLevel",
    "SharingType",
]
