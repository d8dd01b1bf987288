"""The catalogue's part of the public home page: its figures, subjects, newest entries and districts."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from web.portal import Catalogue, Recent, Subject

from catalog.models import Entry, EntryItem, SharingType

RECENT = 7
SUBJECTS = 12
EXAMPLES = 3

_FREE = Count("id", filter=Q(sharing_type=SharingType.UNCONDITIONAL))
_TERMS = Count("id", filter=Q(sharing_type=SharingType.CONDITIONAL))


def summary(at: datetime) -> Catalogue:
    """The published catalogue in figures (six queries)."""
    published = Entry.objects.published()
    href = reverse("catalog:list")
    totals = published.aggregate(
        entries=Count("id"),
        providers=Count("provider", distinct=True),
        unconditional=_FREE,
        conditional=_TERMS,
    )
    return Catalogue(
        href=href,
        items=EntryItem.objects.filter(entry__in=published).count(),
        subjects=_subjects(href),
        recent=_recent(),
        districts=dict(
            published.exclude(provider__district=None)
            .values_list("provider__district__code")
            .annotate(Count("id"))
            .order_by()
        ),
        **totals,
    )


def _subjects(href: str) -> list[Subject]:
    """The subjects with most entries, each with the names of its newest ones (two queries)."""
    published = Entry.objects.published().exclude(subject="")
    rows = list(
        published.values("subject")
        .annotate(count=Count("id"), free=_FREE, terms=_TERMS)
        .order_by("-count", "subject")[:SUBJECTS]
    )
    newest = Window(
        RowNumber(), partition_by=F("subject"), order_by=[F("published_at").desc(), F("id").desc()]
    )
    names: dict[str, list[str]] = {}
    for subject, name in (
        published.annotate(place=newest)
        .filter(place__lte=EXAMPLES)
        .order_by("place")
        .values_list("subject", "name")
    ):
        names.setdefault(subject, []).append(name)
    return [
        Subject(
            name=row["subject"],
            href=f"{href}?{urlencode({'subject': row['subject']})}",
            count=row["count"],
            unconditional=row["free"],
            conditional=row["terms"],
            examples="、".join(names.get(row["subject"], ())),
        )
        for row in rows
    ]


def _recent() -> list[Recent]:
    newest = Entry.objects.published().select_related("provider").order_by("-published_at", "-id")[:RECENT]
    return [
        Recent(
            name=entry.name,
            href=entry.get_absolute_url(),
            provider=entry.provider.short_name,
            cycle=entry.update_cycle,
            at=entry.published_at,
            level=entry.sharing_type,
        )
        for entry in newest
    ]
