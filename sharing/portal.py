"""What sharing makes public on the home page: which data was asked for, how it was answered, and how long it took.

No person and no applicant appears; an entry that is not published appears neither.
"""

from __future__ import annotations

from datetime import datetime

from deadlines.models import Deadline
from deadlines.queries import current_calendar
from deadlines.workdays import day_of, workdays_between
from django.db.models import Prefetch
from django.urls import reverse
from procedures.models import Act
from web.portal import Answer

from catalog.models import Entry
from sharing.clocks import ANSWER

SHOWN = 7
#: So many of the newest answers are looked through; some are of entries no longer published.
LOOKED_AT = 3 * SHOWN
TONES = {"grant": "ok", "grant-at-once": "ok", "refuse": ""}


def recent_answers(at: datetime) -> list[Answer]:
    """The newest answers, each with its working days against the limit (three queries and the calendar)."""
    clocks = Deadline.objects.filter(clock=ANSWER.code, outcome=Deadline.Outcome.MET).select_related("term")
    acts = list(
        Act.objects.filter(step__in=TONES, case__kind="sharing-request")
        .select_related("case__sharing_request")
        .prefetch_related(Prefetch("case__deadlines", queryset=clocks, to_attr="answers"))
        .order_by("-id")[:LOOKED_AT]
    )
    wanted = {act.case.sharing_request.entry_id for act in acts}
    entries = Entry.objects.visible_to(None).in_bulk(wanted)
    calendar = current_calendar()
    found = []
    for act in acts:
        entry = entries.get(act.case.sharing_request.entry_id)
        if entry is None or not act.case.answers:
            continue
        deadline = act.case.answers[0]
        used = workdays_between(calendar, day_of(deadline.started_at), day_of(deadline.closed_at))
        tone = "bad" if deadline.breached_at else TONES[act.step]
        found.append(
            Answer(
                entry.name,
                "共享申请",
                _outcome(act),
                tone,
                _note(used, deadline),
                act.at,
                reverse("catalog:entry", args=[entry.code]),
            )
        )
    return found[:SHOWN]


def _outcome(act: Act) -> str:
    record = act.case.sharing_request
    if act.step == "refuse":
        return "不同意"
    return "部分同意" if set(record.granted_items) < set(record.items) else "同意"


def _note(used: int, deadline: Deadline) -> str:
    """用时 4 个工作日（限 5 个）; what was late says so."""
    amount = deadline.term.amount + sum(extension["amount"] for extension in deadline.extensions)
    took = f"用时 {used} 个工作日" if used else "当天答复"
    late = "，逾期" if deadline.breached_at else ""
    return f"{took}（限 {amount} 个）{late}"
