"""One deadline with its case, as a light value: what the sweep reads by the hundred thousand."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from deadlines.models import Deadline


class Row(NamedTuple):
    """Columns of the deadline, and the number and title of its case. `reminders` is a list, or its JSON text."""

    pk: int
    case_id: int
    clock: str
    label: str
    owed_by_id: int | None
    basis: str
    started_at: datetime
    due_on: date
    due_at: datetime
    provisional: bool
    calendar_version: int
    outcome: str
    closed_at: datetime | None
    breached_at: datetime | None
    noticed_at: datetime | None
    on_pass: str
    on_pass_step: str
    breach_ground: str
    reminders: Any
    next_look: datetime | None
    number: str
    title: str

    @classmethod
    def of(cls, deadline: Deadline) -> Row:
        own = [getattr(deadline, name) for name in cls._fields[:-2]]
        return cls._make([*own, deadline.case.number, deadline.case.title])

    @property
    def schedule(self) -> list[list[str | int]]:
        """The reminders: [ISO day, days before]."""
        loaded = json.loads(self.reminders) if isinstance(self.reminders, str) else self.reminders
        return list(loaded)


def take_due(at: datetime, size: int) -> list[Row]:
    """Lock and read up to `size` rows on which something is to be written, oldest first; not those waiting for a step.

    A row whose case somebody holds is skipped as well: the case is being acted on, and the next sweep will see how.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"at": at, "size": size})
        return [Row(*columns) for columns in cursor.fetchall()]


_CASES = Deadline._meta.get_field("case").related_model._meta.db_table
_COLUMNS = ", ".join("d.id" if name == "pk" else f"d.{name}" for name in Row._fields[:-2])

#: The rows that `sweep._step` takes.
_WANTS_STEP = """d.outcome = 'open' AND d.due_at <= %(at)s AND d.on_pass_step <> ''
                AND (d.on_pass = 'step' OR d.on_pass = 'breach' AND d.noticed_at IS NOT NULL)"""

_TAKE = f"""
    SELECT {_COLUMNS}, c.number, c.title
      FROM deadlines_deadline d JOIN {_CASES} c ON c.id = d.case_id
     WHERE d.next_look <= %(at)s AND NOT ({_WANTS_STEP})
     ORDER BY d.next_look, d.id
     LIMIT %(size)s
       FOR NO KEY UPDATE OF d, c SKIP LOCKED
"""
