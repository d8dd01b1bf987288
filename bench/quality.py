"""Looking at the quality of 10,000 published entries, against reading the same entries and writing a row for each.

First everything is new: each entry gets its row, and its failures their history. Then nothing has changed.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import clock
from accounts.actors import SYSTEM
from accounts.models import Organisation
from django.db import transaction

from bench.importing import said
from catalog.models import Entry, EntryQuality
from catalog.norm.content import read
from catalog.publishing import Change, content_of, publish
from catalog.quality import keeping

ENTRIES = 10_000
BODIES = 20
LIMIT = 3.0


def shelf() -> None:
    at = clock.now()
    bodies = [
        Organisation.objects.create(
            code=f"bench-{n}", name=f"测量单位{n}", short_name=f"测量{n}", kind="city-department"
        )
        for n in range(BODIES)
    ]
    changes = [
        Change(bodies[n % BODIES], read(said(n), on=at.date())[0], code=f"B-{n}") for n in range(ENTRIES)
    ]
    for first in range(0, ENTRIES, 2000):
        publish(changes[first : first + 2000], reason="测量", at=at, by=SYSTEM)


def floor() -> None:
    """Read every entry with its items and conditions, in the same batches, and write a row of JSON for each."""
    keys = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), keeping.BATCH):
        part = keys[first : first + keeping.BATCH]
        entries = (
            Entry.objects.filter(pk__in=part)
            .select_related("provider")
            .prefetch_related("items", "conditions")
        )
        contents = {entry.pk: content_of(entry).as_json() for entry in entries}
        with transaction.atomic():
            rows = list(EntryQuality.objects.select_for_update().filter(pk__in=part))
            for row in rows:
                row.results = contents[row.pk]
            EntryQuality.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["entry"], update_fields=["results"]
            )


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    shelf()
    at = clock.now()
    base = seconds(floor)
    EntryQuality.objects.update(results={})
    first = seconds(lambda: keeping.look(at))
    assert not EntryQuality.objects.filter(looked_at=None).exists()
    EntryQuality.objects.update(next_look=at)
    again = seconds(lambda: keeping.look(at))
    print(
        f"检查 {ENTRIES:,} 个条目的质量：第一次 {first:.1f} 秒，结果不变时 {again:.1f} 秒；"
        f"读出同样的条目、每条写一行 {base:.1f} 秒；比 {first / base:.2f}（上限 {LIMIT:.0f}）"
    )


if __name__ == "__main__":
    main()
