"""The sweep: 1,000,000 open limits, 100,000 fall due at once, against raw batched SQL writing the same rows.

The floor takes as many due limits of its own, with every row it writes prepared beforehand: one UPDATE and two
multi-row INSERTs a batch, nothing read, nothing decided.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.models import Organisation
from audit import trail
from clock import SHANGHAI
from deadlines import sweep as sweeping
from deadlines.actions import start
from deadlines.announce import Told
from deadlines.clocks import Clock
from deadlines.loading import load_notices, load_terms
from deadlines.models import Deadline
from deadlines.rows import take_due
from deadlines.sweep import SweepReport, sweep
from django.db import connection, transaction
from procedures.models import Case
from psycopg2.extras import execute_values

OPEN, DUE, BATCH = 1_000_000, 100_000, 1000
FLOOR_AT = datetime(2026, 10, 10, tzinfo=SHANGHAI)
SWEEP_AT = FLOOR_AT + timedelta(days=1)
OUTGOING = [
    "topic",
    "case_id",
    "organisation_id",
    "role",
    "subject",
    "text",
    "created_at",
    "next_try",
    "attempts",
    "failure",
]
IDLE_AT = FLOOR_AT - timedelta(days=5)

CLOCK = Clock(
    code="ANSWER",
    label="共享答复",
    owed_by="authority",
    term="T07",
    on_pass=Deadline.OnPass.BREACH,
    ground="REG22-56(五)",
    reminders=(),
    cites="REG22-26.1",
)


def main(open_limits: int = OPEN, due: int = DUE) -> None:
    """Print the ratios. Needs a migrated, empty database."""
    load_notices(FLOOR_AT)
    load_terms(FLOOR_AT)
    model = _first()
    _copies(model, due, at=FLOOR_AT)
    _copies(model, due, at=SWEEP_AT)
    small = _idle()
    _copies(model, open_limits - 2 * due, at=SWEEP_AT + timedelta(days=300))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    full = _idle()
    floor, rows = _floor(due)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    took, report = _sweep()
    if report.breached != due or rows != due:
        sys.exit(f"measured {report.breached} and {rows} limits instead of {due}")
    print(
        f"sweep of {due:,} due among {open_limits:,} open: {due / took:,.0f} limits/s;"
        f" raw batched SQL {due / floor:,.0f} limits/s; ratio {floor / took:.2f} (wanted ≥ 0.33)"
    )
    print(
        f"sweep with nothing due: {full * 1000:.2f} ms over {open_limits:,} open,"
        f" {small * 1000:.2f} ms over {2 * due:,}; ratio {full / small:.2f} (wanted < 20 ms, about 1)"
    )


def _first() -> Deadline:
    """One limit made the way all are, to be copied."""
    body = Organisation.objects.create(
        code="bench", name="测量用的机构", short_name="测量", kind=Organisation.Kind.CITY_DEPARTMENT
    )
    received = datetime(2026, 9, 25, 16, 42, tzinfo=SHANGHAI)
    case = Case.objects.create(
        number="BENCH-0",
        kind="sharing-request",
        state="ANSWERING",
        title="机动车排放检验结果信息",
        received_at=received,
    )
    return start(CLOCK, case=case, owed_by=body, at=received, rules_on=received.date())


def _copies(model: Deadline, count: int, *, at: datetime) -> None:
    """So many cases with one limit each that ends at the instant."""
    cases, limits = Case._meta.db_table, Deadline._meta.db_table
    own = {"case_id": "c.id", "due_at": "%(at)s", "next_look": "%(at)s"}
    columns = [field.column for field in Deadline._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {cases} (number, kind, state, title, received_at, provisional, signing, version)"
            f" SELECT 'B' || (%(first)s + g), kind, state, title, received_at, provisional, signing, version"
            f" FROM {cases}, generate_series(1, %(count)s) g WHERE id = %(case)s",
            {"count": count, "case": model.case_id, "first": Case.objects.count()},
        )
        cursor.execute(
            f"INSERT INTO {limits} ({', '.join(columns)})"
            f" SELECT {', '.join(own.get(column, 'd.' + column) for column in columns)}"
            f" FROM {limits} d, (SELECT id FROM {cases} ORDER BY id DESC LIMIT %(count)s) c WHERE d.id = %(model)s",
            {"count": count, "model": model.pk, "at": at},
        )
    if model.next_look is not None:
        # The model itself is not to be found by any sweep.
        Deadline.objects.filter(pk=model.pk).update(next_look=None)
        model.next_look = None


def _idle() -> float:
    """Seconds of a sweep that finds nothing: the best of many, because other work on the machine only adds."""
    times = []
    for _ in range(50):
        began = time.perf_counter()
        report = sweep(IDLE_AT, take_step=_no_step)
        times.append(time.perf_counter() - began)
        if report.done:
            sys.exit("something was due in a sweep meant to be idle")
    return min(times)


def _floor(due: int) -> tuple[float, int]:
    """Seconds that the same writing takes by itself, and the number of limits written."""
    prepared = list(_prepared())
    began = time.perf_counter()
    for ids, looks, at, events, messages in prepared:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE deadlines_deadline d SET breached_at = due_at, noticed_at = %s, next_look = v.look"
                " FROM unnest(%s::bigint[], %s::timestamptz[]) AS v(id, look) WHERE d.id = v.id",
                [at, ids, looks],
            )
            execute_values(
                cursor.cursor,
                f"INSERT INTO audit_event ({', '.join(trail.COLUMNS)}) VALUES %s",
                events,
                page_size=BATCH,
            )
            execute_values(
                cursor.cursor,
                f"INSERT INTO notices_outgoing ({', '.join(OUTGOING)}) VALUES %s",
                messages,
                page_size=BATCH,
            )
    return time.perf_counter() - began, sum(len(ids) for ids, *_ in prepared)


def _prepared() -> Iterator[tuple[list[int], list[datetime | None], datetime, list[tuple], list[tuple]]]:
    """What the sweep would write for the floor's limits, batch by batch, as plain tuples."""
    with transaction.atomic():  # only reads; the locks go at its end
        while rows := take_due(FLOOR_AT, BATCH):
            work = sweeping._Work(FLOOR_AT, Told(rows, FLOOR_AT), SweepReport())
            for row in rows:
                work.look(row)
            ids, looks, _, _ = zip(*work.updates, strict=True)
            Deadline.objects.filter(id__in=ids).update(next_look=None)
            events = [trail._values(entry, "") for entry in work.entries]
            messages = [
                (m.topic, m.case_id, m.organisation_id, m.role, m.subject, m.text, m.at, m.at, 0, "")
                for m in work.messages
            ]
            yield list(ids), list(looks), FLOOR_AT, events, messages
        transaction.set_rollback(True)


def _sweep() -> tuple[float, SweepReport]:
    began = time.perf_counter()
    report = sweep(SWEEP_AT, take_step=_no_step, batch=BATCH)
    return time.perf_counter() - began, report


def _no_step(deadline: Deadline, at: datetime) -> None:
    raise AssertionError("no step is due here")
