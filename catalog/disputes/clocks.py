"""The limits of disputes and suggestions. The law gives no days, so passing them reminds (Gap6, defaults)."""

from __future__ import annotations

from deadlines.clocks import Clock
from deadlines.models import Deadline

from catalog.disputes.relations import PARTIES

Pass = Deadline.OnPass

#: Every party owes the talk: one clock each, of the same length.
TALK = tuple(
    Clock(
        "TALK" if place == 1 else f"TALK-{place}",
        "自行协商",
        relation.code,
        "catalog.talk",
        Pass.REMIND,
        reminders=(2, 0),
        cites="OPEN20-15.1",
        event="提出争议",
    )
    for place, relation in enumerate(PARTIES, 1)
)
CONVENE = Clock(
    "CONVENE",
    "组织协商",
    "authority",
    "catalog.convene",
    Pass.REMIND,
    reminders=(3, 0),
    cites="OPEN20-15.1",
    event="协商不成",
)
DECIDE = Clock(
    "DECIDE",
    "政府决定",
    "government",
    "catalog.decide",
    Pass.REMIND,
    reminders=(3, 0),
    cites="OPEN20-15.1",
    event="报送",
)

REPLY = Clock(
    "REPLY",
    "答复建议",
    "provider",
    "catalog.reply",
    Pass.STEP,
    step="silent",
    reminders=(3, 0),
    cites="OPEN20-15.2",
    event="收到建议",
)
DECIDE_ATTRIBUTE = Clock(
    "DECIDE",
    "政府决定",
    "government",
    "catalog.decide-attribute",
    Pass.REMIND,
    reminders=(3, 0),
    cites="OPEN20-15.2",
    event="报送",
)
