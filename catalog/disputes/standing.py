"""What a dispute keeps its parties from: while it runs nobody of them newly opens the item, or newly calls itself its
source; afterwards only the body that was agreed on or named does (OPEN20-15.1, GOV19-16).

The one place for this rule. Applying for an update, reporting a list and publishing ask `problems`; opening asks
`refusal_to_open`. What a body had already stated before stays: only what is new is kept back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Organisation
from django.db.models import Exists, OuterRef, Q
from procedures.models import Party
from statutes.enforcement import enforces

from catalog.disputes.relations import CODES
from catalog.models import Dispute, Entry, EntryItem, OpeningType
from catalog.norm.content import Content, Problem

CITES = ("OPEN20-15.1", "GOV19-16")
OPENED = (OpeningType.UNCONDITIONAL, OpeningType.CONDITIONAL)
_SOURCE, _OPENING = Dispute.Kind.SOURCE, Dispute.Kind.OPENING

Rows = Mapping[int, list[EntryItem]]


@dataclass(frozen=True)
class Proposed:
    """What a body wants to publish: a new entry, or a change of `entry`."""

    provider_id: int
    content: Content
    entry: Entry | None = None


@dataclass(frozen=True)
class Bar:
    """A dispute as it stands: `elements` are the items in question, each by its data element, else by its name."""

    number: str
    kind: str
    running: bool
    entry_id: int | None
    narrowed: bool
    elements: frozenset[str]
    parties: frozenset[int]
    body_id: int | None
    body: str

    def names(self, item: Mapping[str, Any], entry: Entry | None) -> bool:
        """Whether an item of the entry is what is disputed: by its data element; by its name too in the disputed
        entry, whose items may have no element, and everywhere where only words were given.
        """
        by_name = self.entry_id is None or (entry is not None and entry.pk == self.entry_id)
        return item["element"] in self.elements or (by_name and item["name"] in self.elements)


@enforces("OPN-08", "CAT-20", what="争议未决，争议各方不能新开放、不能新列为来源；决定以后只有确定的单位可以")
def problems(proposed: Sequence[Proposed]) -> list[list[Problem]]:
    """What disputes have against each; one list for each. One query where the bodies dispute nothing, else four."""
    found: list[list[Problem]] = [[] for _ in proposed]
    bars = _bars({one.provider_id for one in proposed})
    if not bars:
        return found
    before = _items({one.entry.pk for one in proposed if one.entry is not None})
    for place, one in enumerate(proposed):
        held = before.get(one.entry.pk, []) if one.entry is not None else []
        found[place] = _claims(one, held, bars) + _openings(one, held, bars)
    return found


def refusal_to_open(body: Organisation, entry: Entry) -> str | None:
    """The sentence of refusal where the body may not newly open the entry as a whole; None where it may."""
    bar = _standing(
        _bars({body.pk}), body.pk, lambda one: one.entry_id == entry.pk and not one.narrowed, opening=True
    )
    return _sentence(bar, f"“{entry.name}”", "新开放") if bar is not None else None


def opening_body(entry: Entry) -> Organisation | None:
    """Who was agreed on or named to open the entry, where that was in dispute; the latest counts."""
    settled = Dispute.whole.filter(entry=entry, kind=_OPENING, element="", body__isnull=False)
    last = settled.select_related("body").order_by("-case_id").first()
    return last.body if last is not None else None


def _claims(one: Proposed, held: Iterable[EntryItem], bars: Sequence[Bar]) -> list[Problem]:
    """Items newly stated to be the source of a data element."""
    own = {item.element for item in held}
    found = []
    for number, item in enumerate(one.content.items):
        if not item["element"] or item["element"] in own:
            continue
        bar = _standing(
            bars, one.provider_id, lambda known, item=item: known.names(item, one.entry), opening=False
        )
        if bar is not None:
            said = _sentence(bar, f"“{item['name']}”（{item['element']}）", "新列为来源")
            found.append(Problem("items", said, CITES, number, "element"))
    return found


def _openings(one: Proposed, held: Iterable[EntryItem], bars: Sequence[Bar]) -> list[Problem]:
    """The entry, or items of it, newly opened."""
    if one.content.entry["opening_type"] not in OPENED:
        return []
    if one.entry is not None and one.entry.opening_type not in OPENED:
        key = one.entry.pk
        bar = _standing(
            bars, one.provider_id, lambda known: known.entry_id == key and not known.narrowed, opening=True
        )
        if bar is not None:
            return [Problem("opening_type", _sentence(bar, "本条目", "新开放"), CITES)]
    open_before = {item.code for item in held if item.opening_type in OPENED}
    was_open = one.entry is not None and one.entry.opening_type in OPENED
    found = []
    for number, item in enumerate(one.content.items):
        if item["opening_type"] not in OPENED or (was_open and item["code"] in open_before):
            continue
        bar = _standing(
            bars, one.provider_id, lambda known, item=item: known.names(item, one.entry), opening=True
        )
        if bar is not None:
            said = _sentence(bar, f"“{item['name']}”", "新开放")
            found.append(Problem("items", said, CITES, number, "opening_type"))
    return found


def _standing(bars: Iterable[Bar], body: int, matches: Callable[[Bar], bool], *, opening: bool) -> Bar | None:
    """The dispute that stands in the way of the body, newest first; one decided for it clears the way."""
    for bar in bars:
        if body not in bar.parties or not matches(bar):
            continue
        if bar.running and (opening or bar.kind == _SOURCE):
            return bar
        if not bar.running and bar.kind == (_OPENING if opening else _SOURCE):
            return None if bar.body_id == body else bar
    return None


def _sentence(bar: Bar, what: str, act: str) -> str:
    label = str(Dispute.Kind(bar.kind).label)
    if bar.running:
        return f"{what}的{label}（{bar.number}）正在办理，协商一致或者决定以前，争议各方不能{act}"
    return f"{what}的{label}（{bar.number}）已确定为{bar.body}，本单位不能{act}"


def _bars(bodies: Iterable[int]) -> list[Bar]:
    """The disputes of these bodies that run, or that ended with a body; newest first. Three queries at most."""
    of_them = Party.objects.filter(case=OuterRef("case"), relation__in=CODES, organisation__in=list(bodies))
    rows = list(
        Dispute.objects.filter(Exists(of_them), Q(case__closed_at=None) | Q(body__isnull=False))
        .select_related("case", "body")
        .order_by("-case_id")
    )
    if not rows:
        return []
    parties: dict[int, set[int]] = {}
    of_cases = Party.objects.filter(case__in=[row.case_id for row in rows], relation__in=CODES)
    for case, organisation in of_cases.values_list("case", "organisation"):
        parties.setdefault(case, set()).add(organisation)
    items = _items({row.entry_id for row in rows if row.entry_id is not None})
    return [
        Bar(
            row.case.number,
            row.kind,
            row.case.closed_at is None,
            row.entry_id,
            bool(row.element),
            _elements(row, items),
            frozenset(parties[row.case_id]),
            row.body_id,
            row.body.short_name if row.body is not None else "",
        )
        for row in rows
    ]


def _elements(row: Dispute, items: Rows) -> frozenset[str]:
    if row.element:
        return frozenset({row.element})
    return frozenset(item.element or item.name for item in items.get(row.entry_id or 0, ()))


def _items(entries: Iterable[int]) -> dict[int, list[EntryItem]]:
    found: dict[int, list[EntryItem]] = {}
    keys = list(entries)
    if keys:
        for item in EntryItem.objects.filter(entry__in=keys):
            found.setdefault(item.entry_id, []).append(item)
    return found
