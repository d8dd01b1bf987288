"""What a procedure says of a limit it sets: one declared `Clock` for each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Organisation

from deadlines.models import Deadline


def _everybody(body: Organisation) -> bool:
    return True


@dataclass(frozen=True)
class Clock:
    """A kind of limit.

    owed_by     the party relation of the case that has to act, e.g. "authority"
    term        code of the dated `Term`; None when the last day is given by a fact
    on_pass     breach, reminder, or a system step; nothing else
    step        the system step; with BREACH it is taken after the breach is recorded (a consultation not answered)
    ground      citation of the breach's ground
    extension   code of the term by which it may be extended, once
    reminders   days before the last day on which the desk is told: working days for limits in working days,
                calendar days for all others
    cites       the article it rests on
    binds       whether the article binds the body that owes it; for one that it does not bind the number is a
                default, and passing it only reminds
    event       what sets it going, as people say it: 收到申请
    """

    code: str
    label: str
    owed_by: str
    term: str | None
    on_pass: Deadline.OnPass
    step: str = ""
    ground: str = ""
    extension: str | None = None
    reminders: tuple[int, ...] = (2, 0)
    cites: str = ""
    binds: Callable[[Organisation], bool] = _everybody
    event: str = ""

    def __post_init__(self) -> None:
        if not self.cites:
            raise ValueError(f"clock {self.code} cites no article")
        if self.on_pass is Deadline.OnPass.STEP and not self.step:
            raise ValueError(f"clock {self.code} takes a step when it passes, but names none")
        if self.on_pass is Deadline.OnPass.REMIND and self.step:
            raise ValueError(f"clock {self.code} only reminds, so it can take no step ({self.step})")
        if any(days < 0 for days in self.reminders):
            raise ValueError(
                f"clock {self.code} reminds after its last day; the sweep sees to that by itself"
            )
