"""How the limit was kept, in one line: 9月21日收到，法定5个工作日，9月29日截止，9月23日答复，按时。

Said only of limits that the paper's own act met, because those no longer move. In the manner of formal papers: no
spaces, and the year only when it is not the paper's.
"""

from __future__ import annotations

from datetime import date, datetime

from clock import SHANGHAI
from deadlines.models import Deadline, Term

_UNITS = {
    Term.Unit.WORKDAYS: "个工作日",
    Term.Unit.DAYS: "日",
    Term.Unit.MONTHS: "个月",
    Term.Unit.YEARS: "年",
}
_FORCE = {
    Term.Standing.LAW: "法定",
    Term.Standing.DEFAULT: "平台默认（无法定效力）",
    Term.Standing.SECOND_HAND: "待确认",
    Term.Standing.UNCHECKED: "待核",
}


def kept(deadline: Deadline, *, received_at: datetime, year: int) -> str:
    """The line for a limit that was met. `received_at` is the case's; `year` the one that need not be said."""

    def said(day: date) -> str:
        short = f"{day.month}月{day.day}日"
        return short if day.year == year else f"{day.year}年{short}"

    began = "收到" if deadline.started_at == received_at else "起算"
    parts = [f"{said(_day(deadline.started_at))}{began}"]
    if deadline.term is not None and deadline.term.unit in _UNITS:
        force = _FORCE[Term.Standing(deadline.term.standing)]
        parts.append(f"{force}{deadline.term.amount}{_UNITS[Term.Unit(deadline.term.unit)]}")
    for extension in deadline.extensions:
        on = said(_day(datetime.fromisoformat(extension["at"])))
        parts.append(f"{on}延长{extension['amount']}{_UNITS[Term.Unit(extension['unit'])]}")
    for pause in deadline.pauses:
        parts.append(f"{said(date.fromisoformat(pause['from']))}中止计算")
        if pause["to"]:
            parts.append(f"{said(date.fromisoformat(pause['to']))}恢复")
    parts.append(f"{said(deadline.due_on)}截止")
    if deadline.closed_at is not None:
        parts.append(f"{said(_day(deadline.closed_at))}{'答复' if '答复' in deadline.label else '作出'}")
        late = deadline.breached_at is not None or deadline.closed_at >= deadline.due_at
        parts.append("逾期" if late else "按时")
    return "，".join(parts) + "。"


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
