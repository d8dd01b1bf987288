"""That an entry is to be looked at: a row in the transaction of what happened, and a nudge after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from datacentre.models import HoldingVersion
from django.db import transaction

from catalog.models import Entry, EntryQuality


def mark(entries: Iterable[Entry], at: datetime) -> None:
    """The entries were published anew, changed or withdrawn; called in the transaction that did it.

    A row that stands keeps its provider until the look: that is how the look learns which body an entry has left.
    """
    rows = [EntryQuality(entry_id=entry.pk, provider_id=entry.provider_id, next_look=at) for entry in entries]
    EntryQuality.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["next_look"],
    )
    transaction.on_commit(_nudge, robust=True)


def mark_again(entries: Collection[int], at: datetime) -> None:
    """Something that the rules look at has changed for these entries (keys)."""
    EntryQuality.objects.filter(entry__in=entries).update(next_look=at)
    transaction.on_commit(_nudge, robust=True)


def mark_loaded(version: HoldingVersion) -> None:
    """A listener of the data centre: the entry's data has a new version."""
    keys = list(Entry.objects.filter(holding=version.holding_id).values_list("pk", flat=True))
    mark_again(keys, version.loaded_at)


def _nudge() -> None:
    from catalog.tasks import look_at_quality

    look_at_quality.delay()
