"""How the limits of the law are kept this year: counted from the deadlines themselves, bad news included.

Only what can be asked for here is told: a matter appears by itself once a procedure with its limit is installed.
Counting reads a year's deadlines, so the worker counts every few minutes (`keep`) and the page shows what was counted
last and when. When nobody counted lately (no worker, a clock that was moved) the page counts by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from clock import SHANGHAI
from deadlines.models import Deadline, Term
from deadlines.queries import terms_on
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from procedures.registry import all_procedures

from web.models import Figure

#: What people ask for: the limit's code, in their words, who answers, the code of its extension.
MATTERS = (
    ("T07", _("部门申请共享数据"), _("市数据主管部门"), "T08"),
    ("T10", _("申请有条件开放的数据"), _("市数据主管部门"), "T11"),
    ("T05", _("发现数据有误，申请校核"), _("数据提供部门"), "T05.extension"),
    ("T13", _("对开放目录有疑义，申请更正"), _("数据提供部门"), "T13.extension"),
)
CODES = tuple(code for code, *_rest in MATTERS)
NAME = "promise"
#: A figure older than this is not shown any more; the worker counts three times as often.
FRESH = timedelta(minutes=15)
ByCode = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Kept:
    """Answers that fell due or were given this year, counted `at`. `running` are open and not yet due."""

    at: datetime
    given: int
    on_time: int
    late: int
    overdue: int
    running: int

    @property
    def year(self) -> int:
        return self.at.astimezone(SHANGHAI).year

    @property
    def due(self) -> int:
        return self.given + self.overdue

    @property
    def rate(self) -> Decimal | None:
        """Per cent on time, one decimal, cut and not rounded: 99.96 is not 100. None when nothing was due."""
        if not self.due:
            return None
        return (Decimal(self.on_time) * 100 / self.due).quantize(Decimal("0.1"), ROUND_DOWN)

    @property
    def missed(self) -> int:
        return self.late + self.overdue


@dataclass(frozen=True)
class Limit:
    """One row of the table of limits."""

    matter: str
    who: str
    length: str  # with its extension: 5 个工作日，可延长 5 个工作日
    plain: str  # without: 5 个工作日
    basis: str
    due: int  # given or overdue this year, as in `Kept`
    on_time: int

    @property
    def missed(self) -> int:
        return self.due - self.on_time


def _counts(at: datetime) -> dict[str, Count]:
    start = at.astimezone(SHANGHAI).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    met = Q(outcome=Deadline.Outcome.MET, closed_at__gte=start, closed_at__lt=at)
    in_time = met & Q(closed_at__lt=F("due_at"))
    is_open = Q(outcome=Deadline.Outcome.OPEN)
    return {
        "given": Count("id", filter=met),
        "on_time": Count("id", filter=in_time),
        "overdue": Count("id", filter=is_open & Q(due_at__lte=at)),
        "running": Count("id", filter=is_open & Q(due_at__gt=at)),
    }


def kept(at: datetime) -> tuple[Kept, ByCode]:
    """This year's answers in all, and by the code of the limit, as counted last (one query), or else now (two)."""
    row = Figure.objects.filter(pk=NAME, at__gt=at - FRESH, at__lte=at).first()
    if row is not None and row.at.astimezone(SHANGHAI).year == at.astimezone(SHANGHAI).year:
        return _total(row.at, row.content), row.content
    by_code = count(at)
    return _total(at, by_code), by_code


def keep(at: datetime) -> None:
    """Count, and keep what was counted for the page."""
    Figure.objects.update_or_create(pk=NAME, defaults={"at": at, "content": count(at)})


def count(at: datetime) -> ByCode:
    """This year's answers by the code of the limit (one query over the year's deadlines)."""
    rows = (
        Deadline.objects.filter(term__code__in=CODES).values("term__code").annotate(**_counts(at)).order_by()
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    return {row["term__code"]: {name: row[name] for name in _counts(at)} for row in found}


def _total(at: datetime, by_code: ByCode) -> Kept:
    total = {name: sum(row[name] for row in by_code.values()) for name in _counts(at)}
    return Kept(at, late=total["given"] - total["on_time"], **total)


def limits(at: datetime, by_code: ByCode) -> list[Limit]:
    """The limits in force, with their bases, and how often they were kept this year (one query)."""
    wanted = [code for code, _matter, _who, extension in MATTERS for code in (code, extension)]
    day = at.astimezone(SHANGHAI).date()
    terms = {term.code: term for term in terms_on(day).filter(code__in=wanted).order_by("valid_from")}
    rows = []
    kept_here = {clock.term for procedure in all_procedures() for clock in procedure.clocks.values()}
    for code, matter, who, extension in MATTERS:
        if code not in terms or code not in kept_here:
            continue
        length = plain = _length(terms[code])
        if extension in terms:
            length += f"，可延长 {_length(terms[extension])}"
        counts = by_code.get(code, {"given": 0, "overdue": 0, "on_time": 0})
        due = counts["given"] + counts["overdue"]
        rows.append(Limit(str(matter), str(who), length, plain, terms[code].basis, due, counts["on_time"]))
    return rows


def _length(term: Term) -> str:
    return f"{term.amount} {term.get_unit_display()}"
