"""The sweep: finds what has fallen due, records it and tells those concerned (architecture, rule 3).

Level-triggered: it looks for rows whose `next_look` is past, whenever it comes, and what it records is the computed
moment. Run twice, late, or on ten workers, the outcome is the same: a worker takes rows nobody else holds
(`FOR UPDATE SKIP LOCKED`, with their cases, so that a case being acted on is left for the next round), and every row
it is done with gets a later `next_look`, or none.

First, in batches, all that is writing only: reminders, breaches, escalations. Then, one by one, the rows whose end
makes the system take a step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.actors import SYSTEM
from accounts.models import Role
from audit import trail
from django.db import connection, transaction
from django.db.models import Q
from notices.letters import Letter, post_letters

from deadlines import announce, listeners, moving, schedule
from deadlines.announce import Told
from deadlines.models import Deadline
from deadlines.rows import Row, take_due
from deadlines.workdays import local

log = logging.getLogger(__name__)

#: A row whose step failed is tried again after this long.
RETRY_AFTER = timedelta(hours=1)

TakeStep = Callable[[Deadline, datetime], None]


@dataclass
class SweepReport:
    """What one sweep did. `failed` lists (deadline, case number, error); `untold` counts messages without a reader."""

    reminded: int = 0
    passed: int = 0
    breached: int = 0
    escalated: int = 0
    stepped: int = 0
    recomputed: int = 0
    untold: int = 0
    failed: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.reminded + self.passed + self.breached + self.escalated + self.stepped + self.recomputed


def sweep(at: datetime, *, take_step: TakeStep, batch: int = 1000) -> SweepReport:
    """Do all that is due at the instant.

    `take_step(deadline, at)` takes the step that a passed clock names: at the instant `at`, with effect from the
    deadline's own `due_at`.
    """
    report = SweepReport()
    while True:
        worked = False
        while _batch(at, batch, report):
            worked = True
        while _step(at, take_step, report):
            worked = True
        if not worked:
            return report


def _batch(at: datetime, size: int, report: SweepReport) -> int:
    """One transaction of records and messages; the number of rows it was done with."""
    with transaction.atomic():
        rows = take_due(at, size)
        if not rows:
            return 0
        stale = moving.bring_up_to_date(rows, at=at)
        report.recomputed += len(stale)
        work = _Work(at, Told(rows, at), report)
        for row in rows:
            if row.pk not in stale:
                work.look(row)
        work.write()
        return len(rows)


class _Work:
    """What one batch has to write."""

    def __init__(self, at: datetime, told: Told, report: SweepReport) -> None:
        self.at, self.told, self.report = at, told, report
        self.updates: list[tuple[int, datetime | None, datetime | None, datetime | None]] = []
        self.entries: list[trail.Entry] = []
        self.messages: list[Letter] = []
        self.breached: list[int] = []

    def look(self, row: Row) -> None:
        """Say what is due on one row and what comes next for it."""
        if row.noticed_at is None and row.on_pass == Deadline.OnPass.BREACH and row.due_at <= self.at:
            self._breach(row)
        elif row.outcome != Deadline.Outcome.OPEN:
            self._next(row, None)
        elif row.due_at > self.at:
            self._remind(row)
        elif row.on_pass == Deadline.OnPass.REMIND and row.noticed_at is None:
            self._pass(row)
        else:
            self._escalate(row)

    def _breach(self, row: Row) -> None:
        if row.outcome != Deadline.Outcome.OPEN and row.breached_at is None:
            self._next(row, None)
            return
        self.report.breached += 1
        self.breached.append(row.pk)
        if row.outcome != Deadline.Outcome.OPEN:
            look = None
        elif row.on_pass_step:
            look = row.due_at  # still due: the step is taken in the second half of this sweep
        else:
            look = schedule.next_look(row.schedule, row.due_at, row.due_at)
        self._next(row, look, breached=row.due_at, noticed=self.at)
        subject, text = announce.breach(row)
        self._tell(
            self.told.desk("deadline:breach", row, subject, text)
            + self.told.role("deadline:breach", row, Role.LEAD, subject, text)
        )
        self._record("deadline:breach", row, {"breached_at": local(row.due_at), "ground": row.breach_ground})

    def _pass(self, row: Row) -> None:
        self.report.passed += 1
        self._next(row, None, noticed=self.at)
        self._tell(self.told.desk("deadline:passed", row, *announce.passed(row)))
        self._record("deadline:passed", row, {"passed_at": local(row.due_at)})

    def _remind(self, row: Row) -> None:
        """Of several reminders missed, only the last still says something."""
        since = row.next_look or row.started_at
        missed = [entry[1] for entry in row.schedule if since <= schedule.moment(entry) <= self.at]
        self._next(row, schedule.next_look(row.schedule, row.due_at, self.at))
        if missed:
            self.report.reminded += 1
            self._tell(self.told.desk("deadline:reminder", row, *announce.reminder(row, int(missed[-1]))))

    def _escalate(self, row: Row) -> None:
        self.report.escalated += 1
        self._next(row, None)
        self._tell(
            self.told.role(
                "deadline:escalation",
                row,
                Role.PRINCIPAL,
                *announce.escalation(row, schedule.ESCALATE_AFTER),
            )
        )

    def _next(
        self,
        row: Row,
        look: datetime | None,
        *,
        breached: datetime | None = None,
        noticed: datetime | None = None,
    ) -> None:
        self.updates.append((row.pk, look, breached, noticed))

    def _tell(self, messages: list[Letter]) -> None:
        self.messages.extend(messages)
        self.report.untold += not messages

    def _record(self, action: str, row: Row, after: dict[str, str]) -> None:
        self.entries.append(
            trail.Entry(
                action=action,
                actor=SYSTEM,
                object_kind="case",
                object_id=row.number,
                at=self.at,
                organisation=self.told.body_name(row),
                after={
                    "deadline": row.pk,
                    "clock": row.clock,
                    "label": row.label,
                    "due_on": row.due_on.isoformat(),
                    "noticed_at": local(self.at),
                    **after,
                },
                cites=tuple(filter(None, (row.basis, row.breach_ground))),
            )
        )

    def write(self) -> None:
        if not self.updates:
            return
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(column) for column in zip(*self.updates, strict=True)])
        trail.record_many(self.entries)
        post_letters(self.messages)
        listeners.breached(self.breached, self.at)


# One statement for the whole batch; the rows are locked, so nothing has changed since they were read.
_UPDATE = """
    UPDATE deadlines_deadline AS d
       SET next_look = v.look,
           breached_at = coalesce(d.breached_at, v.breached),
           noticed_at = coalesce(d.noticed_at, v.noticed)
      FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
           AS v(id, look, breached, noticed)
     WHERE d.id = v.id
"""


def _wants_step(at: datetime) -> Q:
    """Rows whose end has come and whose system step is still to be taken; a breach is recorded before its step."""
    recorded = Q(on_pass=Deadline.OnPass.STEP) | Q(on_pass=Deadline.OnPass.BREACH, noticed_at__isnull=False)
    return Q(outcome=Deadline.Outcome.OPEN, due_at__lte=at) & ~Q(on_pass_step="") & recorded


def _step(at: datetime, take_step: TakeStep, report: SweepReport) -> bool:
    """Take the system's step on one row, in a transaction of its own; False when none is left.

    An error undoes this row's step and nothing else: the row keeps the error and is tried again later.
    """
    row: Deadline | None = None
    try:
        with transaction.atomic():
            row = (
                Deadline.objects.select_for_update(skip_locked=True, of=("self", "case"), no_key=True)
                .filter(_wants_step(at), next_look__lte=at)
                .select_related("case")
                .order_by("next_look", "id")
                .first()
            )
            if row is None:
                return False
            if moving.bring_up_to_date([Row.of(row)], at=at):
                report.recomputed += 1
                return True
            take_step(row, at)
            # A step that closed the clock has emptied `next_look`; one that did not has nothing more to do at its end.
            Deadline.objects.filter(pk=row.pk, next_look__lte=at).update(
                next_look=schedule.next_look(row.reminders, row.due_at, at), failure=""
            )
            report.stepped += 1
    except Exception as error:  # whatever one row's step raises must not stop the others
        if row is None:
            raise
        _set_aside(row, error, at, report)
    return True


def _set_aside(row: Deadline, error: Exception, at: datetime, report: SweepReport) -> None:
    log.error(
        "deadline step failed",
        exc_info=error,
        extra={"deadline": row.pk, "case": row.case.number, "step": row.on_pass_step},
    )
    text = f"{type(error).__name__}: {error}"[:2000]
    report.failed.append((row.pk, row.case.number, text))
    Deadline.objects.filter(pk=row.pk).update(failure=text, next_look=at + RETRY_AFTER)
