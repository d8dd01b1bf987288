"""Reading disputes and suggestions: those that somebody may see, with who takes part."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from django.db.models import F, QuerySet
from procedures import registry
from procedures.models import Party
from procedures.queries import visible_to

from catalog.disputes import attributes
from catalog.disputes.relations import CODES
from catalog.models import AttributeSuggestion, Dispute

#: As many of each as the page shows, those that run first.
SHOWN = 100


@dataclass(frozen=True)
class DisputeLine:
    record: Dispute
    parties: str
    state: str

    @property
    def running(self) -> bool:
        return self.record.case.closed_at is None


@dataclass(frozen=True)
class SuggestionLine:
    record: AttributeSuggestion
    present: str
    suggested: str
    state: str

    @property
    def running(self) -> bool:
        return self.record.case.closed_at is None


def _open_first(rows: QuerySet) -> QuerySet:
    return rows.order_by(F("case__closed_at").desc(nulls_first=True), "-case_id")[:SHOWN]


def disputes(actor: Actor) -> list[DisputeLine]:
    """Two queries."""
    states = registry.get("body-dispute").states
    rows = list(
        _open_first(Dispute.whole.filter(case__in=visible_to(actor)).select_related("body", "raised_by"))
    )
    names: dict[int, list[str]] = {}
    parties = Party.objects.filter(case__in=[row.case_id for row in rows], relation__in=CODES)
    for case, name in parties.order_by("id").values_list("case", "organisation__short_name"):
        names.setdefault(case, []).append(name)
    return [
        DisputeLine(row, "、".join(names.get(row.case_id, ())), states[row.case.state].label) for row in rows
    ]


def suggestions(actor: Actor) -> list[SuggestionLine]:
    """One query."""
    states = registry.get("attribute-suggestion").states
    rows = _open_first(AttributeSuggestion.whole.filter(case__in=visible_to(actor)))
    return [
        SuggestionLine(
            row,
            attributes.label(row.present),
            attributes.change(row.present, row.settled or row.suggested),
            states[row.case.state].label,
        )
        for row in rows
    ]
