"""What the apps give to the public home page. The page draws what is given and shows no figure that nobody gave.

The catalogue and the procedures register their part in `AppConfig.ready`:

    portal.register_catalogue(portal_summary)      # (at) -> Catalogue
    portal.register_answers(recent_answers)        # (at) -> list of Answer
    portal.register_field(_("共享"), order=20)      # what can be done here, as the foot of each page says it

Each function costs a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Subject:
    """A subject with the number of published entries, of which `unconditional` and `conditional` are shared."""

    name: str
    href: str
    count: int
    unconditional: int
    conditional: int
    examples: str = ""

    @property
    def shared(self) -> int:
        """All that is shared, with or without conditions."""
        return self.unconditional + self.conditional


@dataclass(frozen=True)
class Recent:
    """A newly published entry. `level` is a sharing type's value."""

    name: str
    href: str
    provider: str
    cycle: str
    at: datetime
    level: str


@dataclass(frozen=True)
class Catalogue:
    """The published catalogue in figures."""

    href: str
    entries: int = 0
    providers: int = 0
    items: int = 0
    unconditional: int = 0
    conditional: int = 0
    subjects: list[Subject] = field(default_factory=list)
    recent: list[Recent] = field(default_factory=list)
    districts: Mapping[str, int] = field(default_factory=dict)  # district code: entries
    district_href: str = ""  # with {code}
    common: list[tuple[str, str]] = field(default_factory=list)  # often looked for: (words, address)


@dataclass(frozen=True)
class Answer:
    """An answer that its procedure makes public: no person, no applicant who is not a public body."""

    title: str
    kind: str
    outcome: str
    tone: str  # "ok", "bad" or "" as the tag's modifier
    note: str
    at: datetime
    href: str = ""


_catalogue: list[Callable[[datetime], Catalogue]] = []
_answers: list[Callable[[datetime], list[Answer]]] = []


_fields: dict[str, int] = {}


def register_field(name: str, *, order: int) -> None:
    """Name a part of the law that can be acted on here: nothing is promised that is not installed."""
    _fields[name] = order


def fields() -> str:
    """What is installed, as one phrase: 目录、共享与开放."""
    names = [str(name) for name in sorted(_fields, key=lambda name: _fields[name])]
    return "与".join(part for part in ("、".join(names[:-1]), *names[-1:]) if part)


def register_catalogue(source: Callable[[datetime], Catalogue]) -> None:
    """Name the one source of the catalogue's figures."""
    _catalogue[:] = [source]


def register_answers(source: Callable[[datetime], list[Answer]]) -> None:
    """Add a procedure's public answers."""
    if source not in _answers:
        _answers.append(source)


def catalogue(at: datetime) -> Catalogue | None:
    """The catalogue's figures, or None when no catalogue is installed."""
    return _catalogue[0](at) if _catalogue else None


def answers(at: datetime, limit: int = 7) -> list[Answer]:
    """The newest public answers of all procedures."""
    found = [answer for source in _answers for answer in source(at)]
    return sorted(found, key=lambda answer: answer.at, reverse=True)[:limit]
