"""What an entry says, read against the norm: from a form, a row of a workbook, an API body or another catalogue.

Reading is total: it never raises for what somebody wrote, it answers with the content as far as it can be understood
and with a problem for each thing that cannot. The rules of law come after, in `catalog.rules`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalog.norm.elements import CONDITION, ENTRY, ITEM, Element, Kind
from catalog.norm.vocabularies import vocabulary

#: The most items and conditions of one entry.
MOST_ITEMS, MOST_CONDITIONS = 1000, 50

_ITEM_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: What no text may hold, nor XML 1.0: control characters (but tab and line ends), lone surrogates, the two that are no
#: characters; and DEL, which nobody means.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIST = re.compile(r"[、,，;；|\n]+")
_YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓"})
_NO = frozenset({"否", "无", "n", "no", "false", "0", "×", ""})


@dataclass(frozen=True)
class Problem:
    """One thing to mend: what is wrong and how to put it right, where, and the article.

    `field` is an element's name, or `items`, `conditions`, `reason`; `row` the place among the items or conditions
    (from 0), `part` the element of that row.
    """

    field: str
    message: str
    cites: tuple[str, ...] = ()
    row: int | None = None
    part: str = ""


@dataclass
class Content:
    """All that one entry says, in values that JSON has; every element of the norm is there."""

    entry: dict[str, Any]
    items: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.entry["name"]

    def as_json(self) -> dict[str, Any]:
        return {**self.entry, "items": self.items, "conditions": self.conditions}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Content:
        """From what was kept by `as_json`; elements that the norm gained since then are empty."""
        return cls(
            {element.name: kept.get(element.name, element.empty) for element in ENTRY},
            [{e.name: item.get(e.name, e.empty) for e in ITEM} for item in kept.get("items", ())],
            [dict(condition) for condition in kept.get("conditions", ())],
        )


class Unreadable(ValueError):
    """A value that the element cannot hold; the message is for the person who wrote it."""


def read(given: Mapping[str, Any], *, on: date) -> tuple[Content, list[Problem]]:
    """What `given` says of the elements; keys that are no element are left to the caller.

    `given["items"]` and `given["conditions"]` are sequences of mappings. An item that names no type of its own has
    the entry's.
    """
    problems: list[Problem] = []
    entry: dict[str, Any] = {}
    for element in ENTRY:
        try:
            entry[element.name] = value_of(element, given.get(element.name), on)
        except Unreadable as wrong:
            entry[element.name] = element.empty
            problems.append(Problem(element.name, str(wrong), element.cites))
    items = _rows(given.get("items") or (), "items", ITEM, on, problems, MOST_ITEMS)
    inherit(entry, items)
    conditions = _rows(given.get("conditions") or (), "conditions", CONDITION, on, problems, MOST_CONDITIONS)
    for row, said in zip(conditions, given.get("conditions") or (), strict=False):
        row["check_kind"] = str(said.get("check_kind") or "manual")
        row["parameter"] = dict(said.get("parameter") or {})
    return Content(entry, items, conditions), problems


def inherit(entry: Mapping[str, Any], items: Iterable[dict[str, Any]]) -> None:
    """Give the items that name no type of their own the entry's."""
    for item in items:
        item["sharing_type"] = item["sharing_type"] or entry["sharing_type"]
        item["opening_type"] = item["opening_type"] or entry["opening_type"]


def _rows(
    given: Sequence[Mapping[str, Any]],
    where: str,
    elements: Iterable[Element],
    on: date,
    problems: list[Problem],
    most: int,
) -> list[dict[str, Any]]:
    if len(given) > most:
        problems.append(Problem(where, f"一个条目最多 {most} 行，现在是 {len(given)} 行"))
        given = given[:most]
    rows = []
    for number, said in enumerate(given):
        row = {}
        for element in elements:
            try:
                row[element.name] = value_of(element, said.get(element.name), on)
            except Unreadable as wrong:
                row[element.name] = element.empty
                problems.append(Problem(where, str(wrong), element.cites, number, element.name))
        rows.append(row)
    return rows


def value_of(element: Element, said: Any, on: date) -> Any:
    """The value of one element from what was written. Raises `Unreadable`."""
    if said is None or said == "":
        return element.empty
    return _READERS[element.kind](element, said, on)


def text_of(element: Element, said: Any, on: date) -> str:
    """One line, without what cannot be seen; width and spelling stay as they were written."""
    text = " ".join(_clean(said).split())
    return _bounded(element, text)


def _long(element: Element, said: Any, on: date) -> str:
    lines = (
        " ".join(line.split()) for line in _clean(said).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    return _bounded(element, re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def _bounded(element: Element, text: str) -> str:
    if len(text) > element.most:
        raise Unreadable(f"“{element.label}”最多 {element.most} 个字，现在是 {len(text)} 个字")
    if element.name == "code" and text and not _ITEM_CODE.fullmatch(text):
        raise Unreadable(f"“{element.label}”由字母、数字和下划线组成，不以数字开头，现在是“{text[:30]}”")
    return text


def without_controls(text: str) -> str:
    """The text with a blank for what no text may hold; for what is not refused: a search, a reason, a body's name."""
    return text if text.isprintable() else CONTROL.sub(" ", text)


def _clean(said: Any) -> str:
    text = said if isinstance(said, str) else str(said)
    if not text.isprintable() and CONTROL.search(text):
        raise Unreadable("有不能保存的控制字符，请删去")
    return unicodedata.normalize("NFC", text)


def _code(element: Element, said: Any, on: date) -> str:
    text = _clean(said).strip()
    if not text:
        return element.empty
    listed = vocabulary(element.vocabulary)
    code = listed.find(text)
    if not code:
        raise Unreadable(f"“{element.label}”没有“{text[:30]}”，可填：{_offered(element, on)}")
    if not listed.stands(code, on):
        raise Unreadable(f"“{listed.label_of(code)}”已经停用，“{element.label}”可填：{_offered(element, on)}")
    return code


def _offered(element: Element, on: date) -> str:
    labels = [label for _code, label in vocabulary(element.vocabulary).choices(on)]
    return "、".join(labels[:12]) + ("等" if len(labels) > 12 else "")


def _parts(said: Any) -> list[str]:
    raw = _LIST.split(said) if isinstance(said, str) else [str(part) for part in said]
    return list(dict.fromkeys(part for part in (_clean(part).strip() for part in raw) if part))


def _codes(element: Element, said: Any, on: date) -> list[str]:
    found = {_code(element, part, on) for part in _parts(said)}
    return [value.code for value in vocabulary(element.vocabulary).values if value.code in found]


def _words(element: Element, said: Any, on: date) -> list[str]:
    words = _parts(said)
    if len(words) > element.most:
        raise Unreadable(f"“{element.label}”最多 {element.most} 个，现在是 {len(words)} 个")
    if too_long := next((word for word in words if len(word) > 60), ""):
        raise Unreadable(f"“{element.label}”每个最多 60 个字：{too_long[:20]}…")
    return words


def _flag(element: Element, said: Any, on: date) -> bool:
    if isinstance(said, bool):
        return said
    text = str(said).strip().casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unreadable(f"“{element.label}”填“是”或者“否”，现在是“{str(said)[:20]}”")


def _number(element: Element, said: Any, on: date) -> int | None:
    text = unicodedata.normalize("NFKC", str(said)).strip().removesuffix(".0")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Unreadable(f"“{element.label}”填整数，现在是“{text[:20]}”")
    return int(text)


_READERS = {
    Kind.TEXT: text_of,
    Kind.LONG: _long,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.WORDS: _words,
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
}


def shown(element: Element, value: Any) -> str:
    """A value in words, for pages, workbooks and comparisons."""
    if element.kind == Kind.FLAG:
        return "是" if value else "否"
    if element.kind == Kind.CODE:
        return vocabulary(element.vocabulary).label_of(value) if value else ""
    if element.kind == Kind.CODES:
        return "、".join(vocabulary(element.vocabulary).label_of(code) for code in value)
    if element.kind == Kind.WORDS:
        return "、".join(value)
    return "" if value is None else str(value)
