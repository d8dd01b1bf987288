"""What the catalogue hands to supervision: a list that was never reported (GOV19-50(一), REG22-56(二))."""

from __future__ import annotations

from procedures.context import Context
from statutes.enforcement import enforces

from security.actions import raise_lead
from security.models import Lead


@enforces("CAT-09", "CAT-15", what="逾期未报目录清单：移送线索")
def list_missing(context: Context) -> None:
    """Not for enterprises and bodies by reference: no sanction of either text names them (Gap13)."""
    body = context.party("body")
    if body.is_government_department:
        ground = "GOV19-50(一)"
    elif body.fiscally_funded:
        ground = "REG22-56(二)"
    else:
        return
    record = context.record
    what = f"{record.round.get_kind_display()}清单"
    raise_lead(
        source=Lead.Source.STEP,
        body=body,
        ground=ground,
        facts=f"{record.round.case.number} 截止时没有报送{what}，应于 {record.due_on} 前报送。",
        at=context.at,
        by=context.actor,
        case=context.case,
        act=context.act,
    )
