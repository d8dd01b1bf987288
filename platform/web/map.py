"""The 37 districts as drawn paths, projected once from the open boundary file (data/SOURCE.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

RANKED = 9
DATA = Path(__file__).parent / "data" / "districts.json"


@dataclass(frozen=True)
class Label:
    """A name on the map: where, which way it runs, and the point it is led from when it stands outside."""

    text: str
    x: float
    y: float
    anchor: str = ""
    lead: str = ""
    dot: tuple[float, float] | None = None


@dataclass(frozen=True)
class Area:
    """One district as drawn on one of the two maps. `step` is 0 for none, 1–5 from few to many."""

    code: str
    name: str
    path: str
    number: int
    step: int
    label: Label | None
    href: str = ""


@dataclass(frozen=True)
class Map:
    width: float
    height: float
    areas: list[Area]
    inset: list[Area]
    inset_at: tuple[float, float]
    frame: tuple[float, float, float, float]
    leads: str
    bands: list[tuple[int, str]]
    elsewhere: int  # the number of codes that are not on the map: districts that have ended

    @property
    def linked(self) -> bool:
        return any(area.href for area in self.areas)

    @property
    def some(self) -> int:
        """How many districts have any."""
        return sum(area.number > 0 for area in self.areas)

    @property
    def rank(self) -> list[Area]:
        """The districts with most, for the table beside the map."""
        return sorted((a for a in self.areas if a.number), key=lambda a: (-a.number, a.code))[:RANKED]

    @property
    def most(self) -> int:
        return max((area.number for area in self.areas), default=0)


@cache
def _drawn() -> dict[str, Any]:
    return json.loads(DATA.read_text(encoding="utf-8"))


def bands(numbers: Sequence[int]) -> list[int]:
    """The lower bounds of up to five classes of about the same number of districts; the least is the first."""
    ordered = sorted(number for number in numbers if number)
    if not ordered:
        return []
    cuts = {ordered[0]} | {ordered[len(ordered) * share // 5] for share in range(1, 5)}
    return sorted(cuts)


def draw(numbers: Mapping[str, int], href: str = "") -> Map:
    """The map coloured by a number a district code; districts not named have none. `href` holds `{code}`."""
    drawn = _drawn()
    lower = bands(list(numbers.values()))
    top = 5 - len(lower)

    def area(row: dict[str, Any]) -> Area:
        number = numbers.get(row["code"], 0)
        step = top + sum(number >= low for low in lower) if number else 0
        label = Label(**row["label"]) if row.get("label") else None
        address = href.replace("{code}", row["code"]) if number else ""
        return Area(row["code"], row["name"], row["path"], number, step, label, address)

    words = [(0, "没有")]
    for index, low in enumerate(lower):
        high = lower[index + 1] - 1 if index + 1 < len(lower) else None
        text = f"{low} 个以上" if high is None else (f"{low}" if high == low else f"{low}–{high}")
        words.append((top + index + 1, text))
    return Map(
        width=drawn["width"],
        height=drawn["height"],
        areas=[area(row) for row in drawn["areas"]],
        inset=[area(row) for row in drawn["inset"]],
        inset_at=tuple(drawn["inset_at"]),
        frame=tuple(drawn["frame"]),
        leads=drawn["leads"],
        bands=list(reversed(words)),
        elsewhere=sum(numbers.values()) - sum(numbers.get(row["code"], 0) for row in drawn["areas"]),
    )
