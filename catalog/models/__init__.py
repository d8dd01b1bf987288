from __future__ import annotations

from catalog.models.entries import (
    BasisKind,
    Condition,
    Entry,
    EntryItem,
    EntryVersion,
    SecurityLevel,
    SharingType,
)

__all__ = [
    "BasisKind",
    "Condition",
    "Entry",
    "EntryItem",
    "EntryVersion",
    "SecurityLevel",
    "SharingType",
]
