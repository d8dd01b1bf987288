"""Refusals by the basis given: read from the declarations, so that a new procedure's refusals count by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from clock import SHANGHAI
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from procedures.declare import Step
from procedures.models import Act
from procedures.registry import all_procedures

from security.period import Period
from security.scope import Scope

SHOWN = 8


@dataclass(frozen=True)
class Basis:
    """One basis as it was written, and how often; `share` in per cent of the most frequent, for the bar."""

    words: str
    count: int
    share: float


@dataclass(frozen=True)
class Refusals:
    """`answered` counts the limits met by answering, on whose kinds the refusals fall."""

    count: int
    bases: list[Basis]
    others: int
    labels: frozenset[str]


def refusing() -> list[tuple[str, Step]]:
    """Each procedure's steps that end a case against the asker and must give a basis."""
    return [
        (procedure.code, step)
        for procedure in all_procedures()
        for step in procedure.steps
        if step.negative
        and step.meets
        and step.to is not None
        and step.to.outcome
        and "basis" in step.facts.law
    ]


def refusals(period: Period, scope: Scope) -> Refusals:
    """The refusals of a period, the most frequent basis first (one query)."""
    steps = refusing()
    wanted = Q(pk__in=[])
    for kind, step in steps:
        wanted |= Q(case__kind=kind, case__state=step.to.code, step=step.code)
    since, until = (datetime.combine(day, time(), SHANGHAI) for day in (period.first, period.until))
    acts = Act.objects.filter(wanted, at__gte=since, at__lt=until)
    if scope.bodies is not None:
        acts = acts.filter(organisation__in=scope.bodies)
    rows = list(
        acts.values_list(KT("facts__basis")).annotate(n=Count("pk")).order_by("-n", KT("facts__basis"))
    )
    most = rows[0][1] if rows else 1
    return Refusals(
        count=sum(n for _, n in rows),
        bases=[Basis(words, n, n * 100 / most) for words, n in rows[:SHOWN]],
        others=sum(n for _, n in rows[SHOWN:]),
        labels=frozenset(clock.label for _, step in steps for clock in step.meets),
    )
