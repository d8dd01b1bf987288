"""What a dispute is about: an entry, data that nobody has catalogued, or what another matter has come to.

Other matters lead here by `register`: a denial of being the source, a review in which the provider is in question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Organisation
from procedures.models import Case
from procedures.queries import visible_to

from catalog.models import Correction, Entry


@dataclass(frozen=True)
class Item:
    """What is in dispute, as far as the address says it.

    `entry` is None where the data is named in words (`element`); `bodies` are those that are likely parties; `source`
    the matter from which the dispute comes.
    """

    entry: Entry | None = None
    element: str = ""
    bodies: tuple[Organisation, ...] = ()
    source: Case | None = None

    @property
    def name(self) -> str:
        return self.entry.name if self.entry is not None else self.element


_origins: dict[str, Callable[[Case], Item]] = {}


def register(kind: str, describe: Callable[[Case], Item]) -> None:
    """Let matters of a kind lead to a dispute: the key of such a filing is the number of the matter."""
    _origins[kind] = describe


def item(key: str, by: Actor | None = None) -> Item:
    """The item by an entry's resource code, the number of a matter that leads here, or the code of a body with whom
    something uncatalogued is in dispute.

    Raises Entry.DoesNotExist for what does not exist or may not be seen.
    """
    rows = Entry.objects.visible_to(by).select_related("provider")
    if (entry := rows.filter(code=key).first()) is not None:
        return Item(entry, bodies=(entry.provider,))
    body = Organisation.objects.filter(code=key).first()
    if body is not None and body.compiles_a_catalogue:
        return Item(bodies=(body,))
    if by is not None:
        case = visible_to(by).filter(number=key, kind__in=_origins).first()
        if case is not None:
            return _origins[case.kind](case)
    raise Entry.DoesNotExist(key)


def entry(key: str, by: Actor | None = None) -> Entry:
    """The entry of a suggestion. Raises Entry.DoesNotExist."""
    return Entry.objects.visible_to(by).select_related("provider__district").get(code=key)


def of_review(case: Case) -> Item:
    """A review in which it is in question who provides."""
    record = Correction.whole.get(case=case)
    return Item(record.entry, bodies=(record.entry.provider,), source=case)


register("correction-review", of_review)
