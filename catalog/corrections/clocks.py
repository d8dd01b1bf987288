"""The limits of a review. Lengths are dated terms; here stands what passing them does."""

from __future__ import annotations

from deadlines.clocks import Clock
from deadlines.models import Deadline

from catalog.clocks import government

#: 超过规定时间校核政务数据.
LATE_REVIEW = "GOV19-50(八)"

REVIEW = Clock(
    "REVIEW",
    "校核",
    "provider",
    "T05",
    Deadline.OnPass.BREACH,
    ground=LATE_REVIEW,
    extension="T05.extension",
    reminders=(3, 0),
    cites="GOV19-19.2",
    binds=government,
)
FIX = Clock(
    "FIX",
    "完成更正",
    "provider",
    "catalog.fix",
    Deadline.OnPass.REMIND,
    reminders=(2, 0),
    cites="REG22-12.2",
)
