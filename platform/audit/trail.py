"""Writing to the trail: `record` one event, `record_many` in bulk. Both join the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.actors import Actor

from audit.models import Event

#: Set by the request middleware and by every task, so that all events of one request can be found together.
request_id: ContextVar[str] = ContextVar("request_id", default="")


@dataclass(frozen=True)
class Entry:
    """What is to be recorded. `at` is aware; `before` and `after` hold only values that JSON has."""

    action: str  # grammar: source:verb, e.g. "sharing-request:grant"
    actor: Actor
    object_kind: str
    object_id: str
    at: datetime
    organisation: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    cites: tuple[str, ...] = ()


def record(entry: Entry) -> Event:
    """Add one event; an error here undoes the act itself."""
    event = _event(entry)
    event.save(force_insert=True)
    return event


def record_many(entries: Iterable[Entry]) -> None:
    """Add many events with few statements."""
    Event.objects.bulk_create([_event(entry) for entry in entries], batch_size=2000)


def _event(entry: Entry) -> Event:
    actor = entry.actor
    body = {
        "action": entry.action,
        "actor": {
            "name": actor.name,
            "account": actor.user.get_username() if actor.user else "",
            "via": actor.via,
        },
        "organisation": entry.organisation,
        "object": {"kind": entry.object_kind, "id": entry.object_id},
        "at": entry.at.isoformat(),
        "before": entry.before,
        "after": entry.after,
        "cites": list(entry.cites),
        "request_id": request_id.get(),
    }
    return Event(
        at=entry.at,
        action=entry.action,
        actor=actor.name,
        organisation=entry.organisation,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        request_id=request_id.get(),
        body=json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )
