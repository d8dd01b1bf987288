"""The parts in a need: who asks, who gathers the needs of its district, who looks for the data, who is asked for it."""

from __future__ import annotations

from datetime import date

from accounts.models import Organisation
from procedures.declare import Relation

from catalog.relations import authority, merger_of

asker = Relation("asker", "需求单位")
#: Others that need the same: they were joined into the case, are told of its steps and get what it leads to.
follower = Relation("follower", "同类需求单位")
merger = Relation("merger", "区县数据主管部门")
source = Relation("source", "被征询单位")
#: Bodies that were asked before the one that is asked now.
former = Relation("former", "曾征询单位")

RELATIONS = (asker, follower, merger, authority, source, former)

_DISTRICT = frozenset({Organisation.Kind.DISTRICT_GOVERNMENT, Organisation.Kind.DISTRICT_DEPARTMENT})


def gatherer_of(body: Organisation, on: date) -> Organisation | None:
    """The district data authority that gathers the body's needs (GOV19-12.2); None for all outside districts."""
    return merger_of(body, on) if body.kind in _DISTRICT else None
