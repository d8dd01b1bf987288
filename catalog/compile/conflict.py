"""Two people wrote in the same draft: what the one said beside what the other says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.norm.content import shown
from catalog.norm.elements import CONDITION, ENTRY, ITEM, Element, Kind

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One place in which the two differ, in words."""

    where: str
    theirs: str
    yours: str


def differences(theirs: Said, yours: Said) -> list[Difference]:
    """Every place in which the draft as it stands differs from what this person sent, in the order of the form."""
    found = _of(ENTRY, theirs, yours, "")
    found += _rows(ITEM, theirs.get("items") or [], yours.get("items") or [], "信息项")
    return found + _rows(CONDITION, theirs.get("conditions") or [], yours.get("conditions") or [], "共享条件")


def _rows(
    elements: Sequence[Element], theirs: Sequence[Said], yours: Sequence[Said], what: str
) -> list[Difference]:
    found = []
    for number in range(max(len(theirs), len(yours))):
        one = theirs[number] if number < len(theirs) else None
        other = yours[number] if number < len(yours) else None
        where = f"第 {number + 1} 个{what}"
        if one is None or other is None:
            found.append(Difference(where, _named(one), _named(other)))
        else:
            found += _of(elements, one, other, f"{where}，")
    return found


def _named(row: Said | None) -> str:
    return "没有这一个" if row is None else str(row.get("name") or row.get("text") or "未写名称")


def _of(elements: Iterable[Element], theirs: Said, yours: Said, where: str) -> list[Difference]:
    found = []
    for element in elements:
        one, other = (_words(element, said.get(element.name)) for said in (theirs, yours))
        if one != other:
            found.append(Difference(where + element.label, one or "未填", other or "未填"))
    return found


def _words(element: Element, value: Any) -> str:
    """As `norm.shown`, for values that may not have been read yet."""
    if element.kind in (Kind.CODES, Kind.WORDS) and isinstance(value, str):
        return value
    if element.kind == Kind.FLAG:
        return shown(element, value and value not in ("否", "0"))
    if value is None:
        return ""
    return shown(element, value).replace("\r\n", "\n").strip()
