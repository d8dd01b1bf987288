"""The code lists of the cataloguing norm, as dated data (`data/vocabularies.toml`).

A value has a code, which is what is kept, a label, which is what is shown, and the spellings by which other
catalogues name it. A value that ended is no longer offered and still has its label: what was catalogued under it
stays readable.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent.parent / "data" / "vocabularies.toml"


@dataclass(frozen=True)
class Value:
    """One value. `days` is how long a version of data stays fresh (update cycles only; 0: not measurable)."""

    code: str
    label: str
    guide: str = ""
    since: date | None = None
    until: date | None = None
    also: tuple[str, ...] = ()
    days: int = 0
    source: str = ""

    def stands(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Vocabulary:
    """A code list by its name, with its source."""

    name: str
    label: str
    source: str
    values: tuple[Value, ...]
    by_code: Mapping[str, Value] = field(init=False)
    _spellings: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        spellings: dict[str, str] = {}
        # The own names come first: no foreign spelling may take one away.
        for value in self.values:
            for text in (value.code, value.label):
                spellings.setdefault(fold(text), value.code)
        for value in self.values:
            for text in (value.guide, *value.also):
                if text:
                    spellings.setdefault(fold(text), value.code)
        object.__setattr__(self, "by_code", MappingProxyType({value.code: value for value in self.values}))
        object.__setattr__(self, "_spellings", MappingProxyType(spellings))

    def label_of(self, code: str) -> str:
        """The label of a code, also of one that ended; an unknown code is shown as it is."""
        value = self.by_code.get(code)
        return value.label if value else code

    def choices(self, on: date) -> list[tuple[str, str]]:
        """(code, label) of the values that stand on the day, in the order of the list."""
        return [(value.code, value.label) for value in self.values if value.stands(on)]

    def stands(self, code: str, on: date) -> bool:
        value = self.by_code.get(code)
        return value is not None and value.stands(on)

    def find(self, spelling: str) -> str:
        """The code that a spelling stands for: code, label, number in the guide or a known foreign name; else ''."""
        return self._spellings.get(fold(spelling), "")


_BLANK = re.compile(r"[\s·•、,，;；_/\\-]+")


def fold(text: str) -> str:
    """A spelling without what people vary without meaning anything: width, case, blanks, separators."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _all() -> Mapping[str, Vocabulary]:
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return MappingProxyType(
        {
            name: Vocabulary(
                name,
                table["label"],
                table["source"],
                tuple(Value(**{**value, "also": tuple(value.get("also", ()))}) for value in table["values"]),
            )
            for name, table in tables.items()
        }
    )


def vocabulary(name: str) -> Vocabulary:
    """The code list by its name. Raises KeyError."""
    return _all()[name]


def names() -> list[str]:
    return list(_all())


def label(name: str, code: str) -> str:
    """The label of a code in a list."""
    return vocabulary(name).label_of(code)
