"""Writing to the trail: `record` one event, `record_many` in bulk. Both join the caller's transaction.

An error here undoes the act itself: nothing catches it on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from json import JSONEncoder
from json.encoder import encode_basestring as quoted
from typing import Any

from accounts.actors import Actor
from clock import SHANGHAI
from django.db import connection

from audit.copying import copy_rows
from audit.models import Event

#: Set by the request middleware and for every task, so that all events of one request can be found together.
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: One encoder for all events; NaN is refused because JSON has no such value.
_json = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

COLUMNS = ("at", "action", "actor", "organisation", "object_kind", "object_id", "request_id", "body")
encode = _json
_INSERT = (
    f"INSERT INTO audit_event ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) RETURNING id"
)


class Encoded(str):
    """An object as JSON text, made by `encode`: for bulk writers that have the text and would only parse it."""


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
    after: Mapping[str, Any] | Encoded = field(default_factory=dict)
    cites: tuple[str, ...] = ()


@contextmanager
def under(request: str) -> Iterator[None]:
    """Everything recorded in the block carries this request id."""
    token = request_id.set(request)
    try:
        yield
    finally:
        request_id.reset(token)


def record(entry: Entry) -> Event:
    """Add one event."""
    values = _values(entry, request_id.get())
    # One statement by hand: saving a model object costs several times as much, and perform() does this every time.
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        (pk,) = cursor.fetchone()
    event = Event(pk, entry.at, *values[1:])
    event._state.adding, event._state.db = False, connection.alias
    return event


def record_many(entries: Iterable[Entry]) -> None:
    """Add any number of events with one COPY; the entries are read as they go, never held together."""
    request = request_id.get()
    copy_rows("audit_event", COLUMNS, (_values(entry, request) for entry in entries))


def head(
    at: str, action: str, organisation: str, object_kind: str, object_id: str, request: str, actor: str
) -> str:
    """How a body begins: everything that the row's columns repeat. The verifier compares the two by this."""
    return (
        f'{{"at":"{at}","action":{quoted(action)},"organisation":{quoted(organisation)}'
        f',"object":{{"kind":{quoted(object_kind)},"id":{quoted(object_id)}}}'
        f',"request_id":{quoted(request)},"actor":{{"name":{quoted(actor)}'
    )


def _values(entry: Entry, request: str) -> tuple[str, ...]:
    """The row in the order of COLUMNS."""
    actor = entry.actor
    at = entry.at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
    account = actor.user.get_username() if actor.user else ""
    begin = head(
        at, entry.action, entry.organisation, entry.object_kind, entry.object_id, request, actor.name
    )
    body = (
        f'{begin},"account":{quoted(account)},"via":{quoted(actor.via)}}}'
        f',"cites":{_json(list(entry.cites))},"before":{_json(dict(entry.before))}'
        f',"after":{entry.after if isinstance(entry.after, Encoded) else _json(dict(entry.after))}}}'
    )
    return (
        at,
        entry.action,
        actor.name,
        entry.organisation,
        entry.object_kind,
        entry.object_id,
        request,
        body,
    )
