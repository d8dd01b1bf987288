"""校核: guards, limits, queries and pages of the procedure `catalog.procedures.correction`.

`marks` and `ways` are what the data centre shows beside data (`datacentre.marks`).
"""

from __future__ import annotations

from datacentre.marks import Mark
from datacentre.models import Grant, Holding
from django.urls import reverse


def marks(holding: Holding) -> list[Mark]:
    """The reviews that run on the data (one query)."""
    from catalog.corrections.queries import marks_of_holding

    return marks_of_holding(holding)


def ways(grant: Grant) -> list[tuple[str, str]]:
    """Where one who receives the data goes with a doubt about it."""
    return [("发现有误，申请校核", reverse("web:file", args=["correction-review", grant.case.number]))]
