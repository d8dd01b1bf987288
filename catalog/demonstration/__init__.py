"""What the catalogue gives to the demonstration: entries over real tables, and matters of every kind."""

from __future__ import annotations

from datetime import datetime

from catalog.demonstration import disputes, entries, matters, needs, rounds


def load(at: datetime) -> None:
    """Make what is not there yet. Run twice, it changes nothing the second time."""
    entries.load(at)
    rounds.load(at)
    matters.load(at)
    needs.load(at)
    disputes.load(at)
