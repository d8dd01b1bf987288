"""Who enforces the law: the apps above tell this registry, and the public pages and `manage.py duties` read it.

Statutes stands at the bottom and knows no app. Steps and rules register when they are declared; what rests on an
article, and the live figures about it, come from provider functions that the apps above hand in when they are ready.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from statutes import law
from statutes.texts import Article


@dataclass(frozen=True)
class Enforcer:
    """What enforces a duty: its name (`sharing-request:grant`), its words for people (共享申请：同意), and where the
    code says so (`sharing/procedures.py:41`)."""

    duty: str
    what: str
    label: str
    place: str


@dataclass(frozen=True)
class Reference:
    """Something that rests on an article. `kind` groups them (办理程序, 期限); `value` is a length or a sentence."""

    kind: str
    label: str
    value: str = ""
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """One live number about an article: 在办 12 件. `url` leads to what it counts, when the public may see that."""

    label: str
    value: str
    url: str = ""


Resting = Callable[[Article, datetime], Iterable[Reference]]
Counting = Callable[[Article, datetime], Iterable[Figure]]
Function = TypeVar("Function", bound=Callable[..., object])

_enforcers: dict[str, dict[Enforcer, None]] = {}
_references: dict[Resting, None] = {}
_figures: dict[Counting, None] = {}


def register(duty_id: str, what: str, *, label: str = "", place: str = "") -> None:
    """Say that `what` enforces a duty; `label` is how people read it, and `what` itself when left out.

    `place` is the caller's line when left out; saying it again changes nothing.

    An id that does not exist is refused by the system check and by `manage.py duties`, with its place.
    """
    _enforcers.setdefault(duty_id, {})[Enforcer(duty_id, what, label or what, place or _caller())] = None


def enforces(*duty_ids: str, what: str = "") -> Callable[[Function], Function]:
    """Mark a rule function: `@enforces("CAT-18")`. `what` is the first line of its docstring when left out."""
    place = _caller()

    def mark(function: Function) -> Function:
        said = what or (function.__doc__ or function.__name__).strip().splitlines()[0].rstrip(".。")
        for duty_id in duty_ids:
            register(duty_id, said, place=place)
        return function

    return mark


def enforcing(duty_id: str) -> tuple[Enforcer, ...]:
    """What enforces a duty, in the order it was registered, each name once."""
    return tuple({one.what: one for one in _enforcers.get(duty_id, ())}.values())


def enforcers(duty_id: str) -> tuple[str, ...]:
    """The names of what enforces a duty."""
    return tuple(one.what for one in enforcing(duty_id))


def strays() -> tuple[Enforcer, ...]:
    """The registrations that name a duty which does not exist."""
    known = {duty.id for duty in law.duties()}
    return tuple(one for duty_id, found in _enforcers.items() if duty_id not in known for one in found)


def register_references(provider: Resting) -> None:
    """Hand in a function that lists what rests on an article at an instant; `article.codes()` are the stored bases."""
    _references[provider] = None


def register_figures(provider: Counting) -> None:
    """Hand in a function that counts for an article at an instant: open, on time, overdue in the last 12 months."""
    _figures[provider] = None


def references(article: Article, *, at: datetime) -> tuple[Reference, ...]:
    """All that rests on an article, by provider."""
    return tuple(found for provider in _references for found in provider(article, at))


def figures(article: Article, *, at: datetime) -> tuple[Figure, ...]:
    """The live figures about an article, by provider."""
    return tuple(found for provider in _figures for found in provider(article, at))


def _caller() -> str:
    """The file and line outside this module from which a registration came."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
