"""The parts of the case page that only sharing has."""

from __future__ import annotations

from typing import Any

from procedures.declare import Panel
from procedures.models import Case

from catalog.conditions import RequestFacts, check
from sharing.facts.application import MODES
from sharing.models import GrantRevocation, SharingObjection, SharingRequest


def request_context(case: Case) -> dict[str, Any]:
    """The request beside the catalogue's conditions, and what was granted."""
    record = SharingRequest.objects.select_related("entry__provider", "function").get(case=case)
    items = {item.code: item for item in record.entry.items.all()}
    findings = check(record.entry, request_facts=request_facts(record))
    verdicts = [finding.verdict for finding in findings]
    return {
        "record": record,
        "entry": record.entry,
        "asked": [items[code] for code in record.items if code in items],
        "not_asked": [item for code, item in items.items() if code not in record.items],
        "granted": [items[code] for code in record.granted_items if code in items],
        "modes": "、".join(MODES[mode] for mode in record.modes),
        "findings": findings,
        "counts": {word: verdicts.count(word) for word in ("ok", "ask", "no")},
    }


def request_facts(record: SharingRequest) -> RequestFacts:
    return RequestFacts(
        functions=(record.function.name,),
        purpose=record.purpose,
        items=tuple(record.items),
        first_day=record.first_day,
        last_day=record.last_day,
        modes=tuple(record.modes),
    )


def objection_context(case: Case) -> dict[str, Any]:
    return {"record": SharingObjection.objects.select_related("entry__provider", "about").get(case=case)}


def revocation_context(case: Case) -> dict[str, Any]:
    return {
        "record": GrantRevocation.objects.select_related("grant__holding", "grant__grantee", "request").get(
            case=case
        )
    }


request_panel = Panel("sharing/panels/request.html", request_context, "申请与目录条件核对")
objection_panel = Panel("sharing/panels/objection.html", objection_context, "异议内容")
revocation_panel = Panel("sharing/panels/revocation.html", revocation_context, "核查情况")
