"""Who has the data may be in dispute: a need of which a body denied to be the source leads to 数源争议 (GOV19-16)."""

from __future__ import annotations

from procedures.models import Case

from catalog.disputes import subjects
from catalog.models import Demand, Inquiry

DENIED = Inquiry.Answer.DENIED


def is_denied(record: Demand) -> bool:
    """Whether a body that was asked has denied to have the data (one query)."""
    return Inquiry.objects.filter(demand=record.pk, answer=DENIED).exists()


def of_need(case: Case) -> subjects.Item:
    """What is needed, in words, and the bodies that denied to have it."""
    record = Demand.whole.get(case=case)
    rows = Inquiry.objects.filter(demand=record, answer=DENIED).select_related("body").order_by("pk")
    bodies = tuple({row.body_id: row.body for row in rows}.values())
    return subjects.Item(element=record.items[:100], bodies=bodies, source=case)


subjects.register("demand-matching", of_need)
