"""Reading the trail. `visible_to` is the one rule who may: page, API and export all begin with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from accounts.actors import Actor
from accounts.models import Role
from clock import SHANGHAI
from django.db import connection
from django.db.models import Q, QuerySet
from statutes.law import UnknownArticle, cite

from audit import names
from audit.models import Event, Seal

#: How many events stand on a page, and how many of the same request beside an event.
PAGE = 50
NEIGHBOURS = 50

_VALUES = """
WITH RECURSIVE one AS (
    (SELECT {column} AS value FROM audit_event ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT {column} FROM audit_event WHERE {column} > one.value ORDER BY {column} LIMIT 1)
    FROM one WHERE one.value IS NOT NULL
)
SELECT value FROM one WHERE value <> '' LIMIT 500
"""


def may_audit(actor: Actor) -> bool:
    """Only who holds the post of audit administrator (三员分立): nobody else, not even the system administrator."""
    return actor.holds(Role.AUDITOR)


def visible_to(actor: Actor) -> QuerySet[Event]:
    """All events for an auditor, none for anybody else."""
    return Event.objects.all() if may_audit(actor) else Event.objects.none()


@dataclass(frozen=True)
class Search:
    """What is looked for; empty fields are not asked. Times are half-open: [since, until)."""

    since: datetime | None = None
    until: datetime | None = None
    action: str = ""
    actor: str = ""
    organisation: str = ""
    object_kind: str = ""
    object_id: str = ""
    request_id: str = ""

    def facts(self) -> dict[str, str]:
        """The fields that are asked, as the trail records the search."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asked.items()
            if value
        }


@dataclass(frozen=True)
class Page:
    """Newest first. `older` is the place to go on from, "" at the end."""

    events: list[Event]
    older: str


def search(actor: Actor, asked: Search, *, before: tuple[datetime, int] | None = None) -> Page:
    """One page in one query, from an index whatever is asked; `before` is the place where the last page ended."""
    found = visible_to(actor).order_by("-at", "-id")
    for name in ("action", "actor", "organisation", "object_kind", "object_id", "request_id"):
        if value := getattr(asked, name):
            found = found.filter(**{name: value})
    if asked.object_id and not asked.object_kind:
        # The index begins with the kind, and kinds are few: name them all rather than keep one more index.
        found = found.filter(object_kind__in=values("object_kind"))
    if asked.since is not None:
        found = found.filter(at__gte=asked.since)
    if asked.until is not None:
        found = found.filter(at__lt=asked.until)
    if before is not None:
        at, pk = before
        found = found.filter(Q(at__lt=at) | Q(id__lt=pk), at__lte=at)
    events = list(found[: PAGE + 1])
    older = place(events[PAGE - 1]) if len(events) > PAGE else ""
    return Page(events[:PAGE], older)


def place(event: Event) -> str:
    """Where a page ends, to be carried in an address."""
    return f"{round(event.at.timestamp() * 1_000_000)}_{event.pk}"


def placed(text: str) -> tuple[datetime, int] | None:
    """The place that an address carries; None when it carries none. Raises ValueError for one that is no place."""
    if not text:
        return None
    at, pk = text.split("_")
    return datetime.fromtimestamp(0, SHANGHAI) + timedelta(microseconds=int(at)), int(pk)


def values(column: str) -> list[str]:
    """The different values of a column that begins an index; hops along the index, so it is cheap over any number."""
    if column not in ("action", "object_kind", "organisation"):
        raise ValueError(f"no index begins with {column}")
    with connection.cursor() as cursor:
        cursor.execute(_VALUES.format(column=column))
        return [value for (value,) in cursor.fetchall()]


def neighbours(actor: Actor, event: Event) -> list[Event]:
    """The other events of the same request, oldest first, at most NEIGHBOURS."""
    if not event.request_id:
        return []
    same = visible_to(actor).filter(request_id=event.request_id).exclude(pk=event.pk)
    return list(same.order_by("id")[:NEIGHBOURS])


@dataclass(frozen=True)
class Change:
    """One fact of an act, before and after."""

    code: str
    before: str
    after: str

    @property
    def name(self) -> str:
        return names.fact_of(self.code)

    @property
    def differs(self) -> bool:
        return self.before != self.after


def changes(body: dict[str, Any]) -> list[Change]:
    """The facts before and after, by name; a value that is no text is shown as JSON."""
    before, after = body["before"], body["after"]
    return [Change(name, _shown(before, name), _shown(after, name)) for name in {**before, **after}]


def _shown(facts: dict[str, Any], name: str) -> str:
    if name not in facts:
        return ""
    value = facts[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Basis:
    """A place in the law that an act rested on; without an address when the register no longer knows it."""

    text: str
    url: str = ""


def bases(codes: list[str]) -> list[Basis]:
    """The cited places in full. An event outlives the register, so an unknown code stands as it was written."""
    found = []
    for code in codes:
        try:
            citation = cite(code)
            found.append(Basis(citation.text, citation.url))
        except UnknownArticle:
            found.append(Basis(code))
    return found


def last_check(actor: Actor) -> Event | None:
    """The newest verification of the trail, which the trail itself records."""
    return visible_to(actor).filter(action="audit:verify").order_by("-at", "-id").first()


def seals(actor: Actor, *, before: int | None = None) -> list[Seal]:
    """Seals, newest first, one more than a page when there are older ones."""
    if not may_audit(actor):
        return []
    found = Seal.objects.order_by("-number")
    return list((found.filter(number__lt=before) if before else found)[: PAGE + 1])
