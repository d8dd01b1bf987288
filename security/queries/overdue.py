"""Breaches one by one, with what the body says of them and what has become of them."""

from __future__ import annotations

from datetime import datetime, time

from clock import SHANGHAI
from deadlines.models import Deadline
from django.db.models import QuerySet

from security.period import Period
from security.scope import Scope


def overdue(period: Period, scope: Scope, *, body: int | None = None, label: str = "") -> QuerySet[Deadline]:
    """The breaches whose last day lies in the period, the newest first, with all that a row shows (one query)."""
    since = datetime.combine(period.first, time(), SHANGHAI)
    until = datetime.combine(period.until, time(), SHANGHAI)
    # `breached_at` is the end of the last day, the first instant of the next: a breach of the 31st begins on the 1st.
    found = Deadline.objects.filter(breached_at__gt=since, breached_at__lte=until)
    if scope.bodies is not None:
        found = found.filter(owed_by__in=scope.bodies)
    if body is not None:
        found = found.filter(owed_by=body)
    if label:
        found = found.filter(label=label)
    related = found.select_related("case", "owed_by", "term", "lead", "breach_note")
    return related.defer("working").order_by("-breached_at", "-id")


def reminders(at: datetime) -> QuerySet[Deadline]:
    """Limits without force of law that passed and are still open, without a lead: the authority may raise one."""
    return (
        Deadline.objects.filter(
            outcome=Deadline.Outcome.OPEN, due_at__lte=at, on_pass=Deadline.OnPass.REMIND, lead__isnull=True
        )
        .select_related("case", "owed_by", "term")
        .order_by("due_at", "id")
    )
