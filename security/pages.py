"""What the pages of supervision show, worked out before the templates draw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from deadlines.models import Deadline
from deadlines.workdays import Calendar, day_of, workdays_between
from django.db.models import Count
from django.http import QueryDict

from security import dashboard
from security.models import BreachNote, Lead
from security.period import Period, choices
from security.queries.overdue import overdue
from security.queries.refusals import refusals
from security.scope import Scope, answers_for

DRILLED = 8


@dataclass(frozen=True)
class Question:
    """What is asked of the figures: a period, perhaps one kind of limit, perhaps one body."""

    period: Period
    label: str
    body: int | None

    @classmethod
    def of(cls, query: QueryDict, today: date, scope: Scope) -> Question:
        asked = query.get("body", "")
        body = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else None
        if body is not None and not scope.holds(body):
            body = None
        return cls(Period.of(query.get("period", ""), today), query.get("kind", "")[:60], body)

    def query(self, **changes: Any) -> str:
        """The same question as the query of an address, with changes; empty parts are left out."""
        asked = {"period": self.period.key, "kind": self.label, "body": self.body, **changes}
        made = QueryDict(mutable=True)
        made.update({name: str(value) for name, value in asked.items() if value})
        return made.urlencode()


@dataclass(frozen=True)
class OverdueRow:
    """One breach: by how many working days, what the body says, what has become of it."""

    deadline: Deadline
    days: int
    note: BreachNote | None
    lead: Lead | None
    mine: bool

    @property
    def is_open(self) -> bool:
        return self.deadline.outcome == Deadline.Outcome.OPEN


def overdue_rows(
    found: Iterable[Deadline], actor: Actor, *, today: date, calendar: Calendar
) -> list[OverdueRow]:
    rows = []
    for deadline in found:
        until = day_of(deadline.closed_at) if deadline.closed_at else today
        rows.append(
            OverdueRow(
                deadline,
                max(0, workdays_between(calendar, deadline.due_on, until)),
                getattr(deadline, "breach_note", None),
                getattr(deadline, "lead", None),
                answers_for(actor, deadline.owed_by_id),
            )
        )
    return rows


def overview(
    question: Question, actor: Actor, scope: Scope, *, at: datetime, calendar: Calendar, every: bool
) -> dict[str, Any]:
    """The dashboard (seven queries whatever the number of limits, bodies and leads)."""
    today = day_of(at)
    board = dashboard.build(question.period, scope, today=today, calendar=calendar, label=question.label)
    named = Organisation.objects.filter(pk=question.body).first() if question.body else None
    drilled = overdue(question.period, scope, body=question.body, label=question.label)
    refused = refusals(question.period, scope)
    answered = sum(row.tally.due - row.tally.still_open for row in board.kinds if row.label in refused.labels)
    return {
        "board": board,
        "question": question,
        "scope": scope,
        "days": question.period.days(today),
        "periods": choices(today),
        "ranked": board.ranked if every else board.ranked[: dashboard.SHOWN],
        "every": every or len(board.ranked) <= dashboard.SHOWN,
        "least": dashboard.LEAST_TO_RANK,
        "target": dashboard.TARGET,
        "named": named,
        "overdue": overdue_rows(drilled[:DRILLED], actor, today=today, calendar=calendar),
        "refused": refused,
        "answered": answered,
        "leads": lead_counts(scope),
    }


def lead_counts(scope: Scope) -> list[tuple[str, str, int]]:
    """Leads by status, those to be dealt with first: (status, words, number), without what is none (one query)."""
    counted = dict(Lead.objects.within(scope).order_by().values_list("status").annotate(n=Count("pk")))
    return [(value, str(label), counted[value]) for value, label in Lead.Status.choices if value in counted]
