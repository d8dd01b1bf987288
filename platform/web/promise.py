"""How the limits of the law are kept this year: counted from the deadlines themselves, bad news included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from clock import SHANGHAI
from deadlines.models import Deadline, Term
from deadlines.queries import terms_on
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

#: What people ask for: the limit's code, in their words, who answers, the code of its extension.
MATTERS = (
    ("T07", _("部门申请共享数据"), _("市数据主管部门"), "T08"),
    ("T10", _("申请有条件开放的数据"), _("市数据主管部门"), "T11"),
    ("T05", _("发现数据有误，申请校核"), _("数据提供部门"), "T05.extension"),
    ("T13", _("对开放目录有疑义，申请更正"), _("数据提供部门"), "T13.extension"),
)
CODES = tuple(code for code, *_rest in MATTERS)


@dataclass(frozen=True)
class Kept:
    """Answers that fell due or were given this year. `running` are open and not yet due."""

    year: int
    given: int
    on_time: int
    late: int
    overdue: int
    running: int

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
    given: int
    on_time: int


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


def kept(at: datetime) -> tuple[Kept, dict[str, dict[str, int]]]:
    """This year's answers in all, and by the code of the limit (one query)."""
    rows = (
        Deadline.objects.filter(term__code__in=CODES).values("term__code").annotate(**_counts(at)).order_by()
    )
    by_code = {row["term__code"]: row for row in rows}
    total = {
        name: sum(row[name] for row in by_code.values())
        for name in ("given", "on_time", "overdue", "running")
    }
    late = total["given"] - total["on_time"]
    return Kept(at.astimezone(SHANGHAI).year, late=late, **total), by_code


def limits(at: datetime, by_code: dict[str, dict[str, int]]) -> list[Limit]:
    """The limits in force, with their bases, and how often they were kept this year (one query)."""
    wanted = [code for code, _matter, _who, extension in MATTERS for code in (code, extension)]
    day = at.astimezone(SHANGHAI).date()
    terms = {term.code: term for term in terms_on(day).filter(code__in=wanted).order_by("valid_from")}
    rows = []
    for code, matter, who, extension in MATTERS:
        if code not in terms:
            continue
        length = plain = _length(terms[code])
        if extension in terms:
            length += f"，可延长 {_length(terms[extension])}"
        counts = by_code.get(code, {"given": 0, "on_time": 0})
        rows.append(
            Limit(str(matter), str(who), length, plain, terms[code].basis, counts["given"], counts["on_time"])
        )
    return rows


def _length(term: Term) -> str:
    return f"{term.amount} {term.get_unit_display()}"
