"""The figures of a month by body: kept at every look, left alone when the month is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from clock import SHANGHAI
from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from catalog.models import EntryQuality, QualityMonth

#: One writing of months at a time.
_LOCK = 0xCA7A30
_RULES = """
SELECT provider_id, rule, sum(fails), count(*)
FROM (
    SELECT provider_id, unnest(failing) AS rule, 1 AS fails FROM catalog_entryquality WHERE provider_id = ANY(%s)
    UNION ALL
    SELECT provider_id, unnest(met), 0 FROM catalog_entryquality WHERE provider_id = ANY(%s)
) AS said
GROUP BY provider_id, rule
"""


def month_of(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date().replace(day=1)


def keep(bodies: Collection[int], at: datetime) -> None:
    """Write the bodies' figures of the month of `at`; without entries left they are zeros.

    The first of a month writes those of every body, so that no ranking is of a few. One at a time: what is written
    last was summed last.
    """
    month = month_of(at)
    with transaction.atomic():
        _one_at_a_time()
        if not QualityMonth.objects.filter(month=month).exists():
            bodies = set(bodies) | _with_entries()
        _write(sorted(bodies), month, at)


def keep_all(at: datetime) -> None:
    """Write the figures of every body that has entries, or had some this month: what a look left out is made good."""
    known = QualityMonth.objects.filter(month=month_of(at)).values_list("body", flat=True)
    keep(_with_entries() | set(known), at)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _with_entries() -> set[int]:
    return set(EntryQuality.objects.order_by().values_list("provider", flat=True).distinct())


def _write(keys: list[int], month: date, at: datetime) -> None:
    """Three statements, however many bodies."""
    looked = EntryQuality.objects.filter(provider__in=keys).exclude(looked_at=None)
    sums = {
        row["provider"]: row
        for row in looked.order_by()
        .values("provider")
        .annotate(entries=Count("pk"), flawless=Count("pk", filter=Q(failing=[])), marks=Sum("mark"))
    }
    rules: dict[int, dict[str, list[int]]] = {key: {} for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(_RULES, [keys, keys])
        for body, rule, failing, applies in cursor.fetchall():
            rules[body][rule] = [int(failing), int(applies)]
    QualityMonth.objects.bulk_create(
        [
            QualityMonth(
                body_id=key,
                month=month,
                as_of=at,
                entries=sums.get(key, {}).get("entries", 0),
                flawless=sums.get(key, {}).get("flawless", 0),
                marks=sums.get(key, {}).get("marks", 0),
                rules=rules[key],
            )
            for key in keys
        ],
        update_conflicts=True,
        unique_fields=["body", "month"],
        update_fields=["as_of", "entries", "flawless", "marks", "rules"],
    )
