"""Reading reviews: which run on an entry, what becomes of them by provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actors import Actor
from accounts.models import Organisation
from datacentre.marks import Mark
from datacentre.models import Holding
from deadlines.models import Deadline
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from documents.models import Paper
from statutes.enforcement import enforces

from catalog.corrections.clocks import REVIEW
from catalog.models import Correction, Entry, QualityProblem
from catalog.publishing import is_authority

LABEL = "校核中"
#: The figures are those of the applications received within so many days.
SPAN = timedelta(days=365)
#: A rate over fewer than this is not said as a rate.
FEW = 20


def running(entries: Q) -> QuerySet[Correction]:
    """The open reviews, oldest first, each with the verification code of its notice."""
    notice = Paper.objects.filter(case=OuterRef("case"), kind="correction-notice").order_by("pk")
    return (
        Correction.objects.filter(entries, case__closed_at=None)
        .select_related("case")
        .annotate(notice=Subquery(notice.values("code")[:1]))
        .order_by("case_id")
    )


@enforces("CAT-34", what="校核期间，数据条目、数据行和接口都标明“校核中”")
def marks_of_entry(entry: Entry) -> list[Mark]:
    """What stands beside an entry (one query): the items in doubt, never the records, for the page is public."""
    return [
        Mark(row.item, "", "", LABEL, row.case.received_at, row.notice or "")
        for row in running(Q(entry=entry))
    ]


def marks_of_holding(holding: Holding) -> list[Mark]:
    """What stands beside data for those who may read it (one query)."""
    return [
        Mark(row.item, row.key_item, row.key_value, LABEL, row.case.received_at, row.notice or "")
        for row in running(Q(entry__holding=holding))
    ]


@dataclass
class Line:
    """What became of the applications about one provider's data."""

    body: Organisation
    received: int = 0
    running: int = 0
    late_now: int = 0
    answered: int = 0
    on_time: int = 0
    corrected: int = 0
    declined: int = 0
    extended: int = 0
    urged: int = 0

    @property
    def rate(self) -> int | None:
        """Answered on time, in hundredths; None for too few."""
        return round(100 * self.on_time / self.answered) if self.answered >= FEW else None


@enforces("CAT-32", what="各提供单位校核的件数、按时率和督办情况公开")
def by_provider(at: datetime) -> list[Line]:
    """The last year by provider, most applications first (three queries)."""
    since = at - SPAN
    rows = Deadline.objects.filter(
        clock=REVIEW.code, case__kind="correction-review", case__received_at__gte=since
    ).select_related("case", "owed_by")
    urged = dict(
        Correction.objects.filter(case__received_at__gte=since)
        .order_by()
        .values_list("case_id")
        .annotate(n=Count("case__acts", filter=Q(case__acts__step="urge")))
    )
    lines: dict[int, Line] = {}
    for row in rows:
        if row.owed_by is None:
            continue
        line = lines.setdefault(row.owed_by_id, Line(row.owed_by))
        _count(line, row, at)
        line.urged += urged.get(row.case_id, 0)
    return sorted(lines.values(), key=lambda line: (-line.received, line.body.code))


def _count(line: Line, row: Deadline, at: datetime) -> None:
    line.received += 1
    line.extended += bool(row.extensions)
    if row.outcome == Deadline.Outcome.OPEN:
        line.running += 1
        line.late_now += row.due_at <= at
    elif row.outcome == Deadline.Outcome.MET:
        line.answered += 1
        line.on_time += row.closed_at is not None and row.closed_at < row.due_at
    line.corrected += row.case.state in ("CORRECTED", "CORRECTING")
    line.declined += row.case.state == "DECLINED"


def total(lines: Iterable[Line]) -> Line:
    """All of them together."""
    whole = Line(Organisation(name="全市", short_name="全市"))
    for line in lines:
        for name in (
            "received", "running", "late_now", "answered", "on_time", "corrected", "declined", "extended", "urged",
        ):  # fmt: skip
            setattr(whole, name, getattr(whole, name) + getattr(line, name))
    return whole


def problems(actor: Actor) -> QuerySet[QualityProblem]:
    """Errors that were found: a body's own, all for the city data authority; open ones first."""
    rows = QualityProblem.objects.select_related("entry", "body", "case", "fixed_in")
    if not (actor.is_system or is_authority(actor)):
        rows = rows.filter(body__in={post.organisation_id for post in actor.posts})
    return rows.order_by("fixed_at", "-found_at", "-pk")
