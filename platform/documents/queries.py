"""What is asked of papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.actors import Actor
from deadlines.models import Deadline
from django.db.models import Q, QuerySet

from documents import access
from documents.fixing import unchanged
from documents.models import Paper


def papers_of(case: Any) -> QuerySet[Paper]:
    """The papers of a case, newest first. Who may see the case may see them."""
    return Paper.objects.filter(case=case).select_related("issuer", "addressee").order_by("-issued_at", "-id")


def paper_for(actor: Actor, number: str) -> Paper | None:
    """The paper of that number, if the person may see its case (one query)."""
    visible = access.visible_cases(actor).values("pk")
    return Paper.objects.select_related("case").filter(number=number, case__in=visible).first()


def paper_by_code(code: str) -> Paper | None:
    """The paper with that verification code, for anybody who has the code (one query)."""
    return Paper.objects.select_related("case").filter(code=code).first()


def paper_by_digest(digest: str) -> Paper | None:
    """The paper whose text, or one of whose files as handed out, has this SM3 (one query)."""
    either = Q(sm3=digest) | Q(pk__in=Paper.objects.filter(renditions__sm3=digest).values("pk"))
    return Paper.objects.select_related("case").filter(either).first()


def limits_met_by(paper: Paper) -> QuerySet[Deadline]:
    """The limits of the issuer that the paper's act met: closed at its very moment. They no longer move."""
    met = Deadline.objects.filter(
        case=paper.case_id, outcome=Deadline.Outcome.MET, closed_at=paper.issued_at
    ).filter(Q(owed_by=paper.issuer_id) | Q(owed_by__isnull=True))
    return met.select_related("term").order_by("due_at", "id")


def differing() -> Iterator[Paper]:
    """The papers that no longer say what they said when they were issued; reads them all, block by block."""
    for paper in Paper.objects.order_by("id").iterator(chunk_size=500):
        if not unchanged(paper):
            yield paper
