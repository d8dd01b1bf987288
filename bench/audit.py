"""The trail: bulk writing against raw COPY of the same rows, verifying against bare SM3 over the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.actors import SYSTEM
from audit import trail
from audit.copying import copy_rows
from audit.sealing import seal_all
from audit.sm3 import sm3
from audit.trail import Entry
from audit.verification import verify
from clock import SHANGHAI
from django.conf import settings
from django.db import connection, transaction

AT = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
BULK = 100_000
CHAIN = 200_000


def entry(number: int) -> Entry:
    """A breach as the sweep records it."""
    return Entry(
        action="deadline:breach",
        actor=SYSTEM,
        object_kind="case",
        object_id=f"GX2026-{number:06}",
        at=AT + timedelta(seconds=number),
        organisation="重庆市大数据应用发展管理局",
        before={"outcome": "open", "clock": "answer", "due_on": "2026-11-20"},
        after={"outcome": "breached", "breached_at": "2026-11-21T00:00:00+08:00", "ground": "REG22-26.1"},
        cites=("REG22-26.1",),
    )


def timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    act()
    return clock() - began


def main() -> None:
    settings.AUDIT_SEAL_BOOK = settings.DATA_DIR / "bench-audit" / "seals.jsonl"
    with transaction.atomic():  # a first run, thrown away, so that neither side pays for a cold start
        trail.record_many(entry(number) for number in range(10_000))
        transaction.set_rollback(True)
    bulk = timed(lambda: trail.record_many(entry(number) for number in range(BULK)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(column + '::text' for column in trail.COLUMNS)} FROM audit_event")
        rows = cursor.fetchall()
    raw = timed(lambda: copy_rows("audit_event", trail.COLUMNS, rows))
    print(f"写入 {BULK:,} 条审计事件：{bulk:.2f} 秒；同样的行用裸 COPY：{raw:.2f} 秒；比 {bulk / raw:.2f}")

    sealing = timed(lambda: seal_all(AT))
    print(f"入链并封印 {CHAIN:,} 条：{sealing:.2f} 秒，每秒 {CHAIN / sealing:,.0f} 条")

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database itself does in its quiet minutes
        cursor.execute("SELECT body FROM audit_event")
        bodies = [body.encode() for (body,) in cursor.fetchall()]
    size = sum(map(len, bodies))
    # Side by side, the best of five each: other work on the machine only ever slows one of them down.
    both = (lambda: verify(None, None)), (lambda: list(map(sm3, bodies)))
    pairs = [[timed(act) for act in both] + [timed(act, time.process_time) for act in both] for _ in range(5)]
    checking, bare, checking_here, bare_here = (min(times) for times in zip(*pairs, strict=True))
    print(
        f"核验 {CHAIN:,} 条（{size / 2**20:.0f} MiB）：每秒 {size / checking / 2**20:.0f} MiB；"
        f"裸 SM3 每秒 {size / bare / 2**20:.0f} MiB；比 1/{checking / bare:.2f}（要求不低于 1/3）；"
        f"只计核验进程的处理器时间，比 1/{checking_here / bare_here:.2f}"
    )
