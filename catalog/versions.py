"""目录版本: the catalogue as it was at any version, and what changed between two of them (GOV19-13, REG22-22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet

from catalog.models import Entry, EntryVersion, OpeningType, Publication, SharingType
from catalog.norm.content import shown
from catalog.norm.elements import CONDITION, ENTRY, GROUPS, ITEM, Element
from catalog.rules import WIDTH

_OPEN_WIDTH = {OpeningType.UNCONDITIONAL: 0, OpeningType.CONDITIONAL: 1, OpeningType.NOT_OPEN: 2}
Kept = Mapping[str, Any]


def as_of(number: int) -> QuerySet[EntryVersion]:
    """Each entry's newest version up to the catalogue's version `number`, withdrawn ones included."""
    return (
        EntryVersion.objects.filter(publication__number__lte=number)
        .order_by("entry_id", "-number")
        .distinct("entry_id")
    )


def standing_at(number: int) -> QuerySet[EntryVersion]:
    """The entries that stood in the catalogue at version `number`, in no order."""
    versions = EntryVersion.objects.filter(pk__in=as_of(number).values("pk"))
    return versions.exclude(content__status=Entry.Status.WITHDRAWN).select_related("entry", "publication")


def standing(number: int, *, provider: str = "") -> Iterator[EntryVersion]:
    """The same by code, read as it is used; of one body by its code, if given."""
    versions = standing_at(number)
    if provider:
        versions = versions.filter(content__provider__code=provider)
    return versions.order_by("entry__code").iterator(chunk_size=500)


def sharing_types(number: int) -> list[tuple[str, int]]:
    """共享目录: how many entries of each sharing type stood at version `number`. One query."""
    found = (
        standing_at(number)
        .select_related(None)
        .order_by()
        .values_list("content__sharing_type")
        .annotate(n=Count("pk"))
    )
    counts = dict(found)
    return [(str(label), counts.get(code, 0)) for code, label in SharingType.choices]


@dataclass(frozen=True)
class Difference:
    """One element that is not the same before and after, in words."""

    label: str
    before: str
    after: str
    group: str = ""


@dataclass(frozen=True)
class Rows:
    """What became of the items (or conditions) of an entry."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: list[tuple[str, list[Difference]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Comparison:
    """Two versions of an entry, element by element."""

    elements: list[Difference]
    items: Rows
    conditions: Rows

    def __bool__(self) -> bool:
        return bool(self.elements or self.items or self.conditions)


def compare(before: Kept, after: Kept) -> Comparison:
    """What is different between two contents as versions keep them; the elements are the norm's."""
    elements = differences(ENTRY, before, after)
    if before.get("provider") != after.get("provider"):
        old, new = (side.get("provider", {}).get("name", "") for side in (before, after))
        elements.insert(0, Difference("数据提供单位", old, new))
    if before.get("status") != after.get("status"):
        labels = {code: str(label) for code, label in Entry.Status.choices}
        old, new = (labels.get(side.get("status", ""), "") for side in (before, after))
        elements.insert(0, Difference("状态", old, new))
    return Comparison(
        elements,
        _rows(ITEM, before.get("items", ()), after.get("items", ()), "code"),
        _rows(CONDITION, before.get("conditions", ()), after.get("conditions", ()), "text"),
    )


def differences(elements: Sequence[Element], before: Kept, after: Kept) -> list[Difference]:
    """Element by element; one that the norm did not have then counts as empty."""
    found = []
    for element in elements:
        old, new = (side.get(element.name, element.empty) for side in (before, after))
        if old != new:
            found.append(
                Difference(
                    element.label, shown(element, old), shown(element, new), GROUPS.get(element.group, "")
                )
            )
    return found


def _rows(elements: Sequence[Element], before: Sequence[Kept], after: Sequence[Kept], key: str) -> Rows:
    old, new = ({row.get(key, ""): row for row in side} for side in (before, after))
    changed = [
        (_named(new[code]), differences(elements, old[code], new[code])) for code in new if code in old
    ]
    return Rows(
        added=[_named(row) for code, row in new.items() if code not in old],
        removed=[_named(row) for code, row in old.items() if code not in new],
        changed=[(name, found) for name, found in changed if found],
    )


def _named(row: Kept) -> str:
    return f"{row['name']}（{row['code']}）" if "code" in row else row.get("text", "")


@dataclass(frozen=True)
class EntryChange:
    """What one publication did to one entry. `before` is empty for a new one."""

    entry: Entry
    before: Kept
    after: Kept

    @property
    def added(self) -> bool:
        return not self.before

    @property
    def withdrawn(self) -> bool:
        return self.after["status"] == Entry.Status.WITHDRAWN

    @property
    def kind(self) -> str:
        return "added" if self.added else "withdrawn" if self.withdrawn else "changed"

    @property
    def items_out(self) -> list[str]:
        """Codes of items that others can no longer have as before: gone, or shared more narrowly."""
        if self.added:
            return []
        now = {} if self.withdrawn else {item["code"]: item for item in self.after["items"]}
        return [
            item["code"]
            for item in self.before["items"]
            if item["code"] not in now or _width(now[item["code"]]) > _width(item)
        ]

    @property
    def type_narrowed(self) -> bool:
        return not self.added and not self.withdrawn and _width(self.after) > _width(self.before)

    @property
    def conditions_added(self) -> list[str]:
        """The conditions that did not stand before."""
        if self.added or self.withdrawn:
            return []
        known = {condition["text"] for condition in self.before["conditions"]}
        return [one["text"] for one in self.after["conditions"] if one["text"] not in known]

    @property
    def narrowed(self) -> bool:
        """Whether less is shared than before: withdrawn, a narrower type, items gone, new conditions."""
        if self.added:
            return False
        return bool(self.withdrawn or self.type_narrowed or self.items_out or self.conditions_added)

    @property
    def opened_less(self) -> bool:
        """Whether less is open to society than before."""
        if self.added:
            return False
        old, new = (_OPEN_WIDTH.get(side.get("opening_type", ""), 0) for side in (self.before, self.after))
        return self.withdrawn or new > old

    @property
    def comparison(self) -> Comparison:
        return compare(self.before, self.after)


def _width(said: Kept) -> int:
    return WIDTH.get(SharingType(said["sharing_type"]), 0) if said.get("sharing_type") else 0


def changes_of(publication: Publication) -> list[EntryChange]:
    """What the publication did, entry by entry in the order of their codes. Two queries."""
    made = list(publication.versions.select_related("entry").order_by("entry__code"))
    return changes(made)


def changes(made: Iterable[EntryVersion]) -> list[EntryChange]:
    """The changes that versions made, each against the one before it. One query."""
    made = list(made)
    earlier = {
        version.entry_id: version.content
        for version in EntryVersion.objects.filter(
            entry__in=[version.entry_id for version in made if version.number > 1],
            entry__versions__in=[version.pk for version in made],
            number=F("entry__versions__number") - 1,
        )
    }
    return [
        EntryChange(version.entry, earlier.get(version.entry_id, {}), version.content) for version in made
    ]


@dataclass(frozen=True)
class Between:
    """What is different in the catalogue at two versions; entries by code and name."""

    added: list[EntryVersion]
    withdrawn: list[EntryVersion]
    changed: list[tuple[EntryVersion, Comparison]]


def between(first: int, last: int) -> Between:
    """The catalogue at version `last` against version `first`; entries that are the same are left out. Two queries."""
    touched = EntryVersion.objects.filter(
        publication__number__gt=first, publication__number__lte=last
    ).values("entry")
    after = {v.entry_id: v for v in as_of(last).filter(entry__in=touched).select_related("entry")}
    before = {v.entry_id: v for v in as_of(first).filter(entry__in=touched).select_related("entry")}
    found = Between([], [], [])
    for key, version in sorted(after.items(), key=lambda pair: pair[1].content["code"]):
        old = before.get(key)
        stood = old is not None and old.content["status"] == Entry.Status.PUBLISHED
        stands = version.content["status"] == Entry.Status.PUBLISHED
        if stands and not stood:
            found.added.append(version)
        elif stood and not stands:
            found.withdrawn.append(version)
        elif stood and old is not None and (comparison := compare(old.content, version.content)):
            found.changed.append((version, comparison))
    return found


def told(content: Kept) -> list[tuple[str, list[tuple[str, str]]]]:
    """All that a content says, by the groups of the norm; what is empty is left out."""
    found = []
    for group, label in GROUPS.items():
        pairs = [
            (element.label, shown(element, content[element.name]))
            for element in ENTRY
            if element.group == group and element.name in content
        ]
        found.append((label, [(name, text) for name, text in pairs if text]))
    return found


def items_told(content: Kept) -> list[dict[str, Any]]:
    """The items of a content, with their types in words."""
    kind = next(element for element in ITEM if element.name == "type")
    return [{**item, "type": shown(kind, item.get("type", ""))} for item in content.get("items", ())]
