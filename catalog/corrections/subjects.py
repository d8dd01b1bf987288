"""What a review is about: an entry, named by its code, its data's code, or a grant of its data."""

from __future__ import annotations

from accounts.actors import Actor
from django.db.models import Q

from catalog.models import Entry


def entry(key: str, by: Actor | None = None) -> Entry:
    """The entry. `Entry.DoesNotExist` for a key that names none."""
    rows = Entry.objects.select_related("provider", "holding").prefetch_related("items")
    if (found := rows.filter(code=key).first()) is not None:
        return found
    by_data = Q(holding__code=key) | Q(holding__grants__case__number=key)
    found = rows.filter(by_data).order_by("status", "pk").distinct().first()
    if found is None:
        raise Entry.DoesNotExist(key)
    return found
