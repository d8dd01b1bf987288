"""The public page of an entry, worked out before the template draws it; a draft's preview is the same page.

The number of queries does not grow with the items: they are shown fifty at a time, or all on demand. Other apps add
their own parts to the page by `register_panel`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from datacentre.models import HoldingVersion
from django.db.models import Count

from catalog.compile.paging import pager
from catalog.freshness import freshness
from catalog.models import Condition, Draft, Entry, EntryItem, EntryVersion
from catalog.norm.content import shown
from catalog.norm.elements import ENTRY, GROUPS
from catalog.publishing import content_of

#: Items of one part of the table, versions and loads that the page names.
ITEMS_SHOWN, VERSIONS_SHOWN, LOADS_SHOWN = 50, 10, 5
#: Elements that the page shows in places of their own; all others stand in the table of facts.
_ELSEWHERE = frozenset(
    {
        "name", "summary", "sharing_type", "sharing_basis", "sharing_basis_kind", "sharing_basis_text", "opening_type",
        "opening_conditions", "opening_basis", "opening_basis_kind", "opening_basis_text", "use_requirements",
        "related", "contact", "phone", "division", "update_cycle",
    }
)  # fmt: skip

Context = dict[str, Any]


def everybody(actor: Actor | None) -> bool:
    return True


@dataclass(frozen=True)
class Panel:
    """A part that another module adds: its template, and what it says of an entry (None: nothing to show).

    `audience` says who sees it; asked before anything is read.
    """

    template: str
    context: Callable[[Entry, datetime], Any]
    audience: Callable[[Actor | None], bool] = everybody


@dataclass(frozen=True)
class Way:
    """Where a reader may go from an entry: to an objection, a suggestion."""

    label: str
    address: str


_panels: dict[str, Panel] = {}
_ways: dict[str, Callable[[Entry, Actor, datetime], Way | None]] = {}


def register_panel(name: str, panel: Panel) -> None:
    """Add a part to the page, below the items; a second one of the same name replaces the first."""
    _panels[name] = panel


def register_way(name: str, way: Callable[[Entry, Actor, datetime], Way | None]) -> None:
    """Add a way onward for those who are signed in; it answers None for whom it is not, and may ask once."""
    _ways[name] = way


def ways(entry: Entry, actor: Actor | None, at: datetime) -> list[Way]:
    """The ways onward that an entry's page offers the reader."""
    if actor is None or entry.status != Entry.Status.PUBLISHED:
        return []
    return [found for way in _ways.values() if (found := way(entry, actor, at)) is not None]


def of_entry(code: str, actor: Actor | None, at: datetime, asked: str = "") -> Context:
    """The page of a published entry, or of a withdrawn one for those who may see it. Raises Entry.DoesNotExist.

    `asked` is which part of the items: a number, or "all". Seven queries and those of the panels.
    """
    entry = (
        Entry.objects.visible_to(actor).select_related("provider__district", "holding__owner").get(code=code)
    )
    loads = list(HoldingVersion.objects.filter(holding=entry.holding_id).order_by("-number")[:LOADS_SHOWN])
    versions = EntryVersion.objects.filter(entry=entry).select_related("publication").defer("content")
    count = entry.items.count()
    part, parts = _part(asked, count)
    items = (
        entry.items.all() if part == 0 else entry.items.all()[(part - 1) * ITEMS_SHOWN : part * ITEMS_SHOWN]
    )
    return {
        **_common(entry, list(items), list(entry.conditions.all()), count, part, parts),
        "loads": loads,
        "latest": loads[0] if loads else None,
        "fresh": freshness(entry.update_cycle, loads[0].loaded_at if loads else None, at),
        "versions": list(versions[:VERSIONS_SHOWN]),
        "reads": _reads(entry),
        "panels": [
            (panel.template, told)
            for panel in _panels.values()
            if panel.audience(actor) and (told := panel.context(entry, at)) is not None
        ],
    }


def of_draft(draft: Draft, at: datetime, asked: str = "") -> Context:
    """The same of a draft, without what only a published entry has. What it lacks is left empty."""
    content = draft.content if draft.kind != Draft.Kind.REMOVE else content_of(draft.entry).as_json()
    said = {element.name: content.get(element.name, element.empty) for element in ENTRY}
    code = draft.entry.code if draft.entry else ""
    entry = Entry(**said, code=code, provider=draft.provider, version=draft.base_version + 1)
    items = [EntryItem(**item) for item in content.get("items", [])]
    part, parts = _part(asked, len(items))
    some = items if part == 0 else items[(part - 1) * ITEMS_SHOWN : part * ITEMS_SHOWN]
    conditions = [Condition(**condition) for condition in content.get("conditions", [])]
    return {
        **_common(entry, some, conditions, len(items), part, parts),
        "loads": [],
        "latest": None,
        "fresh": freshness(entry.update_cycle, None, at),
        "versions": [],
        "reads": 0,
        "panels": [],
    }


def _part(asked: str, count: int) -> tuple[int, int]:
    """Which part of the items, from 1 (0: all), and of how many."""
    parts = max(1, -(-count // ITEMS_SHOWN))
    if asked == "all":
        return 0, parts
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    return min(max(1, number), parts), parts


def _common(
    entry: Entry, items: list[EntryItem], conditions: Sequence[Condition], count: int, part: int, parts: int
) -> Context:
    address = "?items={}#items".format
    turn = pager(part, parts, address) if part and parts > 1 else None
    return {
        "entry": entry,
        "items": items,
        "item_count": count,
        "items_first": (part - 1) * ITEMS_SHOWN + 1 if part else 1,
        "items_pager": turn,
        "items_all": parts > 1 and part > 0,
        "conditions": conditions,
        "facts": _facts(entry),
        "differs": any(item.sharing_type != entry.sharing_type for item in items),
    }


def _facts(entry: Entry) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the norm asks for and has no place of its own on the page, by group, without what was left empty."""
    found = []
    for group, label in GROUPS.items():
        rows = [
            (element.label, shown(element, getattr(entry, element.name)))
            for element in ENTRY
            if element.group == group and element.name not in _ELSEWHERE
        ]
        rows = [(name, text) for name, text in rows if text]
        if rows:
            found.append((label, rows))
    return found


def _reads(entry: Entry) -> int:
    """How often the entry's data has been read under grants."""
    if entry.holding_id is None:
        return 0
    return entry.holding.grants.aggregate(n=Count("reads"))["n"]
