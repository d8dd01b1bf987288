"""What is read of entries to describe them to machines: always through `Entry.objects.visible_to`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from datacentre.models import HoldingVersion
from django.db.models import F, OuterRef, QuerySet, Subquery

from catalog.models import Entry, EntryVersion
from catalog.norm.content import Content, without_controls
from catalog.norm.elements import ENTRY


@dataclass(frozen=True)
class Provider:
    code: str
    name: str
    website: str = ""


@dataclass(frozen=True)
class Described:
    """An entry, or one of its versions (`of_version`), as far as others may know it.

    `said` are the elements of the norm by name; `related` those of its related codes that the asker may see; `items`
    are (code, name, type), empty where they were not asked for. `data` is the number of the latest load of its data,
    None while nothing was loaded; `rights` what the data centre notes as its licence.
    """

    code: str
    said: Mapping[str, Any]
    provider: Provider
    status: str
    number: int
    issued: datetime | None
    modified: datetime
    related: Sequence[str] = ()
    items: Sequence[tuple[str, str, str]] = ()
    data: int | None = None
    rights: str = ""
    of_version: bool = False
    reason: str = ""


def seen(actor: Actor | None) -> QuerySet[Entry]:
    """What the asker may see, with all that a description needs of it. One query."""
    latest = HoldingVersion.objects.filter(holding=OuterRef("holding")).order_by("-number")
    return (
        Entry.objects.visible_to(actor)
        .select_related("provider", "holding")
        .annotate(
            data_number=Subquery(latest.values("number")[:1]),
            data_at=Subquery(latest.values("loaded_at")[:1]),
        )
    )


def described(entries: Sequence[Entry], actor: Actor | None, *, items: bool = False) -> list[Described]:
    """The entries of `seen`. One query for what they relate to, one for the items if asked for."""
    codes = {code for entry in entries for code in entry.related}
    known = (
        set(Entry.objects.visible_to(actor).filter(code__in=codes).values_list("code", flat=True))
        if codes
        else set()
    )
    return [
        Described(
            code=entry.code,
            said={element.name: getattr(entry, element.name) for element in ENTRY},
            provider=_provider(entry.provider),
            status=entry.status,
            number=entry.version,
            issued=entry.published_at,
            modified=max(entry.changed_at, entry.data_at) if entry.data_at else entry.changed_at,
            related=[code for code in entry.related if code in known and code != entry.code],
            items=[(i.code, i.name, i.type) for i in entry.items.all()] if items else (),
            data=entry.data_number,
            rights=without_controls(entry.holding.licence) if entry.holding else "",
        )
        for entry in entries
    ]


def one(code: str, actor: Actor | None) -> Described | None:
    """One entry with its items; None if there is none that the asker may see. At most three queries."""
    entry = seen(actor).filter(code=code).first()
    return described([entry], actor, items=True)[0] if entry else None


def of_version(code: str, number: int, actor: Actor | None) -> Described | None:
    """One version of an entry that the asker may see, as it was published. Two queries."""
    entry = Entry.objects.visible_to(actor).select_related("provider").filter(code=code).first()
    if entry is None:
        return None
    version = EntryVersion.objects.filter(entry=entry, number=number).first()
    if version is None:
        return None
    content, kept = Content.of(version.content), version.content["provider"]
    website = entry.provider.website if entry.provider.code == kept["code"] else ""
    return Described(
        code=code,
        said=content.entry,
        provider=Provider(kept["code"], without_controls(kept["name"]), website),
        status=version.content["status"],
        number=number,
        issued=version.at,
        modified=version.at,
        items=[(item["code"], item["name"], item["type"]) for item in content.items],
        of_version=True,
        reason=without_controls(version.reason),
    )


def publisher() -> Provider:
    """Who publishes the catalogue: the city data authority (REG22-22.2). One query."""
    found = (
        Organisation.objects.filter(duty=Organisation.Duty.CITY_AUTHORITY)
        .order_by(F("valid_to").desc(nulls_first=True))
        .first()
    )
    return _provider(found) if found else Provider("", "市数据主管部门")


def _provider(body: Organisation) -> Provider:
    """What an entry says was read against the norm; a body's name comes from elsewhere and may hold anything."""
    return Provider(body.code, without_controls(body.name), body.website)
