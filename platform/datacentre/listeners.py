"""How an app above takes part without the kernel knowing it: two lists that apps fill when they start.

`on_version` callables hear of every new version, each after the load's own transaction; one that raises is logged
and does not stop the others, so a listener must also be able to find by itself what it missed.
`admits` callables say why a holding may not receive data or be granted, or nothing.
`norms` callables cite the norm by which data is checked when it is loaded on a day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from django.db import transaction

from datacentre.models import Holding, HoldingVersion
from datacentre.refusals import NotAdmitted

_on_version: list[Callable[[HoldingVersion], None]] = []
_admits: list[Callable[[Holding], str]] = []
_norms: list[Callable[[date], str]] = []


def register(listener: Callable[[HoldingVersion], None]) -> None:
    """Hear of new versions; registering twice counts once."""
    if listener not in _on_version:
        _on_version.append(listener)


def unregister(listener: Callable[[HoldingVersion], None]) -> None:
    _on_version.remove(listener)


def register_admission(reason: Callable[[Holding], str]) -> None:
    """Take part in deciding whether a holding may be filled and granted."""
    if reason not in _admits:
        _admits.append(reason)


def register_norm(cited: Callable[[date], str]) -> None:
    """Say which norm holds for loading on a day, or nothing."""
    if cited not in _norms:
        _norms.append(cited)


def norm(on: date) -> str:
    """The norms in force on the day, as they are cited; empty where there is none."""
    return "、".join(found for cited in _norms if (found := cited(on)))


def announce(version: HoldingVersion) -> None:
    """Tell every listener once the transaction has been committed."""
    for listener in _on_version:
        transaction.on_commit(partial(listener, version), robust=True)


def require_admission(holding: Holding) -> None:
    """Raise `NotAdmitted` with the first reason given."""
    for reason in _admits:
        if why := reason(holding):
            raise NotAdmitted(why)
