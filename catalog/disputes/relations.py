"""The parts in a dispute and in a suggestion: those who claim the data, who brings them together, who decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accounts.models import Organisation
from procedures.declare import Anyone, Relation

from catalog.relations import provider

first = Relation("first", "争议一方")
second = Relation("second", "争议另一方")
third = Relation("third", "争议第三方")
fourth = Relation("fourth", "争议第四方")
authority = Relation("authority", "本级数据主管部门")
government = Relation("government", "本级政府")

#: Who disputes, in the order in which they were named; a dispute of more than four is rare and is divided.
PARTIES = (first, second, third, fourth)
CODES = tuple(relation.code for relation in PARTIES)
DISPUTING = (*PARTIES, authority, government)
SUGGESTING = (provider, authority, government)

parties = Anyone(tuple(relation.officer for relation in PARTIES))


def disputants(bodies: Mapping[str, Organisation]) -> list[Organisation]:
    """The bodies that dispute, of all that stand in the case."""
    return [bodies[code] for code in CODES if code in bodies]


def sides(bodies: Mapping[str, Organisation]) -> list[Organisation]:
    """Those whose own matter it is: who disputes, or whose entry a suggestion is about."""
    return [bodies[code] for code in (*CODES, provider.code) if code in bodies]


def named(bodies: Iterable[Organisation]) -> str:
    return "、".join(body.short_name for body in bodies)
