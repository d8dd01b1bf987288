from __future__ import annotations

from catalog.models.compiling import BodyNumber, Draft, Publication
from catalog.models.contributions import Contribution
from catalog.models.corrections import Correction, QualityProblem
from catalog.models.databases import Database
from catalog.models.demands import Demand, DemandDraft, Inquiry, LikelyEntry
from catalog.models.disputes import AttributeSuggestion, Dispute
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
from catalog.models.finding import FacetValue, SearchDocument
from catalog.models.importing import ImportProblem, ImportRow, ImportRun
from catalog.models.projects import AuditFinding, LegacyStatus, LegacySystem, Project, ProjectItem
from catalog.models.quality import EntryQuality, HoldingScan, QualityChange, QualityMonth
from catalog.models.rounds import CatalogueList, CatalogueRound
from catalog.models.standards import Standard
from catalog.models.updates import CatalogueUpdate

__all__ = [
    "AttributeSuggestion",
    "AuditFinding",
    "BasisKind",
    "BodyNumber",
    "CatalogueList",
    "CatalogueRound",
    "CatalogueUpdate",
    "Condition",
    "Contribution",
    "Correction",
    "Database",
    "Dispute",
    "Demand",
    "DemandDraft",
    "Draft",
    "Entry",
    "EntryItem",
    "EntryQuality",
    "EntryVersion",
    "FacetValue",
    "HoldingScan",
    "ImportProblem",
    "ImportRow",
    "ImportRun",
    "Inquiry",
    "LegacyStatus",
    "LegacySystem",
    "LikelyEntry",
    "OpeningType",
    "Project",
    "ProjectItem",
    "Publication",
    "QualityChange",
    "QualityMonth",
    "QualityProblem",
    "SearchDocument",
    "SecurityLevel",
    "SharingType",
    "Standard",
]
