"""Checking the trail where it lies: the chain, the seals, the seal book, and the columns against the bodies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from clock import SHANGHAI
from django.db import connection, transaction
from django.db.models import QuerySet

from audit import book
from audit.chain import Finding, Walk
from audit.copying import NULL, stream_rows, unescaped
from audit.models import Event, Seal
from audit.trail import head

#: How many seals are looked at together.
_BATCH = 2000
_NO_END = 2**63 - 1

_UNLINKED = """
SELECT e.id FROM audit_event e
WHERE e.txid >= %s AND e.txid < %s AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id)
ORDER BY e.id LIMIT 100
"""

_WAITING = """
SELECT count(*) FROM audit_event e
WHERE e.txid >= %s AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id)
"""

_ROWS = """
SELECT l.event_id, l.digest,
       e.at, e.action, e.organisation, e.object_kind, e.object_id, e.request_id, e.actor, e.body, l.position
FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id
WHERE l.position BETWEEN %s AND %s
ORDER BY l.position
"""


@dataclass(frozen=True)
class Report:
    """What was checked and what is wrong. `waiting` events are written and not yet sealed."""

    first: int
    last: int
    count: int
    seals: int
    newest: str  # the number and digest of the last seal checked, to compare with a copy kept elsewhere
    waiting: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings


def seals_between(start: datetime | None, end: datetime | None) -> QuerySet[Seal]:
    """The seals closed in [start, end); None leaves a side open."""
    seals = Seal.objects.order_by("number")
    if start is not None:
        seals = seals.filter(sealed_at__gte=start)
    if end is not None:
        seals = seals.filter(sealed_at__lt=end)
    return seals


def verify(start: datetime | None, end: datetime | None, *, kept: Path | None = None) -> Report:
    """Check what was sealed in [start, end) against the seals and against a seal book (ours, if `kept` is None).

    One snapshot of the database, read as a stream in constant memory.
    """
    where = kept or book.path()
    # The book is written after the commit: what it holds before our snapshot, the snapshot holds too.
    until = book.size(where)
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _Check(start, end).run(where, until)


class _Check:
    """One verification, seals in batches."""

    def __init__(self, start: datetime | None, end: datetime | None) -> None:
        self.seals = seals_between(start, end)
        self.newest = Seal.objects.order_by("-number").first()
        self.final = self.seals.last()
        self.to_the_end = end is None or self.final == self.newest
        opening = self.seals.first()
        self.before = Seal.objects.filter(number=opening.number - 1).first() if opening and start else None
        self.findings: list[Finding] = []
        self.rows = self.count = 0

    def run(self, where: Path, until: int) -> Report:
        before, seals = self.before, self.seals.iterator(chunk_size=_BATCH)
        while batch := list(islice(seals, _BATCH)):
            before = self._batch(batch, before, last=batch[-1] == self.final)
        first = self.before.last + 1 if self.before else 1
        if self.final is None and self.to_the_end:
            self._batch([], None, last=True)
        self.findings += book.compare(
            where,
            until,
            self.before.number + 1 if self.before else 1,
            None if self.to_the_end else self.final.number if self.final else 0,
        )
        return Report(
            first=first if self.final else 0,
            last=self.final.last if self.final else 0,
            count=self.rows,
            seals=self.count,
            newest=f"{self.final.number} {self.final.digest}" if self.final else "",
            waiting=self._waiting(),
            findings=tuple(sorted(self.findings)),
        )

    def _batch(self, seals: list[Seal], before: Seal | None, *, last: bool) -> Seal | None:
        walk = Walk([seal.facts() for seal in seals], before.facts() if before else None)
        begin = before.last + 1 if before else 1
        end = seals[-1].last if seals and not (last and self.to_the_end) else _NO_END
        _walk_rows(walk, begin, end)
        self._unlinked(seals, before, walk)
        self.findings += walk.findings()
        self.rows += walk.rows
        self.count += len(seals)
        return seals[-1] if seals else None

    def _unlinked(self, seals: list[Seal], before: Seal | None, walk: Walk) -> None:
        """Note events that a seal should have covered and no link names."""
        if not seals or seals[-1].cluster != self.newest.cluster:
            return  # numbered by another database system: what it left unsealed, the first sealing here took up
        begin = before.horizon if before and before.cluster == seals[-1].cluster else 0
        with connection.cursor() as cursor:
            cursor.execute(_UNLINKED, [begin, seals[-1].horizon])
            for (pk,) in cursor:
                walk.note(seals[-1].last, f"编号 {pk} 的事件不在链上，是封印之后塞入的")

    def _waiting(self) -> int:
        """How many events are written and not yet sealed."""
        begin = self.newest.horizon if self.newest else 0
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, [begin])
            return int(cursor.fetchone()[0])


#: How a body begins, over bytes: day, time, six digits, zone, and the other columns as they stand.
_HEAD = head("%bT%b.%b%b:00", *["%b"] * 6).encode()
_MARKS = _HEAD.count(b'"')


def _walk_rows(walk: Walk, first: int, last: int) -> None:
    step = walk.row
    doubtful: list[tuple[int, int]] = []

    def take(line: bytes) -> None:
        # Done for every event there is, so all in one go; the line's end goes with the number.
        event_id, digest, at, action, owner, kind, name, request, actor, body, position = line.split(b"\t")
        place, pk = int(position), int(event_id)
        if b"\\" in body:
            if body == NULL:
                step(place, pk, digest.decode(), None)
                return
            body = unescaped(body)
        step(place, pk, digest.decode(), body)
        # PostgreSQL writes 2026-11-21 09:30:00.5+08, the body 2026-11-21T09:30:00.500000+08:00.
        day, time, fraction, zone = at[:10], at[11:19], at[20:-3].ljust(6, b"0"), at[-3:]
        begins = _HEAD % (day, time, fraction, zone, action, owner, kind, name, request, actor)
        # The columns stand here without the quoting of JSON, so this settles only those without a quotation mark.
        if not body.startswith(begins) or begins.count(b'"') != _MARKS:
            doubtful.append((place, pk))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Shanghai'")
        stream_rows(_ROWS, [first, last], take)
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    _look_closely(walk, doubtful)


def _look_closely(walk: Walk, doubtful: list[tuple[int, int]]) -> None:
    """The few rows whose columns hold what JSON quotes are compared once more, quoted; those that differ are noted."""
    for start in range(0, len(doubtful), _BATCH):
        places = {pk: place for place, pk in doubtful[start : start + _BATCH]}
        for event in Event.objects.filter(pk__in=places):
            at = event.at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
            columns = event.action, event.organisation, event.object_kind, event.object_id
            if not event.body.startswith(head(at, *columns, event.request_id, event.actor)):
                walk.note(places[event.pk], f"编号 {event.pk} 的事件：检索栏与全文不符")
