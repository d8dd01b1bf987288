"""An act in time that the sweep did not see: what the sweep recorded is taken back, in the act's own transaction.

An act is in time when its instant lies before the end of the last day: the instant decides, not the order in which two
transactions got hold of the case. One that waits for its case at midnight may find that the sweep has just recorded
and announced the end as missed.
"""

from __future__ import annotations

from datetime import datetime

from accounts.actors import SYSTEM
from accounts.models import Role
from audit import trail
from audit.statements import update
from notices.letters import post_letters

from deadlines import announce, listeners
from deadlines.models import Deadline
from deadlines.rows import Row
from deadlines.workdays import local


def withdraw(deadline: Deadline, *, at: datetime) -> None:
    """Take back what the sweep recorded of an end later than `at`, the instant of an act; nothing if it had not.

    The breach is emptied, the trail says why, those who were told hear of the correction, and so do the listeners to
    breaches. All of it bears the instant at which the sweep was wrong, which is later than the act's.
    """
    noticed = deadline.noticed_at
    if noticed is None or at >= deadline.due_at:
        return
    row, breached = Row.of(deadline), deadline.breached_at
    deadline.breached_at = deadline.noticed_at = None
    update(deadline, ("breached_at", "noticed_at"))
    told = announce.Told([row], noticed)
    trail.record(
        trail.Entry(
            action="deadline:withdraw",
            actor=SYSTEM,
            object_kind="case",
            object_id=row.number,
            at=noticed,
            organisation=told.body_name(row),
            before={"breached_at": local(breached) if breached else None, "noticed_at": local(noticed)},
            after={
                "deadline": row.pk,
                "clock": row.clock,
                "due_on": row.due_on.isoformat(),
                "acted_at": local(at),
            },
            cites=(row.basis,),
        )
    )
    subject, text = announce.withdrawn(row, at)
    letters = told.desk("deadline:withdraw", row, subject, text)
    if breached is not None:
        letters += told.role("deadline:withdraw", row, Role.LEAD, subject, text)
        listeners.breached([row.pk], noticed)
    post_letters(letters)
