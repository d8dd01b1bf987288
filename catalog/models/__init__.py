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

__all__ = [
    "BasisKind",
    "BodyNumber",
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
