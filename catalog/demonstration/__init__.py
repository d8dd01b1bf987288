"""What the catalogue gives to the demonstration: entries over real tables, rounds, an update, reviews, needs."""

from __future__ import annotations

from datetime import datetime

from catalog.demonstration import entries, matters, needs, rounds


def load(at: datetime) -> None:
    """Make what is not there yet. Run twice, it changes nothing the second time."""
    entries.load(at)
    rounds.load(at)
    matters.load(at)
    needs.load(at)
