"""The limits of sharing. Lengths are dated terms (`deadlines.Term`); here stands what passing them does."""

from __future__ import annotations

from deadlines.clocks import Clock
from deadlines.models import Deadline

LEAD = "REG22-56(五)"

ANSWER = Clock(
    "ANSWER",
    "共享答复",
    "authority",
    "T07",
    Deadline.OnPass.BREACH,
    ground=LEAD,
    extension="T08",
    reminders=(2, 0),
    cites="REG22-26.1",
    event="收到申请",
)
OPINION = Clock(
    "OPINION",
    "答复意见",
    "provider",
    "T09",
    Deadline.OnPass.BREACH,
    step="no-opinion",
    ground=LEAD,
    reminders=(1, 0),
    cites="REG22-26.2",
    event="发出征求意见函",
)
SUPPLY = Clock(
    "SUPPLY",
    "提供数据",
    "provider",
    "sharing.supply",
    Deadline.OnPass.REMIND,
    reminders=(2, 0),
    cites="REG22-26.1",
    event="同意共享",
)
TERM = Clock(
    "TERM",
    "使用期限",
    "requester",
    None,
    Deadline.OnPass.STEP,
    step="expire",
    reminders=(30, 7),
    cites="REG22-25.3",
    event="开通",
)

SETTLE = Clock(
    "SETTLE",
    "协调处理",
    "authority",
    "sharing.settle",
    Deadline.OnPass.REMIND,
    cites="GOV19-27",
    event="收到异议",
)
POSITION = Clock(
    "POSITION",
    "提出意见",
    "provider",
    "sharing.position",
    Deadline.OnPass.REMIND,
    cites="GOV19-27",
    event="收到异议",
)

EXPLAIN = Clock(
    "EXPLAIN",
    "说明情况",
    "requester",
    "sharing.explain",
    Deadline.OnPass.REMIND,
    cites="GOV19-40",
    event="立案核查",
)
RECTIFY = Clock(
    "RECTIFY",
    "整改",
    "requester",
    None,
    Deadline.OnPass.BREACH,
    step="rectify-lapsed",
    ground=LEAD,
    cites="GOV19-40",
    event="要求整改",
)
DISPOSE = Clock(
    "DISPOSE",
    "报告数据处置",
    "requester",
    "sharing.dispose",
    Deadline.OnPass.REMIND,
    cites="GOV19-40",
    event="决定撤销授权",
)
