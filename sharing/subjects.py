"""What a filing is about, found by the key that an address or an API call carries.

A person finds only what the person may see: for all others it does not exist.
"""

from __future__ import annotations

from accounts.actors import Actor
from datacentre.models import Grant
from procedures.models import Case
from procedures.queries import visible_to

from catalog.models import Entry


def entry(key: str, by: Actor | None = None) -> Entry:
    """A catalogue entry by its resource code.

    One that was withdrawn was known to all, so it is found for everybody; a guard says that it can no longer be asked
    for. Raises Entry.DoesNotExist.
    """
    return (
        Entry.objects.select_related("provider", "holding")
        .prefetch_related("items", "conditions")
        .get(code=key)
    )


def request_or_entry(key: str, by: Actor) -> Case | Entry:
    """What is objected to: a request that the person may see, by its number, or an entry by its code.

    Raises Entry.DoesNotExist.
    """
    case = visible_to(by).filter(number=key, kind="sharing-request").first()
    return case if case is not None else entry(key, by)


def grant(key: str, by: Actor) -> Grant:
    """A grant that the person may see, named by its key or by the number of the request it came from.

    Raises Grant.DoesNotExist.
    """
    grants = Grant.objects.visible_to(by).select_related("holding__owner", "grantee", "case")
    return grants.get(pk=int(key)) if key.isdigit() else grants.get(case__number=key)
