"""What a filing is about, found by the key that an address or an API call carries."""

from __future__ import annotations

from typing import Any

from datacentre.models import Grant
from procedures.models import Case

from catalog.models import Entry


def entry(key: str) -> Entry:
    """An entry by its resource code. One that was withdrawn was known to all; a guard refuses to ask for it."""
    return (
        Entry.objects.select_related("provider", "holding")
        .prefetch_related("items", "conditions")
        .get(code=key)
    )


def request_or_entry(key: str) -> Any:
    """What is objected to: a request by its number, or an entry by its code."""
    case = Case.objects.filter(number=key, kind="sharing-request").first()
    return case if case is not None else entry(key)


def grant(key: str) -> Grant:
    """A grant, named by its key or by the number of the request it came from."""
    grants = Grant.objects.select_related("holding__owner", "grantee", "case")
    return grants.get(pk=int(key)) if key.isdigit() else grants.get(case__number=key)
