"""The figures of a month by body: kept at every look, left alone when the month is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from clock import SHANGHAI
from django.db import connection
from django.db.models import Count, Q, Sum

from catalog.models import EntryQuality, QualityMonth

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
    """Write the bodies' figures of the month of `at`, in three statements; without entries left they are zeros."""
    keys = sorted(bodies)
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
    month = month_of(at)
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
