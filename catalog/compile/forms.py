"""The form of one draft as its pages show it: groups of elements, conditions, a page of items, what is to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Organisation
from django.urls import reverse

from catalog.compile.drawing import Field, Row
from catalog.models import Condition, Database, Draft, Entry
from catalog.norm.elements import CONDITION_BY_NAME, ENTRY, GROUPS, ITEM

#: Items of one page of the table: eleven fields each, within what one form may send.
ITEMS_A_PAGE = 50

Said = Mapping[str, Any]
#: A problem as `Draft.problems` keeps it.
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """One thing to mend and where it stands."""

    href: str
    message: str


@dataclass(frozen=True)
class Group:
    name: str
    label: str
    fields: list[Field]
    problems: int


@dataclass(frozen=True)
class Term:
    """One sharing condition on the form; `number` counts from 1, 0 for the empty one."""

    key: str
    number: int
    text: Field
    basis: Field
    kind: str
    parameter: Said
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "、".join(self.parameter.get("words") or [])

    @property
    def codes(self) -> str:
        return "、".join(self.parameter.get("codes") or [])

    @property
    def single(self) -> bool:
        """Whether whole tables need a reason of their own (`batch` of a condition on the way of delivery)."""
        return self.parameter.get("batch") is False

    @property
    def open(self) -> bool:
        return bool(self.number)


def groups(given: Said, problems: Sequence[Told], on: date, offered: Mapping[str, list[str]]) -> list[Group]:
    """The elements in the groups of the norm; `sharing` and `opening` are two groups like the others."""
    told = _by_field(problems)
    found = []
    for name, label in GROUPS.items():
        fields = [
            Field(
                element,
                given.get(element.name, element.empty),
                on,
                problems=told.get(element.name, ()),
                offered=offered.get(element.name, ()),
            )
            for element in ENTRY
            if element.group == name
        ]
        found.append(Group(name, label, fields, sum(bool(one.problems) for one in fields)))
    return found


def terms(given: Said, problems: Sequence[Told], on: date) -> list[Term]:
    """The conditions that are there, and an empty one to write the next in."""
    said = [*(given.get("conditions") or []), {}]
    found = []
    for number, row in enumerate(said):
        mine = [p for p in problems if p["field"] == "conditions" and p["row"] == number]
        key = f"c{number}"
        found.append(
            Term(
                key,
                number + 1 if row else 0,
                _part(CONDITION_BY_NAME["text"], row, mine, on, key, f"conditions-{number}"),
                _part(CONDITION_BY_NAME["basis"], row, mine, on, key, f"conditions-{number}"),
                str(row.get("check_kind") or Condition.Check.MANUAL),
                row.get("parameter") or {},
                [p["message"] for p in mine if p["part"] not in ("text", "basis")],
            )
        )
    return found


def _part(element: Any, row: Said, mine: Sequence[Told], on: date, key: str, place: str) -> Field:
    wrong = [p["message"] for p in mine if p["part"] == element.name]
    return Field(
        element, row.get(element.name, ""), on, f"{key}-{element.name}", f"{place}-{element.name}", wrong
    )


@dataclass(frozen=True)
class Items:
    """One page of the items of a draft. `blank` is the row that the browser copies."""

    rows: list[Row]
    blank: Row
    page: int
    pages: int
    count: int

    @property
    def first(self) -> int:
        return (self.page - 1) * ITEMS_A_PAGE + 1

    @property
    def last(self) -> bool:
        return self.page == self.pages


def items(given: Said, problems: Sequence[Told], on: date, page: int) -> Items:
    """The page of the table, with empty rows at the end of the last page."""
    said = given.get("items") or []
    pages = max(1, -(-len(said) // ITEMS_A_PAGE))
    page = min(max(1, page), pages)
    start = (page - 1) * ITEMS_A_PAGE
    shown = [*said[start : start + ITEMS_A_PAGE]]
    if page == pages:
        shown += [{}] * (1 if said else 3)
    told: dict[tuple[int, str], list[str]] = {}
    for problem in problems:
        if problem["field"] == "items" and problem["row"] is not None:
            told.setdefault((problem["row"], problem["part"]), []).append(problem["message"])
    rows = [_row(row, start + place, told, on) for place, row in enumerate(shown)]
    return Items(rows, _row({}, -1, {}, on), page, pages, len(said))


def _row(said: Said, number: int, told: Mapping[tuple[int, str], list[str]], on: date) -> Row:
    key = f"r{number}" if number >= 0 else "r__"
    fields = {
        element.name: Field(
            element,
            said.get(element.name, element.empty),
            on,
            f"{key}-{element.name}",
            f"items-{number}-{element.name}" if number >= 0 else f"items-__-{element.name}",
            told.get((number, element.name), ()),
            spoken=f"第 {number + 1} 行，{element.label}" if number >= 0 else f"新的一行，{element.label}",
        )
        for element in ITEM
    }
    return Row(key, number + 1, fields)


def links(problems: Sequence[Told], draft: Draft | None, here: str) -> list[Link]:
    """What is to be mended, each with the address of its field; `here` is the page that shows them."""
    return [Link(_address(problem, draft, here), problem["message"]) for problem in problems]


def _address(problem: Told, draft: Draft | None, here: str) -> str:
    where, row, part = problem["field"], problem["row"], problem["part"]
    page, place = "form", where
    if where == "items":
        page, place = "items", "items" if row is None else f"items-{row}-{part or 'name'}"
    elif row is not None:
        place = f"{where}-{row}-{part or 'text'}"
    elif where in ("holding", "reason"):
        place = where
    if draft is None:
        return f"#{place}"
    if page == "items":
        number = (row or 0) // ITEMS_A_PAGE + 1
        query = f"?page={number}" if number > 1 else ""
        return f"{reverse('catalog:compile:items', args=[draft.pk])}{query}#{place}"
    return f"#{place}" if here == "form" else f"{reverse('catalog:compile:draft', args=[draft.pk])}#{place}"


def _by_field(problems: Sequence[Told]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        if problem["row"] is None:
            found.setdefault(problem["field"], []).append(problem["message"])
    return found


_USUAL = ("system", "division", "contact", "phone")


def offered(provider: Organisation, on: date) -> dict[str, list[str]]:
    """What the body wrote before in elements that repeat, and the theme databases that stand. Two queries."""
    usual: dict[str, dict[str, None]] = {name: {} for name in _USUAL}
    recent = Entry.objects.filter(provider=provider).order_by("-pk").values(*_USUAL)[:200]
    for row in recent:
        for name in _USUAL:
            if row[name]:
                usual[name][row[name]] = None
    themes = Database.objects.standing(on).filter(kind=Database.Kind.THEME).values_list("name", flat=True)
    return {**{name: list(values)[:20] for name, values in usual.items()}, "theme_database": list(themes)}
