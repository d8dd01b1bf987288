"""Limits that were kept and broken, made as rows: by whom, when due, when done."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from accounts.models import Organisation
from clock import SHANGHAI
from deadlines.models import Deadline, Term
from deadlines.workdays import end_of
from procedures.models import Case, Party

from tests.cast import Cast
from tests.kernel.clockwork import load_calendar, term

_numbers = itertools.count(1)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)

Keep = Callable[..., Deadline]


@pytest.fixture
def answer(cast: Cast) -> Term:
    load_calendar()
    return term("T07", 5)


@pytest.fixture
def keep(cast: Cast, answer: Term) -> Keep:
    """`keep("provider", date(2026, 11, 13), done=date(2026, 11, 12))`; without `done` it is still open."""

    def make(
        who: str | Organisation | None,
        due_on: date,
        *,
        done: date | None = None,
        begun: date | None = None,
        **more: Any,
    ) -> Deadline:
        body = cast.organisation(who) if isinstance(who, str) else who
        closed = datetime.combine(done, time(15), SHANGHAI) if done else None
        due_at = end_of(due_on)
        late = (closed or NOW) >= due_at
        case = Case.objects.create(
            number=f"GX-2026-{next(_numbers):06d}",
            kind="sharing-request",
            state="ANSWERING",
            title="机动车排放检验结果",
            received_at=NOW - timedelta(days=30),
        )
        if body is not None:
            Party.objects.create(case=case, relation="authority", organisation=body, since=case.received_at)
        values = {
            "case": case,
            "clock": "ANSWER",
            "label": "共享答复",
            "term": answer,
            "owed_by": body,
            "basis": "REG22-26.1",
            "started_at": datetime.combine(begun or due_on - timedelta(days=7), time(9), SHANGHAI),
            "rules_on": due_on,
            "due_on": due_on,
            "due_at": due_at,
            "outcome": Deadline.Outcome.MET if closed else Deadline.Outcome.OPEN,
            "closed_at": closed,
            "breached_at": due_at if late else None,
            "noticed_at": due_at if late else None,
            "on_pass": Deadline.OnPass.BREACH,
            "breach_ground": "REG22-56(五)",
        }
        return Deadline.objects.create(**{**values, **more})

    return make
