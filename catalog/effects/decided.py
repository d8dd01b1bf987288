"""What follows in the catalogue from a matter that settled something: an update for the body that carries it out."""

from __future__ import annotations

from accounts.actors import SYSTEM
from accounts.models import Organisation
from procedures import registry
from procedures.context import Context
from procedures.filing import file
from procedures.models import Case

from catalog.models import CatalogueUpdate


def open_update(
    context: Context, provider: Organisation, *, reason: str, touched: tuple[str, ...] = (), source: str = ""
) -> Case:
    """A 目录更新 of the provider, as a child of the deciding case; it has no limit of its own (GOV19-14.1).

    `touched` are resource codes of the provider's published entries; `source` the document, else the case's number.
    """
    return file(
        registry.get("catalogue-update"),
        by=SYSTEM,
        at=context.at,
        step="note-by-rule",
        facts={
            "cause": CatalogueUpdate.Cause.DECISION,
            "source": f"{source}（{context.case.number}）" if source else context.case.number,
            "changed_on": context.at.date().isoformat(),
            "reason": reason[:2000],
            "touched": "、".join(touched),
        },
        subject=provider,
        parent=context.case,
    )
