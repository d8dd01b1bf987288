"""What one step costs in statements: each thing is read once and written once, whatever the case has behind it."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from procedures.perform import perform

from tests.sharing.conftest import MONDAY, World

WHAT = re.compile(r"\s*(SELECT.* FROM|INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.DOTALL)
CONSULT = {
    "unsettled": "目录没有写明能否批量获取。",
    "question": "能否批量提供？如能，需要哪些限制？",
    "reason": "依据目录不能确定能否共享，需要征求意见。",
}
READS = [
    "SELECT procedures_case",
    "SELECT procedures_party",
    "SELECT deadlines_deadline",
    "SELECT sharing_sharingrequest",
    "SELECT catalog_entryitem",
    "SELECT deadlines_term",
]
WRITES = [
    "INSERT procedures_act",
    "INSERT procedures_party",
    "UPDATE deadlines_deadline",
    "INSERT deadlines_deadline",
    "INSERT audit_event",
    "INSERT documents_counter",
    "INSERT documents_paper",
    "INSERT notices_outgoing",
    "DELETE procedures_turn",
    "INSERT procedures_turn",
    "UPDATE procedures_party",
    "UPDATE procedures_case",
]


def test_a_step_reads_six_things_and_writes_twelve(world: World):
    case, officer = world.request(), world.cast.actor("authority", MONDAY)
    with CaptureQueriesContext(connection) as caught:
        perform(case, "consult", by=officer, at=MONDAY + timedelta(hours=1), facts=CONSULT)
    said = [query["sql"] for query in caught.captured_queries if "SAVEPOINT" not in query["sql"]]
    done = [f"{found[1].split()[0]} {found[2]}" for sql in said if (found := WHAT.match(sql))]
    assert len(done) == len(said)
    assert sorted(done) == sorted(READS + WRITES)


def test_a_filing_costs_no_more_when_there_are_many_cases(world: World, django_assert_max_num_queries):
    """The first one composes what later ones only execute; neither asks a question a case."""
    with CaptureQueriesContext(connection) as first:
        world.request()
    for _ in range(3):
        world.request()
    with django_assert_max_num_queries(len(first)):
        world.request()
