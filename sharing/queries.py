"""Reading sharing's own facts for the pages that everybody opens all day: each table once, by statements kept ready."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from audit.statements import Ready, keep
from django.db.models import Q, Subquery
from procedures.models import Case
from procedures.queries import visible_to

from catalog.models import Condition, EntryItem
from sharing.models import SharingRequest

_REQUEST = Ready(
    lambda case: (
        SharingRequest.objects.filter(case=case)
        .select_related("entry__provider", "function")
        .defer("entry__sharing_basis_text")
    )
)
_ITEMS = Ready(lambda entry: EntryItem.objects.filter(entry=entry).order_by("position", "id"))
_CONDITIONS = Ready(lambda entry: Condition.objects.filter(entry=entry).order_by("position", "id"))


def request_of(case: Case) -> SharingRequest:
    """The request with its function, its entry, the entry's provider, items and conditions (three queries).

    Raises SharingRequest.DoesNotExist for a case of another kind.
    """
    record: SharingRequest = _REQUEST.one(case.pk)
    record.case = case
    keep(record.entry, "items", _ITEMS(record.entry_id))
    keep(record.entry, "conditions", _CONDITIONS(record.entry_id))
    return record


#: So many of the newest answered requests for the same entry are looked through for those that the person may see.
LOOKED_AT = 300
SHOWN = 10
DECIDED = ("REFUSED", "GRANTED", "IN_USE", "SUSPENDED", "EXPIRED", "RELINQUISHED", "REVOKED")


@dataclass(frozen=True)
class Similar:
    """An answered request for the same data, as it helps whoever answers the next one."""

    case: Case
    outcome: str
    tone: str
    items: str
    reason: str


def similar(case: Case, actor: Actor) -> list[Similar]:
    """The newest answered requests for the same entry that the person may see (three queries, bounded)."""
    entry = SharingRequest.objects.filter(case=case).values_list("entry", flat=True)[:1]
    answered = ~Q(refused_reason="") | ~Q(granted_items=[])
    same = SharingRequest.objects.filter(answered, entry=Subquery(entry)).exclude(case=case)
    keys = list(same.order_by("-case").values_list("case", flat=True)[:LOOKED_AT])
    seen = visible_to(actor).filter(pk__in=keys, state__in=DECIDED).order_by("-pk")[:SHOWN]
    cases = {found.pk: found for found in seen}
    records = SharingRequest.objects.in_bulk(cases)
    return [_similar(found, records[key]) for key, found in cases.items()]


def _similar(case: Case, record: SharingRequest) -> Similar:
    if case.state == "REFUSED":
        return Similar(case, "不同意", "", "", record.refused_reason)
    part = set(record.granted_items) < set(record.items)
    return Similar(
        case,
        "部分同意" if part else "同意",
        "ok",
        f"{len(record.granted_items)} 项，共申请 {len(record.items)} 项",
        record.use_conditions,
    )
