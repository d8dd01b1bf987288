"""The sealer: takes events that are committed and not yet in the chain, links them, and closes a seal over them.

Off the write path, by one worker at a time. The danger is the order of commits: an event with a lower id may become
visible after one with a higher id was linked. So each row carries the number of its transaction, and only rows of
transactions older than every one still running are taken: nothing can be added below that line any more. The line is
kept in the seal as its horizon, and the next sealing begins there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from django.db import connection, transaction

from audit import book
from audit.chain import GENESIS, link_digest, seal_digest
from audit.copying import copy_rows
from audit.models import Seal

#: The lock that the one sealer holds; any constant that nothing else in this database uses.
_LOCK = 0x5EA1

_PENDING = """
SELECT e.id, e.txid, convert_to(e.body, 'UTF8')
FROM audit_event e
WHERE e.txid >= %(from)s
  AND (e.txid < %(running)s OR e.txid >= %(unborn)s)
  AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id)
ORDER BY e.txid, e.id
LIMIT %(limit)s
"""


def seal_all(at: datetime, *, limit: int = 50_000) -> list[Seal]:
    """Seal everything that can be sealed now, in runs of at most `limit`; then bring the seal book up to date.

    Empty when there is nothing to seal or another sealer is at work. Raises `book.Mismatch` when the book holds
    seals that the database does not have.
    """
    seals = list(_runs(at, limit))
    book.update()
    return seals


def _runs(at: datetime, limit: int) -> Iterator[Seal]:
    while (seal := _seal(at, limit)) is not None:
        yield seal
        if seal.count < limit:
            return


@transaction.atomic
def _seal(at: datetime, limit: int) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        running, unborn, cluster = _snapshot()
        previous = Seal.objects.order_by("-number").first()
        same = previous is not None and previous.cluster == cluster
        # In another database system (a dump restored, say) the old numbers mean nothing: look at everything once.
        # A row numbered beyond every transaction of this system was committed in that other one.
        cursor.execute(
            _PENDING,
            {
                "from": previous.horizon if previous and same else 0,
                "running": running,
                "unborn": unborn,
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    first = previous.last + 1 if previous else 1
    head = previous.head if previous else GENESIS
    links: list[tuple[str, str, str]] = []
    for position, (event_id, _txid, body) in zip(count(first), rows, strict=False):
        head = link_digest(head, position, event_id, bytes(body))
        links.append((str(position), str(event_id), head))
    copy_rows("audit_link", ("position", "event_id", "digest"), links)
    full = len(rows) == limit
    seal = Seal(
        number=previous.number + 1 if previous else 1,
        first=first,
        last=first + len(rows) - 1,
        count=len(rows),
        head=head,
        previous=previous.digest if previous else GENESIS,
        sealed_at=at,
        # A full run may have stopped inside a transaction: the next one begins with it again.
        horizon=min(rows[-1][1], running) if full else running,
        cluster=cluster,
    )
    seal.digest = seal_digest(seal.facts())
    seal.save(force_insert=True)
    return seal


def _snapshot() -> tuple[int, int, int]:
    """The oldest transaction still running, the next one to be born, and the identity of the database system."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,"
            " (SELECT system_identifier FROM pg_control_system()) FROM pg_current_snapshot() s"
        )
        running, unborn, cluster = cursor.fetchone()
    return running, unborn, cluster
