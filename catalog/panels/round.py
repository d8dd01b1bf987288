"""The parts of a round's page: what is compiled, and how each body's list stands."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Q
from procedures import registry
from procedures.declare import Panel
from procedures.models import Case

from catalog.models import CatalogueRound, Draft

_ORDER = ("COMPILING", "MERGING", "CITY_REVIEW", "ADOPTED", "NOT_SUBMITTED", "CLOSED")


def round_context(case: Case) -> dict[str, Any]:
    """The round with its lists. Three queries."""
    record = CatalogueRound.objects.select_related("publication").get(case=case)
    record.case = case
    states = registry.get("catalogue-list").states
    lists = list(
        record.lists.select_related("case", "body__district")
        .annotate(
            entries=Count("case__drafts_taken"),
            adopted=Count(
                "case__drafts_taken",
                filter=Q(case__drafts_taken__stage__in=(Draft.Stage.ADOPTED, Draft.Stage.PUBLISHED)),
            ),
        )
        .order_by("body__code")
    )
    counts = Counter(one.case.state for one in lists)
    return {
        "record": record,
        "facts": [
            ("目录", record.get_kind_display()),
            ("编制规范", record.norm),
            ("规范要素", f"{len(record.elements)} 项：{'、'.join(record.elements[:8])}等"),
            ("报送截止日", record.compile_by),
            ("编制要求", record.requirements),
            ("截止时未提交", "、".join(record.closed.get("missing", []))),
            ("目录版本", str(record.publication) if record.publication else ""),
        ],
        "lists": [(one, states[one.case.state]) for one in lists],
        "counts": [(states[code].label, counts[code]) for code in _ORDER if counts[code]],
    }


def kind_context(subject: str) -> dict[str, Any]:
    """What stands of this catalogue before a round begins."""
    last = (
        CatalogueRound.objects.filter(kind=subject, publication__isnull=False)
        .select_related("publication", "case")
        .order_by("-publication__number")
        .first()
    )
    return {"kind": CatalogueRound.Kind(subject).label, "last": last}


round_panel = Panel("catalog/panels/round.html", round_context, "各单位目录清单")
kind_panel = Panel("catalog/panels/kind.html", kind_context, "所编制的目录")
