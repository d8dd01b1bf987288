"""How the apps' demonstrations file and move their matters: as their accounts, through the same door as people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import clock
from accounts.actors import Actor
from accounts.models import User
from deadlines.queries import current_calendar
from deadlines.workdays import add_workdays

from procedures.models import Case
from procedures.perform import perform, sign


@dataclass(frozen=True)
class Day:
    """Working days before today, and a time of day: `Day(today)(24, 10)`, `Day(today)(0, 9, 30)`."""

    today: date

    def __call__(self, workdays: int, hour: int, minute: int = 0) -> datetime:
        day = add_workdays(current_calendar(), self.today, -workdays) if workdays else self.today
        return datetime.combine(day, time(hour, minute), tzinfo=clock.SHANGHAI)


def actor(account: str, at: datetime) -> Actor:
    return Actor.of(User.objects.get(username=account), at, via="demonstration")


def act(case: Case, step: str, account: str, at: datetime, signer: str = "", **facts: Any) -> Case:
    """Take a step; with a signer half an hour later, where it needs one."""
    case = perform(case, step, by=actor(account, at), at=at, facts=facts)
    if not signer:
        return case
    later = at + timedelta(minutes=30)
    return sign(case, by=actor(signer, later), at=later)
