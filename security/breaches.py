"""Breaches become leads: one for each, in the transaction that records them, a hundred thousand at a time if need be.

The breach's own event on the trail names its ground; the lead that follows from it adds no second one.
"""

from __future__ import annotations

from datetime import datetime

from deadlines.models import Deadline
from django.db import connection
from statutes.enforcement import enforces

from security.models import Lead

_DEADLINES, _LEADS = Deadline._meta.db_table, Lead._meta.db_table


@enforces("SHA-19", what="逾期即成线索")
def settle(deadline_ids: list[int], at: datetime) -> None:
    """Make the leads agree with the breaches of these deadlines; done twice, nothing changes (three statements).

    A breach whose limit names a ground has a lead from now on. One that was taken back, because the calendar turned
    out otherwise or the act had been in time, takes its open lead with it; what was ended with reasons stays, and its
    page says that the breach was corrected.
    """
    values = {"ids": deadline_ids, "at": at}
    with connection.cursor() as cursor:
        for statement in (_RAISE, _MOVE, _TAKE_BACK):
            cursor.execute(statement, values)


_LAST_DAY = """to_char(d.due_on, 'YYYY" 年 "FMMM" 月 "FMDD" 日"')"""
_FACTS = f"""'“' || d.label || '”应于 ' || {_LAST_DAY} || ' 24:00 前办理，届满时没有办理。'"""

_RAISE = f"""
    INSERT INTO {_LEADS} (source, status, case_id, deadline_id, body_id, ground, facts, happened_at, raised_at,
                          handed_to, outcome)
    SELECT 'breach', 'new', d.case_id, d.id, d.owed_by_id, d.breach_ground,
           {_FACTS},
           d.breached_at, %(at)s, '', ''
      FROM {_DEADLINES} d
     WHERE d.id = ANY(%(ids)s) AND d.breached_at IS NOT NULL AND d.breach_ground <> ''
        ON CONFLICT (deadline_id) DO UPDATE
       SET status = 'new', outcome = '', closed_at = NULL WHERE {_LEADS}.status = 'taken-back'
"""

_MOVE = f"""
    UPDATE {_LEADS} l SET happened_at = d.breached_at,
           facts = {_FACTS}
      FROM {_DEADLINES} d
     WHERE l.deadline_id = d.id AND d.id = ANY(%(ids)s) AND l.source = 'breach' AND l.happened_at <> d.breached_at
"""

_TAKE_BACK = f"""
    UPDATE {_LEADS} l SET status = 'taken-back', closed_at = %(at)s, outcome = '逾期记录已经更正，没有逾期。'
      FROM {_DEADLINES} d
     WHERE l.deadline_id = d.id AND d.id = ANY(%(ids)s) AND d.breached_at IS NULL
       AND l.source = 'breach' AND l.status IN ('new', 'taken')
"""
