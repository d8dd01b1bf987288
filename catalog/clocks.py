"""The limits of compiling and keeping the catalogue. Lengths are dated terms; here stands what passing them does."""

from __future__ import annotations

from accounts.models import Organisation
from deadlines.clocks import Clock
from deadlines.models import Deadline

Pass = Deadline.OnPass
#: 超过规定时间申请更新目录.
LATE_UPDATE = "GOV19-50(八)"


def government(organisation: Organisation) -> bool:
    """Whether the measures on government data bind the body; for all others their numbers are defaults."""
    return organisation.is_government_department


COMPILE = Clock("COMPILE", "截止编制", "authority", None, Pass.REMIND, reminders=(5, 0), cites="REG22-22.2")
LIST = Clock("LIST", "报送目录清单", "body", None, Pass.REMIND, reminders=(10, 3, 0), cites="GOV19-12.1")

APPLY = Clock(
    "APPLY",
    "申请更新目录",
    "provider",
    "T01",
    Pass.BREACH,
    ground=LATE_UPDATE,
    reminders=(3, 0),
    cites="GOV19-14.1",
    binds=government,
)
REVISE = Clock(
    "REVISE",
    "复核共享开放类型",
    "provider",
    "catalog.type-review",
    Pass.REMIND,
    reminders=(5, 0),
    cites="REG22-24.2",
)
COMPLETE = Clock(
    "COMPLETE",
    "补正更新申请",
    "provider",
    None,
    Pass.BREACH,
    ground=LATE_UPDATE,
    reminders=(1, 0),
    cites="GOV19-14.1",
    binds=government,
)
REVIEW = Clock(
    "REVIEW", "审核更新目录", "authority", "T02", Pass.BREACH, reminders=(2, 0), cites="GOV19-14.2"
)
