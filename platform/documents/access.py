"""Who may read a paper: whoever may see its case. Cases stand above papers, so procedures hands in its rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.actors import Actor
from django.db.models import QuerySet

VisibleCases = Callable[[Actor], QuerySet[Any]]

_rule: list[VisibleCases] = []


def register(visible_cases: VisibleCases) -> None:
    """Set the one rule that says which cases a person may see."""
    _rule[:] = [visible_cases]


def visible_cases(actor: Actor) -> QuerySet[Any]:
    """The cases the person may see, by the registered rule; without one, nobody reads anything."""
    if not _rule:
        raise RuntimeError("documents.access.register() was not called: no rule says who may read papers")
    return _rule[0](actor)
