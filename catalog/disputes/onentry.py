"""What an entry's page says of disputes and suggestions, and where its reader may raise one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.authority import level_authority
from accounts.models import Role
from django.urls import reverse
from statutes.enforcement import enforces

from catalog.entrypage import Panel, Way
from catalog.models import AttributeSuggestion, Dispute, Entry
from catalog.models.entries import compiles


def of_bodies(actor: Actor | None) -> bool:
    """Those whom the note concerns: who works for a body that compiles a catalogue (default; not the public)."""
    return actor is not None and compiles(actor)


@enforces("OPN-08", "OPN-09", what="争议、修改建议办理期间，条目页向编制目录的单位说明，不写各方主张")
def running(entry: Entry, at: datetime) -> dict[str, Any] | None:
    """The matters that run on an entry, by number and what they are about; nothing of who says what. Two queries."""
    disputes = Dispute.objects.filter(entry=entry, case__closed_at=None)
    suggestions = AttributeSuggestion.objects.filter(entry=entry, case__closed_at=None)
    told = [
        (row.get_kind_display(), row.element or "整条", row.case)
        for row in disputes.select_related("case").order_by("pk")
    ]
    found = [row.case for row in suggestions.select_related("case").order_by("pk")]
    return {"disputes": told, "suggestions": found} if told or found else None


def dispute_way(entry: Entry, actor: Actor, at: datetime) -> Way | None:
    """For officers of bodies that may claim the data, and of the data authorities; not for the provider itself."""
    posts = [post for post in actor.posts if post.role == Role.OFFICER]
    others = [
        post.organisation
        for post in posts
        if post.organisation.compiles_a_catalogue and post.organisation_id != entry.provider_id
    ]
    if not others:
        return None
    return Way("对由谁提供、开放有争议", reverse("web:file", args=["body-dispute", entry.code]))


def suggestion_way(entry: Entry, actor: Actor, at: datetime) -> Way | None:
    """For officers of the data authority of the provider's level. Two queries at most, for those of an authority."""
    bodies = {
        post.organisation_id: post.organisation
        for post in actor.posts
        if post.role == Role.OFFICER and post.organisation.is_data_authority
    }
    bodies.pop(entry.provider_id, None)
    if not bodies or level_authority(entry.provider, at.date()).pk not in bodies:
        return None
    return Way("建议修改开放属性", reverse("web:file", args=["attribute-suggestion", entry.code]))


panel = Panel("catalog/panels/disputed.html", running, audience=of_bodies)
