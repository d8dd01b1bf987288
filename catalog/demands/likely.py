"""What may be meant by a need: published entries, other needs. Shown to people beside the need; people decide.

How near a text is to a need is the share of the need's neighbouring characters (`search.words.tokens`) that the text
has as well, for the nearest of the things that the need names and of the other words for it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.models import Demand, Entry, EntryItem
from catalog.search import find
from catalog.search.words import fold, term, tokens

_DIVIDES = re.compile(r"[、，,；;。\s]+")
#: Of a need so many things are looked for, and so many entries for each.
THINGS, EACH = 4, 8
#: So many entries of one publication are noted for one need, the nearest.
MOST_NEW = 10
#: From this share on an entry is shown beside the need; from the other on somebody is told of a new one.
NEAR, VERY_NEAR = 0.4, 0.6

#: So many needs that have something in common with a text are looked at, the newest; of a text of more tokens than that
#: (a publication of hundreds of entries) all needs are taken to have something in common with it.
NEWEST, MOST_TOKENS = 500, 2000

Ways = tuple[frozenset[str], ...]


def things(text: str) -> list[str]:
    """The single things that a need names: 机动车登记信息、车辆年检信息."""
    return [part for part in dict.fromkeys(_DIVIDES.split(text)) if len(part) > 1]


def ways(text: str) -> Ways:
    """Each way to say one of the things, as the tokens it is found by."""
    found = [word.text for thing in things(text) for word in term(fold(thing)).words]
    return tuple(dict.fromkeys(frozenset(tokens(each)) for each in found if each))


def sought(text: str) -> list[str]:
    """All the tokens that a need is found by (`Demand.sought`), with the other words known when it is raised."""
    return sorted(words_of(text, ()).union(*ways(text)))


def sharing(needs: QuerySet[Demand], has: Collection[str]) -> list[Demand]:
    """The newest `NEWEST` of the needs that have a token in common; older ones are left out. One query by an index."""
    if not has:
        return []
    if len(has) <= MOST_TOKENS:
        needs = needs.filter(sought__overlap=sorted(has))
    return list(needs.order_by("-pk")[:NEWEST])


def nearness(asked: Ways, has: frozenset[str]) -> float:
    """From 0 to 1: the share of the nearest way's tokens that the text has."""
    return max((len(way & has) / len(way) for way in asked if way), default=0.0)


def words_of(name: str, more: Iterable[str]) -> frozenset[str]:
    """The tokens of a name and of further names, which do not run into each other."""
    return frozenset(token for text in (name, *more) for token in tokens(fold(text)))


@dataclass(frozen=True)
class Near:
    """An entry that may be what is needed."""

    entry: Entry
    nearness: float
    items: tuple[str, ...]

    @property
    def percent(self) -> int:
        return round(100 * self.nearness)


def entries(text: str, *, most: int = 6, without: int | None = None) -> list[Near]:
    """The published entries that the catalogue's search finds for the need, the nearest first.

    `without` leaves out what the body of that key provides itself. A few queries for each of the things named.
    """
    asked = ways(text)
    keys = [
        key
        for thing in things(text)[:THINGS]
        for key in find.likeliest(find.Search.asking(thing), None, EACH)
    ]
    published = Entry.objects.published().filter(pk__in=keys).select_related("provider")
    if without is not None:
        published = published.exclude(provider=without)
    found = {entry.pk: entry for entry in published}
    items: Mapping[int, list[str]] = defaultdict(list)
    for key, name in (
        EntryItem.objects.filter(entry__in=found).order_by("position").values_list("entry_id", "name")
    ):
        items[key].append(name)
    near = [
        Near(
            found[key],
            nearness(asked, words_of(found[key].name, [*found[key].keywords, *items[key]])),
            tuple(items[key]),
        )
        for key in dict.fromkeys(keys)
        if key in found
    ]
    return sorted((one for one in near if one.nearness >= NEAR), key=lambda one: -one.nearness)[:most]


def alike(text: str, others: QuerySet[Demand], *, most: int = 5) -> list[Demand]:
    """Those of the other needs that may be the same, the nearest first (one query; see `sharing`)."""
    asked = ways(text)
    near_by = sharing(others, frozenset().union(*asked))
    said = [(nearness(asked, words_of(other.items, ())), other) for other in near_by]
    near = sorted((pair for pair in said if pair[0] >= VERY_NEAR), key=lambda pair: -pair[0])
    return [other for _share, other in near[:most]]


def among(needs: Sequence[Demand], texts: Mapping[int, frozenset[str]]) -> list[tuple[Demand, int]]:
    """Which need may be met by which text, by its key: for each need the nearest `MOST_NEW`.

    `texts` are tokens by key, as `words_of` gives them. The work grows with what needs and texts have in common, not
    with the needs times the texts.
    """
    asked = [(demand, way) for demand in needs for way in ways(demand.items)]
    by_token: dict[str, list[int]] = defaultdict(list)
    for place, (_demand, way) in enumerate(asked):
        for token in way:
            by_token[token].append(place)
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for key, has in texts.items():
        shared = Counter(place for token in has & by_token.keys() for place in by_token[token])
        for place, count in shared.items():
            demand, way = asked[place]
            share = count / len(way)
            if share >= VERY_NEAR:
                near[demand.pk][key] = max(share, near[demand.pk].get(key, 0.0))
    return [
        (demand, key)
        for demand in needs
        for key in sorted(near[demand.pk], key=lambda key: -near[demand.pk][key])[:MOST_NEW]
    ]
