"""The parts of the case page and of the filing page that only a need has."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from django.db.models import Q
from procedures import registry
from procedures.declare import Panel
from procedures.models import Case

from catalog.demands import likely
from catalog.demands.askers import followers
from catalog.models import Demand, DemandDraft, Inquiry, LikelyEntry

#: States in which somebody looks for the data in the catalogue.
LOOKING = frozenset({"MERGING", "MATCHING", "CATALOGUING"})
NEW = 10


def demand_context(case: Case) -> dict[str, Any]:
    """The need, who follows it, who was asked, what may be meant, what came of it."""
    record = Demand.whole.get(case=case)
    looking = case.state in LOOKING
    new = _new(record) if looking else []
    return {
        "record": record,
        "looking": looking,
        "ended": bool(record.proof or record.answer),
        "facts": [
            ("需要的数据", record.items),
            ("用于哪项职能", record.function),
            ("希望由谁提供", record.source),
            ("需求单位", "、".join(body.short_name for body in [record.asker, *followers(case)])),
            ("汇总意见", record.merger_note),
        ],
        "asked": _asked(record),
        "new": new,
        "near": _near(record, new) if looking else [],
        "alike": _alike(record) if case.state in ("MERGING", "MATCHING") else [],
        "entries": list(record.entries.select_related("provider").order_by("code")),
        "drafts": list(
            DemandDraft.objects.filter(demand=record).select_related("asker", "entry", "draft__owner")
        )
        if case.state == "MATCHED"
        else [],
        "decided": [
            ("没有单位掌握的证明", record.proof),
            ("说明" if case.state == "MATCHED" else "理由", record.answer),
            ("依据", record.outcome_basis),
        ],
    }


def _asked(record: Demand) -> list[tuple[Inquiry, str]]:
    """Each body that was asked, with where its update of the catalogue stands."""
    states = registry.get("catalogue-update").states
    rows = Inquiry.objects.filter(demand=record).select_related("body", "update").order_by("pk")
    return [(row, states[row.update.state].label if row.update is not None else "") for row in rows]


def _new(record: Demand) -> list[LikelyEntry]:
    rows = LikelyEntry.objects.filter(demand=record).select_related("entry__provider", "publication")
    return list(rows[:NEW])


def _near(record: Demand, new: list[LikelyEntry]) -> list[likely.Near]:
    """What the catalogue's search finds, without what is listed as new already."""
    listed = {row.entry_id for row in new}
    found = likely.entries(record.items, without=record.asker_id)
    return [one for one in found if one.entry.pk not in listed]


def _alike(record: Demand) -> list[Demand]:
    """Needs on the same desk that may be joined with this one: of the same district, or of the city."""
    gathered = Q(case__state="MERGING")
    if record.case.state != "MERGING":
        rows = Demand.whole.filter(~gathered, case__closed_at=None)
    else:
        rows = Demand.whole.filter(gathered)
        if record.asker.district_id is not None:
            rows = rows.filter(asker__district=record.asker.district_id)
    return likely.alike(record.items, rows.exclude(pk=record.pk))


def raising_context(body: Organisation) -> dict[str, Any]:
    """What the body has asked for and is still looked for (one query)."""
    return {"running": list(Demand.whole.filter(asker=body, case__closed_at=None).order_by("-pk")[:5])}


demand_panel = Panel("catalog/panels/demand.html", demand_context, "需求")
raising_panel = Panel("catalog/panels/demand_raising.html", raising_context, "提出需求以前")
