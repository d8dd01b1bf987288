"""An audited step against the very same writes as bare SQL, each in one transaction of its own.

The writes are those that `perform` makes, caught while a step is taken and undone, and then sent again with psycopg2:
the same statements with the same values, without the ORM, the rights, the forms and the reading.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import clock
from accounts.actors import Actor
from accounts.models import User
from django.core.management import call_command
from django.db import connection, transaction
from procedures.models import Case
from procedures.perform import perform

from sharing.demonstration import EPIDEMIC, request

CASES = 150
#: Ids of rows made by a step begin here, so that they are told from every other number among the values.
FIRST_ID = 900_000_000
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.I)
GIVES_ID = re.compile(r'\s*INSERT INTO "?(\w+)"? .* RETURNING (?:"\w+"\.)?"?id"?$', re.DOTALL)
CONSULT = {
    "unsettled": "目录没有写明能否批量获取。",
    "question": "能否批量提供？如能，需要哪些限制？",
    "reason": "依据目录不能确定能否共享，需要征求意见。",
}


class Undo(Exception):
    """Ends the dry run."""


def caught(act: Callable[[], object]) -> list[tuple[str, Any, int | None]]:
    """The writes of an act that is undone: statement, values, and the id that an insert was given."""
    found: list[tuple[str, Any, int | None]] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if WRITES.match(sql):
            into, given = GIVES_ID.match(sql), None
            if into:
                with connection.connection.cursor() as raw:
                    raw.execute("SELECT currval(pg_get_serial_sequence(%s, 'id'))", [into.group(1)])
                    given = raw.fetchone()[0]
            found.append((sql, params, given))
        return result

    try:
        with transaction.atomic(), connection.execute_wrapper(wrapper):
            act()
            raise Undo
    except Undo:
        return found


def replay(writes: list[tuple[str, Any, int | None]], case_id: int) -> None:
    """Send the writes again, bare, in one transaction, with the row locked first; fresh ids follow through."""
    ids: dict[int, int] = {}
    with connection.connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT * FROM procedures_case WHERE id = %s FOR UPDATE", [case_id])
        cursor.fetchall()
        for sql, params, given in writes:
            values = [ids.get(value, value) if isinstance(value, int) else value for value in params or ()]
            cursor.execute(sql, values)
            if "RETURNING" in sql:
                row = cursor.fetchone()
                if given is not None:
                    ids[given] = row[0]
        cursor.execute("COMMIT")


def main() -> None:
    call_command("demonstrate", verbosity=0)
    with connection.cursor() as cursor:
        for table in (
            "procedures_act",
            "deadlines_deadline",
            "documents_paper",
            "procedures_turn",
            "audit_event",
            "notices_outgoing",
        ):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, FIRST_ID])
    at = clock.now()
    officer = Actor.of(User.objects.get(username="authority"), at)
    cases = [
        request(
            "requester",
            EPIDEMIC,
            at,
            scenario="测量用：应急物资调度与病例增长关系的复盘分析。",
            purpose_basis="《重庆市突发事件应对条例》第十条",
        )
        for _ in range(2 * CASES)
    ]
    steps, bares = [], []
    for number in range(CASES):
        ours, theirs = cases[2 * number], cases[2 * number + 1]
        moment = at + timedelta(seconds=number)
        writes = caught(lambda case=theirs, moment=moment: _consult(case, officer, moment))
        bares.append(_timed(lambda case=theirs, writes=writes: replay(writes, case.pk)))
        steps.append(_timed(lambda case=ours, moment=moment: _consult(case, officer, moment)))
    step, bare = statistics.median(steps[10:]) * 1000, statistics.median(bares[10:]) * 1000
    print(
        f"perform 一步（征求意见，{len(writes)} 次写入）：{step:.2f} 毫秒；"
        f"同样的写入用裸 SQL：{bare:.2f} 毫秒；比 {step / bare:.2f}（上限 3）"
    )


def _consult(case: Case, officer: Actor, at: datetime) -> None:
    perform(case, "consult", by=officer, at=at, facts=CONSULT)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
