"""Who else derives something from due dates, and is told when they move.

Procedures stands above this app and cannot be imported here; it registers itself when it loads.
"""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[list[int]], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Have a function called with the ids of cases whose due dates were computed anew, in that transaction."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def changed(case_ids: list[int]) -> None:
    """Tell all listeners."""
    for listener in _listeners:
        listener(case_ids)
