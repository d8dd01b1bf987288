"""Reading sharing's own facts for the pages that everybody opens all day: each table once, by statements kept ready."""

from __future__ import annotations

from accounts.models import Function, Organisation
from procedures.models import Case
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


def _place(row: EntryItem | Condition) -> tuple[int, int]:
    return row.position, row.pk
