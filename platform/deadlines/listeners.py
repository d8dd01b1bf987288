"""Who else derives something from deadlines, and is told when they move or are breached.

Apps above this one cannot be imported here; they register themselves when they load.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Listener = Callable[[list[int]], None]
BreachListener = Callable[[list[int], datetime], None]

_listeners: list[Listener] = []
_breach_listeners: list[BreachListener] = []


def listen(listener: Listener) -> Listener:
    """Have a function called with the ids of cases whose due dates were computed anew, in that transaction."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def changed(case_ids: list[int]) -> None:
    """Tell all listeners."""
    for listener in _listeners:
        listener(case_ids)


def listen_to_breaches(listener: BreachListener) -> BreachListener:
    """Have a function called with the ids of deadlines whose breach was recorded, moved or taken back, and the instant.

    It runs in that transaction, once a batch: whatever it does is done for all of them at once.
    """
    if listener not in _breach_listeners:
        _breach_listeners.append(listener)
    return listener


def breached(deadline_ids: list[int], at: datetime) -> None:
    """Tell all listeners to breaches; nothing when there is none."""
    for listener in _breach_listeners if deadline_ids else ():
        listener(deadline_ids, at)
