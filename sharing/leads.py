"""What sharing hands to supervision: a grant revoked for fault, copies that nobody accounts for (SHA-19)."""

from __future__ import annotations

from procedures.context import Context

from security.actions import raise_lead
from security.models import Lead
from sharing.models import GrantRevocation

Ground = GrantRevocation.Ground
NOT_AS_PRESCRIBED = "REG22-56(五)"

#: Which prohibited act a ground is, for bodies bound by the government data measures; the others stand under REG22-56.
PROHIBITED = {
    Ground.UNRELATED: "GOV19-50(四)",
    Ground.SCOPE: "GOV19-50(五)",
    Ground.PURPOSE: "GOV19-50(五)",
    Ground.THIRD_PARTY: "GOV19-50(五)",
}


def grant_revoked(context: Context) -> None:
    """A lead against the body that used the data, unless it is without fault."""
    record = context.record
    if record.ground in GrantRevocation.WITHOUT_FAULT:
        return
    body = context.party("requester")
    ground = PROHIBITED.get(record.ground) if body.is_government_department else None
    _raise(
        context,
        ground or NOT_AS_PRESCRIBED,
        f"使用共享数据{record.get_ground_display()}，授权已决定撤销。{record.facts}",
    )


def disposal_unreported(context: Context) -> None:
    """The body whose grant was revoked has not said what became of its copies."""
    _raise(context, NOT_AS_PRESCRIBED, f"授权撤销后没有报告数据副本的处置。{context.facts['lead']}")


def _raise(context: Context, ground: str, facts: str) -> None:
    raise_lead(
        source=Lead.Source.STEP,
        body=context.party("requester"),
        ground=ground,
        facts=facts,
        at=context.at,
        by=context.actor,
        case=context.case,
        act=context.act,
    )
