"""The drafts of a case as its page lists them: counted, filtered, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from procedures.models import Case

from catalog.models import Draft

Stage, Finding = Draft.Stage, Draft.Finding
#: Rows of the case page; the whole list with its filters has a page of its own.
FEW = 20


@dataclass(frozen=True)
class Line:
    """One draft in one line."""

    draft: Draft
    kind: str
    sharing: str
    opening: str
    items: int
    basis: str
    problems: int
    remarks: list[str]

    @classmethod
    def of(cls, draft: Draft) -> Line:
        said = draft.content
        return cls(
            draft,
            draft.get_kind_display(),
            said.get("sharing_type") or "",
            said.get("opening_type") or "",
            len(said.get("items", ())),
            said.get("sharing_basis") or said.get("opening_basis") or "",
            len(draft.problems),
            [line.replace("｜", "：", 1) for line in draft.finding_reason.splitlines()],
        )


def of_case(case: Case) -> dict[str, Any]:
    """Counts by finding and kind, and the first few drafts. Two queries."""
    rows = Draft.objects.filter(case=case)
    grouped = rows.order_by().values("finding", "kind", "stage").annotate(n=Count("pk"))
    counts: list[dict[str, Any]] = [dict(row) for row in grouped]

    def count(**where: str) -> int:
        return sum(row["n"] for row in counts if all(row[name] == value for name, value in where.items()))

    few = rows.select_related("entry").order_by("-finding", "name", "pk")[:FEW]
    return {
        "drafts": [Line.of(draft) for draft in few],
        "total": sum(row["n"] for row in counts),
        "few": FEW,
        "kinds": [(str(label), n) for kind, label in Draft.Kind.choices if (n := count(kind=kind))],
        "left_out": count(finding=Finding.LEAVE_OUT),
        "returned": count(finding=Finding.RETURN),
    }
