"""The limits of a project. The law sets none: each stage of review has a default, and passing it reminds (GOV19-48)."""

from __future__ import annotations

from deadlines.clocks import Clock
from deadlines.models import Deadline


def _stage(code: str, label: str, owed_by: str) -> Clock:
    return Clock(
        code, label, owed_by, "catalog.stage", Deadline.OnPass.REMIND, reminders=(5, 0), cites="GOV19-48.2"
    )


ASSESS = _stage("ASSESS", "评估", "authority")
PLAN = _stage("PLAN", "审批建设方案", "planning")
DESIGN = _stage("DESIGN", "审核初步设计", "authority")
ACCEPT = _stage("ACCEPT", "验收审核", "authority")
