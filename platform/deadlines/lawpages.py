"""What the public page of an article says of limits: the terms that rest on it, and how they were kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from statutes.enforcement import Figure, Reference
from statutes.texts import Article

from deadlines.models import Deadline, Term
from deadlines.queries import terms_on
from deadlines.workdays import add_months, day_of


def references(article: Article, at: datetime) -> Iterator[Reference]:
    """The terms in force that rest on the article, with their length and force (one query)."""
    for term in terms_on(day_of(at)).filter(basis__in=article.codes()).order_by("code"):
        yield Reference(_("期限"), term.name, f"{length(term)}，{term.get_standing_display()}")


def length(term: Term) -> str:
    """5 个工作日; a term until a named day has no number."""
    if term.unit == Term.Unit.UNTIL:
        return term.get_unit_display()
    return f"{term.amount} {term.get_unit_display()}"


def figures(article: Article, at: datetime) -> list[Figure]:
    """Limits of law on this basis: running now, and kept or not in the last twelve months (one query).

    Answered from the index `deadline_basis` alone. Nothing when no limit has ever rested on the article.
    """
    day = day_of(at)
    year = Q(due_on__gt=add_months(day, -12))
    rests = Deadline.objects.filter(on_pass=Deadline.OnPass.BREACH, basis__in=article.codes())
    counted = rests.filter(Q(outcome=Deadline.Outcome.OPEN) | year).aggregate(
        running=Count("basis", filter=Q(outcome=Deadline.Outcome.OPEN)),
        on_time=Count("basis", filter=Q(outcome=Deadline.Outcome.MET, breached_at__isnull=True) & year),
        overdue=Count("basis", filter=Q(breached_at__isnull=False) & year),
    )
    if not any(counted.values()):
        return []
    return [
        Figure(_("在办的期限"), f"{counted['running']:,}"),
        Figure(_("近 12 个月按时"), f"{counted['on_time']:,}"),
        Figure(_("近 12 个月逾期"), f"{counted['overdue']:,}"),
    ]
