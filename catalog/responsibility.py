"""采集责任清单: what each body has to collect, at any version of the catalogue, and how it stands against it.

The list is the catalogue broken down by provider (GOV19-13.1), so it changes with every publication and cannot drift;
how a body stands is read from its holdings now (GOV19-13.2, GOV19-18).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from accounts.models import Organisation
from datacentre.models import HoldingVersion
from django.db.models import Count, Max, Q, QuerySet
from procedures.queries import WORKING
from statutes.enforcement import enforces

from catalog.freshness import Freshness, freshness
from catalog.models import Entry, EntryVersion, Publication
from catalog.publishing import is_authority
from catalog.versions import standing

#: How an entry stands: nothing loaded, items missing, past its cycle, kept, nothing measurable promised.
STATES = {"none": "未汇聚", "missing": "缺信息项", "late": "超过周期", "kept": "按期更新", "free": "已汇聚"}
#: The states in which the duty is done.
DONE = ("kept", "free")


@dataclass(frozen=True)
class Duty:
    """One line: an entry that the body has to collect and keep."""

    version: EntryVersion
    fresh: Freshness
    missing: list[str]
    rows: int | None

    @property
    def said(self) -> dict[str, object]:
        return self.version.content

    @property
    def state(self) -> str:
        return "missing" if self.missing and self.fresh.state != "none" else self.fresh.state

    @property
    def label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class ResponsibilityList:
    """A body's list at a version of the catalogue."""

    body: Organisation
    publication: Publication | None
    duties: list[Duty]

    @property
    def items(self) -> int:
        return sum(len(duty.version.content["items"]) for duty in self.duties)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        found = Counter(duty.state for duty in self.duties)
        return [(state, label, found[state]) for state, label in STATES.items() if found[state]]

    @property
    def done(self) -> int:
        return sum(duty.state in DONE for duty in self.duties)


def latest() -> Publication | None:
    return Publication.objects.order_by("-number").first()


@enforces("CAT-13", what="采集责任清单：按目录分解到单位，随目录版本更新，与汇聚情况对照")
@enforces("CAT-23", what="按目录汇聚：采集责任清单逐条列明未汇聚、缺信息项、超过周期的")
def list_of(body: Organisation, publication: Publication | None, at: datetime) -> ResponsibilityList:
    """The body's list at the publication, each line against what is loaded at `at`. Three queries."""
    if publication is None:
        return ResponsibilityList(body, None, [])
    versions = list(standing(publication.number, provider=body.code))
    loads = _loads([version.entry.holding_id for version in versions if version.entry.holding_id])
    return ResponsibilityList(
        body, publication, [_duty(version, loads.get(version.entry.holding_id), at) for version in versions]
    )


def _duty(version: EntryVersion, load: HoldingVersion | None, at: datetime) -> Duty:
    said = version.content
    held = set(load.items) if load is not None else set()
    missing = [item["name"] for item in said["items"] if item["code"] not in held]
    fresh = freshness(said.get("update_cycle", ""), load.loaded_at if load else None, at)
    return Duty(version, fresh, missing if load is not None else [], load.rows if load else None)


def _loads(holdings: list[int]) -> dict[int, HoldingVersion]:
    newest = HoldingVersion.objects.filter(holding__in=holdings).order_by("holding_id", "-number")
    return {load.holding_id: load for load in newest.distinct("holding_id")}


def visible_bodies(actor: Actor) -> QuerySet[Organisation]:
    """Whose lists a person may see: one's own body's, those of one's district or sector, all for the city authority."""
    provides = Organisation.objects.filter(
        Q(entries__isnull=False) | Q(catalogue_lists__isnull=False)
    ).distinct()
    working = [post.organisation for post in actor.posts if post.role in WORKING]
    if actor.is_system or is_authority(actor) or actor.holds("auditor"):
        return provides
    own = Q(pk__in=[body.pk for body in working]) | Q(parent__in=[body.pk for body in working])
    districts = [
        body.district_id
        for body in working
        if body.duty == Organisation.Duty.DISTRICT_AUTHORITY and body.district_id
    ]
    return provides.filter(own | Q(district__in=districts) if districts else own)


def may_see(actor: Actor) -> bool:
    """Whether somebody works at a body that compiles a catalogue, or reads for supervision; no query."""
    return actor.holds("auditor") or any(
        post.role in WORKING and post.organisation.compiles_a_catalogue for post in actor.posts
    )


def overview(actor: Actor) -> QuerySet[Organisation]:
    """The bodies with how many entries each has to collect and how many have data."""
    published = Q(entries__status=Entry.Status.PUBLISHED)
    return (
        visible_bodies(actor)
        .annotate(
            duties=Count("entries", filter=published, distinct=True),
            loaded=Count(
                "entries", filter=published & Q(entries__holding__versions__isnull=False), distinct=True
            ),
            last=Max("entries__holding__versions__loaded_at", filter=published),
        )
        .order_by("code")
    )
