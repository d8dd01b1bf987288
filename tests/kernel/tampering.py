"""What somebody with the keys of the database could do to the trail, for tests that must find it out."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actors import SYSTEM
from audit import trail
from audit.sealing import seal_all
from audit.trail import Entry
from clock import SHANGHAI
from django.db import connection, transaction

AT = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


def entry(number: int = 1, **changes: object) -> Entry:
    """An event of a case; each number another object and another minute."""
    facts = {
        "action": "sharing-request:grant",
        "actor": SYSTEM,
        "object_kind": "case",
        "object_id": f"GX2026-{number:06}",
        "at": AT + timedelta(minutes=number),
        "organisation": "市大数据局",
        "before": {"state": "answering"},
        "after": {"state": "granted", "items": ["监测点", "数值"]},
        "cites": ("REG22-26.1",),
    }
    return Entry(**{**facts, **changes})


def write_and_seal(count: int = 10, runs: int = 2) -> None:
    """`runs` seals over `count` events each, sealed an hour apart from AT."""
    for run in range(runs):
        trail.record_many(entry(run * count + number) for number in range(1, count + 1))
        seal_all(AT + timedelta(hours=run))


def as_superuser(*statements: str) -> None:
    """Change the tables with all triggers and foreign keys off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement.replace("%", "%%"))
