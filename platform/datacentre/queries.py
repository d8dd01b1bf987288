"""Reading about holdings and grants: is the data there, who uses it, how much and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clock import SHANGHAI
from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate

from datacentre.models import Grant, Holding, HoldingVersion, Read, UseRecord

#: A grant under which data was read is reminded of its record of use after so many days without one (default, no law).
USE_RECORD_DAYS = 30
#: Days in the strip of reads.
STRIP_DAYS = 30


def ready(holding: Holding, items: Sequence[str]) -> bool:
    """Whether the holding's latest version has every one of the items: it meets a grant on them."""
    latest = holding.latest()
    return latest is not None and set(items) <= set(latest.items)


def holdings(base: QuerySet[Holding]) -> QuerySet[Holding]:
    """Holdings with their latest version's number, time and rows, and how many grants are open; one query."""
    latest = HoldingVersion.objects.filter(holding=OuterRef("pk")).order_by("-number")
    return (
        base.select_related("owner")
        .annotate(
            latest_number=Subquery(latest.values("number")[:1]),
            latest_at=Subquery(latest.values("loaded_at")[:1]),
            latest_rows=Subquery(latest.values("rows")[:1]),
            open_grants=Count("grants", filter=Q(grants__status=Grant.Status.OPEN), distinct=True),
        )
        .order_by("code")
    )


def grants(base: QuerySet[Grant]) -> QuerySet[Grant]:
    """Grants with how often, how much and when they were last read; those in force first. One query."""
    return (
        base.select_related("holding__owner", "grantee", "case")
        .annotate(
            read_count=Count("reads"), read_rows=Sum("reads__rows", default=0), last_read=Max("reads__at")
        )
        .order_by(F("ended_at").asc(nulls_first=True), "last_day", "pk")
    )


def with_items(base: QuerySet[Grant]) -> QuerySet[Grant]:
    """Grants with their holdings' items at hand."""
    return base.prefetch_related(Prefetch("holding__items"))


@dataclass(frozen=True)
class Day:
    day: date
    reads: int
    rows: int


def reads_by_day(reads: QuerySet[Read], *, until: date, days: int = STRIP_DAYS) -> list[Day]:
    """One entry a day for the days up to and with `until`, also for days without a read. One query."""
    first = until - timedelta(days=days - 1)
    start = datetime.combine(first, datetime.min.time(), SHANGHAI)
    counted = {
        row["day"]: row
        for row in reads.filter(at__gte=start)
        .annotate(day=TruncDate("at", tzinfo=SHANGHAI))
        .values("day")
        .annotate(number=Count("pk"), total=Sum("rows", default=0))
    }
    span = [first + timedelta(days=i) for i in range(days)]
    return [
        Day(day, counted[day]["number"], counted[day]["total"]) if day in counted else Day(day, 0, 0)
        for day in span
    ]


def owes_use_record(grant: Grant, at: datetime) -> datetime | None:
    """The first read not yet covered by a record of use, when it is older than the reminder allows; else None."""
    last = UseRecord.objects.filter(grant=grant).aggregate(at=Max("at"))["at"]
    reads = grant.reads.filter(at__gt=last) if last else grant.reads.all()
    first = reads.order_by("at").values_list("at", flat=True).first()
    return first if first and at - first >= timedelta(days=USE_RECORD_DAYS) else None
