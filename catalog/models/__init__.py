from __future__ import annotations

from catalog.models.compiling import BodyNumber, Draft, Publication, SearchDocument
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
