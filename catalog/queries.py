"""Reading entries: with their data's latest load, and who may ask for it. Finding them is `catalog.search`."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Organisation
from datacentre.models import HoldingVersion
from django.db.models import OuterRef, QuerySet, Subquery

from catalog.models import Entry, SharingType


def with_latest(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with provider, and with number, rows and time of the latest load of their data."""
    latest = HoldingVersion.objects.filter(holding=OuterRef("holding")).order_by("-number")
    return entries.select_related("provider").annotate(
        data_rows=Subquery(latest.values("rows")[:1]), data_at=Subquery(latest.values("loaded_at")[:1])
    )


def may_apply(entry: Entry, actor: Actor | None) -> bool:
    """Whether the actor's body may ask for the data: published, shareable, another body's, and no enterprise."""
    if (
        actor is None
        or entry.status != Entry.Status.PUBLISHED
        or entry.sharing_type == SharingType.NOT_SHARED
    ):
        return False
    outside = (Organisation.Kind.ENTERPRISE, Organisation.Kind.REGISTRY, Organisation.Kind.ASSOCIATION)
    return any(
        post.role == "officer"
        and post.organisation_id != entry.provider_id
        and post.organisation.kind not in outside
        for post in actor.posts
    )
