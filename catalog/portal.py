"""What the catalogue gives to the public home page. Five queries, whatever its size."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from web.portal import Catalogue, Recent, Subject

from catalog.models import Entry, EntryItem, SharingType
from catalog.norm.vocabularies import label

UNCONDITIONAL = Q(sharing_type=SharingType.UNCONDITIONAL)
CONDITIONAL = Q(sharing_type=SharingType.CONDITIONAL)


def summary(at: datetime) -> Catalogue:
    """The published catalogue in figures."""
    published = Entry.objects.visible_to(None)
    address = reverse("catalog:list")
    totals = published.aggregate(
        entries=Count("pk"),
        providers=Count("provider", distinct=True),
        unconditional=Count("pk", filter=UNCONDITIONAL),
        conditional=Count("pk", filter=CONDITIONAL),
    )
    return Catalogue(
        href=address,
        items=EntryItem.objects.filter(entry__in=published).count(),
        subjects=_subjects(published, address),
        recent=[
            Recent(
                e.name, reverse("catalog:entry", args=[e.code]), e.provider.short_name, e.cycle_words,
                e.changed_at, e.sharing_type,
            )
            for e in published.select_related("provider").order_by("-changed_at", "code")[:6]
        ],
        districts=dict(
            published.exclude(provider__district=None)
            .order_by()
            .values_list("provider__district__code")
            .annotate(n=Count("pk"))
        ),
        **totals,
    )  # fmt: skip


def _subjects(published: object, address: str) -> list[Subject]:
    rows = (
        published.exclude(subject="")
        .order_by()
        .values("subject")
        .annotate(
            n=Count("pk"),
            unconditional=Count("pk", filter=UNCONDITIONAL),
            conditional=Count("pk", filter=CONDITIONAL),
        )
        .order_by("-n", "subject")[:12]
    )
    return [
        Subject(
            label("subject", row["subject"]),
            f"{address}?{urlencode({'subject': row['subject']})}",
            row["n"],
            row["unconditional"],
            row["conditional"],
        )
        for row in rows
    ]
