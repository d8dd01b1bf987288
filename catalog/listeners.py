"""Who hears of a publication: sharing, opening and the registry hand in functions when they are ready.

A listener is called in the transaction that publishes: what follows from a narrowed or removed entry begins with it,
or the publication is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from accounts.actors import Actor

if TYPE_CHECKING:
    from catalog.models import Publication
    from catalog.versions import EntryChange


class Listener(Protocol):
    def __call__(
        self, publication: Publication, changes: Sequence[EntryChange], *, by: Actor, at: datetime
    ) -> None: ...


_listeners: dict[Callable[..., None], None] = {}


def register(listener: Listener) -> Listener:
    """Hear of every publication from now on; a listener that is known already is not called twice."""
    _listeners[listener] = None
    return listener


def tell(publication: Publication, changes: Sequence[EntryChange], *, by: Actor, at: datetime) -> None:
    """Tell all listeners, in the order in which they came."""
    for listener in _listeners:
        listener(publication, changes, by=by, at=at)
