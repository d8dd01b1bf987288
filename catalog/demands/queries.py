"""Reading needs across cases: what the city's bodies lack, where each stands, how long it waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.actors import Actor
from accounts.models import Role
from deadlines.queries import current_calendar
from deadlines.workdays import day_of, workdays_between
from django.db.models import Count, Q, QuerySet
from procedures import registry
from procedures.models import Party
from procedures.queries import visible_to
from statutes.enforcement import enforces

from catalog.demands import likely
from catalog.demands.relations import follower
from catalog.models import Demand, Inquiry
from catalog.models.entries import compiles
from catalog.procedures.demand import LOOKED_FOR

KIND = "demand-matching"


def may_see(actor: Actor) -> bool:
    """Everybody who works at a body that provides public data, and the auditors."""
    return compiles(actor) or actor.holds(Role.AUDITOR)


@dataclass(frozen=True)
class Line:
    """One need in one line. `open` says whether the reader may open the case; `days` are working days."""

    demand: Demand
    state: str
    asked_by: tuple[str, ...]
    with_whom: str
    days: int
    ended: bool
    open: bool

    @property
    def bodies(self) -> str:
        return "、".join(self.asked_by)


@enforces("CAT-12", what="全市数据需求按环节列出，写明谁提出、等了多久")
def needs(state: str = "", text: str = "") -> QuerySet[Demand]:
    """The open needs, or those in one state; the longest waiting first, ended ones with the newest first."""
    rows = Demand.whole.all()
    rows = rows.filter(case__state=state) if state else rows.filter(case__closed_at=None)
    if text:
        rows = rows.filter(
            Q(items__icontains=text)
            | Q(function__icontains=text)
            | Q(asker__name__icontains=text)
            | Q(asker__short_name__icontains=text)
            | Q(case__number__iexact=text)
        )
    return rows.order_by("-case__closed_at", "case__received_at", "pk")


def by_state() -> list[tuple[str, str, int]]:
    """(code, label, count) of every state in the order of the procedure (one query)."""
    found = Counter(dict(Demand.objects.order_by().values_list("case__state").annotate(n=Count("pk"))))
    states = registry.get(KIND).states
    ordered = dict.fromkeys((*LOOKED_FOR, *states.values()))
    return [(state.code, state.label, found[state.code]) for state in ordered]


def told(demands: Sequence[Demand], actor: Actor, today: date) -> list[Line]:
    """The needs of a page as it shows them; four queries for any number."""
    keys = [demand.pk for demand in demands]
    states, calendar = registry.get(KIND).states, current_calendar()
    others: dict[int, list[str]] = {}
    for party in (
        Party.objects.filter(case__in=keys, relation=follower.code)
        .select_related("organisation")
        .order_by("id")
    ):
        others.setdefault(party.case_id, []).append(party.organisation.short_name)
    asked = {
        inquiry.demand_id: inquiry
        for inquiry in Inquiry.objects.filter(demand__in=keys).select_related("body").order_by("pk")
    }
    seen = set(visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    lines = []
    for demand in demands:
        state, case = states[demand.case.state], demand.case
        last = day_of(case.closed_at) if case.closed_at is not None else today
        inquiry = asked.get(demand.pk)
        lines.append(
            Line(
                demand,
                state.label,
                (demand.asker.short_name, *others.get(demand.pk, ())),
                inquiry.body.short_name
                if inquiry is not None and case.state in ("ASKED", "CATALOGUING")
                else "",
                workdays_between(calendar, case.received_on, last),
                state.outcome,
                demand.pk in seen,
            )
        )
    return lines


def alike(text: str) -> list[Demand]:
    """The open needs that may be the same as what somebody is about to ask for (one query)."""
    return likely.alike(text, Demand.whole.filter(case__closed_at=None))
