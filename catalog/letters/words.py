"""The papers of the catalogue (matrix D01 to D09), in the words in which they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any


def h(text: str) -> dict[str, str]:
    return {"h": text}


def p(text: str) -> dict[str, str]:
    return {"p": text}


def on(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def listed(lines: Iterable[str], *, most: int = 300) -> list[dict[str, Any]]:
    """Lines of a paper, each a paragraph; beyond `most` it says how many more the platform lists."""
    rows = list(lines)
    more = [p(f"另有{len(rows) - most}条，见平台本件所附清单。")] if len(rows) > most else []
    return [*([p("\n".join(rows[:most]))] if rows else []), *more]
