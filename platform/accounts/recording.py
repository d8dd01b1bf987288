"""The one place where accounts reaches the trail.

The trail names its actors by `accounts.actors`, so accounts lies below it; only this module looks up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit.models import Event
from audit.trail import Entry, record

from accounts.actors import Actor
from accounts.models import Organisation


def recorded(
    action: str,
    *,
    by: Actor,
    at: datetime,
    kind: str,
    key: str,
    organisation: Organisation | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write one event about accounts, in the caller's transaction. Values are what JSON has."""
    record(
        Entry(
            action=action,
            actor=by,
            object_kind=kind,
            object_id=key,
            at=at,
            organisation=organisation.name if organisation else "",
            before=before or {},
            after=after or {},
            cites=(),
        )
    )


def recorded_of(kind: str, key: str, *, most: int = 200) -> list[Event]:
    """What the trail holds of one object, the newest first."""
    return list(Event.objects.filter(object_kind=kind, object_id=key).order_by("-at", "-pk")[:most])
