"""The holidays fixed by the State Council's regulation itself, for years whose yearly arrangement is not yet published.

They make provisional dates less wrong; they never make a date certain. Data and source: data/statutory.json.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path


@cache
def days() -> dict[date, str]:
    """Each statutory day off with its name."""
    path = Path(__file__).parent / "data" / "statutory.json"
    years = json.loads(path.read_text(encoding="utf-8"))["days"]
    return {date.fromisoformat(day): name for names in years.values() for day, name in names.items()}
