"""Reading sharing's own facts for the pages that everybody opens all day: each table once, by statements kept ready."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Function, Organisation
from django.db.models import Q, Subquery
from procedures.models import Case
from procedures.queries import visible_to
from web.queries.rows import keep, one, rows

from catalog.models import Condition, Entry, EntryItem
from sharing.models import SharingRequest


def request_of(case: Case) -> SharingRequest:
    """The request with its function, its entry, the entry's provider, items and conditions (six queries).

    Raises SharingRequest.DoesNotExist for a case of another kind.
    """
    record = one(SharingRequest, "case", case.pk)
    record.case = case
    record.entry = entry_of(record.entry_id)
    record.function = one(Function, "id", record.function_id, only=("code", "name", "organisation"))
    return record


def entry_of(key: int) -> Entry:
    """An entry with its provider, items and conditions (four queries). Raises Entry.DoesNotExist."""
    entry = one(Entry, "id", key, but=("search_text", "sharing_basis_text"))
    entry.provider = one(Organisation, "id", entry.provider_id)
    keep(entry, "items", sorted(rows(EntryItem, "entry", key), key=_place))
    keep(entry, "conditions", sorted(rows(Condition, "entry", key), key=_place))
    return entry


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


def _place(row: EntryItem | Condition) -> tuple[int, int]:
    return row.position, row.pk
