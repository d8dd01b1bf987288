"""The limits of a need. The law sets none: both are defaults, and passing them reminds (GOV19-12.3)."""

from __future__ import annotations

from deadlines.clocks import Clock
from deadlines.models import Deadline

MATCH = Clock(
    "MATCH",
    "匹配需求",
    "authority",
    "catalog.match",
    Deadline.OnPass.REMIND,
    reminders=(5, 0),
    cites="GOV19-12.3",
    event="提出需求",
)
OFFER = Clock(
    "OFFER",
    "答复征询",
    "source",
    "catalog.offer",
    Deadline.OnPass.STEP,
    step="silent-source",
    reminders=(2, 0),
    cites="GOV19-12.3",
    event="发出征询",
)
