"""What tests of clocks start from: the delivered calendar, terms of every unit, a case, a clock."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

from accounts.models import Organisation
from clock import SHANGHAI
from deadlines import actions
from deadlines.clocks import Clock
from deadlines.loading import load_notices
from deadlines.models import Deadline, Term
from procedures.models import Case

_numbers = itertools.count(1)

BREACH, REMIND, STEP = Deadline.OnPass.BREACH, Deadline.OnPass.REMIND, Deadline.OnPass.STEP


def at(text: str) -> datetime:
    """`2026-12-24 16:42` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def load_calendar() -> None:
    load_notices(at("2026-11-21 09:00"))


def term(code: str, amount: int, unit: str = "wd", **more: Any) -> Term:
    values = {"standing": "law", "basis": "REG22-26.1", "valid_from": date(2019, 1, 1), **more}
    return Term.objects.create(code=code, name=code, amount=amount, unit=unit, **values)


def case(received: str = "2026-09-01 09:00", **more: Any) -> Case:
    number = f"GX-2026-{next(_numbers):06d}"
    values = {"kind": "sharing-request", "state": "ANSWERING", "title": "机动车排放检验结果", **more}
    return Case.objects.create(number=number, received_at=at(received), **values)


def clock(**more: Any) -> Clock:
    values = {
        "code": "ANSWER",
        "label": "共享答复",
        "owed_by": "authority",
        "term": "T07",
        "on_pass": BREACH,
        "ground": "REG22-56(五)",
        "extension": "T08",
        "cites": "REG22-26.1",
    }
    return Clock(**{**values, **more})


def running(
    started: str, *, of: Case | None = None, owed_by: Organisation | None = None, **more: Any
) -> Deadline:
    """A clock of the given kind set going."""
    last_day = more.pop("last_day", None)
    moment = at(started)
    return actions.start(
        clock(**more),
        case=of or case(started),
        owed_by=owed_by,
        at=moment,
        rules_on=moment.date(),
        last_day=last_day,
    )
