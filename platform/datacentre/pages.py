"""What the pages show, put together from queries; shapes only, no wording."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest
from typing import Any

from accounts.actors import Actor
from clock import SHANGHAI
from django.conf import settings
from django.urls import reverse
from procedures.refusals import Refused

from datacentre import listeners, queries
from datacentre.delivery import require_standing
from datacentre.forms import LoadForm, UseForm
from datacentre.marks import flags, marks_on, ways_from
from datacentre.models import Grant, Holding, HoldingItem, Read
from datacentre.models.holdings import WORKING
from datacentre.paging import Page
from datacentre.provenance import FORCE, LIMITS

VERSIONS, READS = 10, 20
NUMBERS = (HoldingItem.Type.INTEGER, HoldingItem.Type.NUMBER)


def holding(holding: Holding, actor: Actor, form: LoadForm, *, at: datetime) -> dict[str, Any]:
    """The provider's view: versions, items, who reads under which grant, how much and when."""
    items = list(holding.items.all())
    names = {item.code: item.name for item in items}
    grants = list(queries.grants(holding.grants.all())[:200])
    day, loads = at.astimezone(SHANGHAI).date(), may_load(holding, actor)
    reads = Read.objects.filter(grant__holding=holding)
    return {
        "holding": holding,
        "items": items,
        "versions": list(holding.versions.select_related("loaded_by").order_by("-number")[:VERSIONS]),
        "grants": [(grant, [names.get(code, code) for code in grant.items]) for grant in grants],
        "bars": bars(queries.reads_by_day(reads, until=day)),
        "form": form if loads else None,
        "norm": listeners.norm(day) if loads else "",
        "day": day,
    }


def may_load(holding: Holding, actor: Actor) -> bool:
    return actor.post_in([holding.owner_id], WORKING) is not None


def grant(grant: Grant, actor: Actor, form: UseForm, *, at: datetime) -> dict[str, Any]:
    """The requester's view; the provider and the data authority see the same without the doors."""
    day = at.astimezone(SHANGHAI).date()
    held = actor.post_in([grant.grantee_id], WORKING) is not None
    granted = [item for item in grant.holding.items.all() if item.code in grant.items]
    return {
        "grant": grant,
        "items": granted,
        "bearing": [item for item in granted if item.kind],
        "modes": [str(Grant.Mode(mode).label) for mode in grant.modes],
        "held": held,
        "closed": _closed(grant, at),
        "not_before": grant.status == Grant.Status.OPEN and day < grant.first_day,
        "days_until": (grant.first_day - day).days,
        "days_left": (grant.last_day - day).days,
        "latest": grant.holding.latest(),
        "files": Grant.Mode.FILE in grant.modes,
        "api": Grant.Mode.API in grant.modes,
        "api_address": settings.SITE_URL + reverse("api:grant-data", args=[grant.case.number]),
        "example": next((item for item in granted if item.type in ("code", "date")), granted[0]),
        "reads": list(grant.reads.select_related("user", "version").order_by("-at")[:READS]),
        "bars": bars(queries.reads_by_day(grant.reads.all(), until=day)),
        "uses": list(grant.uses.select_related("user").order_by("-at")[:READS]),
        "owed_since": queries.owes_use_record(grant, at),
        "form": form if held else None,
        "marks": marks_on(grant.holding, grant.items),
        "ways": ways_from(grant) if held else [],
        "limits": LIMITS,
        "force": FORCE,
    }


def cells(page: Page) -> dict[str, Any]:
    """The rows with their alignment (numbers stand right, under heads that stand right; codes are text) and with the
    doubts about them."""
    numbers = [item.type in NUMBERS for item in page.items]
    codes = [item.code for item in page.items]
    marks = marks_on(page.read.grant.holding, codes)
    told = flags(marks, codes, page.rows)
    return {
        "heads": list(zip((item.name for item in page.items), numbers, strict=True)),
        "rows": [
            list(zip_longest(row, numbers, cells, fillvalue=""))
            for row, cells in zip(page.rows, told, strict=True)
        ],
        "marks": marks,
    }


def _closed(grant: Grant, at: datetime) -> str:
    """Why nothing can be read now; empty when it can."""
    try:
        require_standing(grant, at)
    except Refused as refusal:
        return refusal.message
    return ""


def bars(days: list[queries.Day]) -> dict[str, Any]:
    """Reads by day as bars from zero: 20 wide, at most 40 high; with the sentence that says the same."""
    top = max((day.reads for day in days), default=0)
    return {
        "bars": [
            {"x": i * 20, "y": 40 - h, "h": h, "day": day}
            for i, day in enumerate(days)
            if (h := round(40 * day.reads / top) if top else 0)
        ],
        "width": len(days) * 20,
        "reads": sum(day.reads for day in days),
        "rows": sum(day.rows for day in days),
        "days": [day for day in days if day.reads],
        "first": days[0].day,
        "last": days[-1].day,
    }
