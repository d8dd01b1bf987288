"""What bodies are told of a limit, in plain words: case, limit, last day, basis.

A reminder says 提醒 and nothing of a breach; what rests on a product default says that it has no force of law.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import Organisation, Post, Role
from clock import SHANGHAI
from django.db.models import F
from notices.letters import Letter

from deadlines.models import Deadline
from deadlines.rows import Row
from deadlines.sentences import full, with_weekday
from deadlines.workdays import day_of


class Told:
    """Who is to be told about a batch of deadlines: the person in charge at the body that owes it, else its desk."""

    def __init__(self, rows: Sequence[Row], at: datetime) -> None:
        self.at = at
        self.names: dict[int, str] = dict(
            Organisation.objects.filter(
                id__in={row.owed_by_id for row in rows if row.owed_by_id}
            ).values_list("id", "name")
        )
        self.handlers = self._handlers([row.pk for row in rows])

    def _handlers(self, ids: list[int]) -> dict[int, int]:
        """Deadline → the handler whom the body itself named for this case, if still in post there."""
        named = list(
            Deadline.objects.filter(
                id__in=ids, case__parties__organisation=F("owed_by"), case__parties__handler__isnull=False
            ).values_list("id", "owed_by", "case__parties__handler")
        )
        if not named:
            return {}
        in_post = set(
            Post.objects.on(day_of(self.at))
            .filter(user__in={user for _, _, user in named}, organisation__in={body for _, body, _ in named})
            .values_list("organisation", "user")
        )
        return {pk: user for pk, body, user in named if (body, user) in in_post}

    def desk(self, topic: str, row: Row, subject: str, text: str) -> list[Letter]:
        """To the person in charge, or to everybody at the desk of the body that owes it."""
        handler = self.handlers.get(row.pk)
        if handler is not None:
            return [Letter(topic, row.case_id, subject, text, self.at, user_id=handler)]
        return self.role(topic, row, Role.OFFICER, subject, text)

    def role(self, topic: str, row: Row, role: Role, subject: str, text: str) -> list[Letter]:
        """To a level of the body that owes it; nobody when nobody owes it."""
        if row.owed_by_id is None:
            return []
        return [
            Letter(
                topic, row.case_id, subject, text, self.at, organisation_id=row.owed_by_id, role=role.value
            )
        ]

    def body_name(self, row: Row) -> str:
        return self.names[row.owed_by_id] if row.owed_by_id else ""


def reminder(row: Row, days: int) -> tuple[str, str]:
    """Before or on the last day."""
    when = "今天 24:00" if days == 0 else f"{with_weekday(row.due_on)}24:00"
    subject = f"提醒：{row.number} {row.label}，{'今天' if days == 0 else full(row.due_on)}到期"
    after = f"期满由系统办理下一步（{row.label}）。" if row.on_pass == Deadline.OnPass.STEP else ""
    provisional = "这一天是暂定的，放假安排公布后会重算。" if row.provisional else ""
    return subject, f"{_case(row)}的“{row.label}”到 {when}止。{after}{provisional}依据：{row.basis}。"


def passed(row: Row) -> tuple[str, str]:
    """The end of a limit without force of law: told and counted, never a breach."""
    subject = f"提醒：{row.number} {row.label}已过 {full(row.due_on)}"
    return subject, (
        f"{_case(row)}的“{row.label}”已到 {with_weekday(row.due_on)}，尚未办理。"
        f"这一时限是平台默认或待核的时限，没有法定效力，不记为逾期。请尽快办理。依据：{row.basis}。"
    )


def breach(row: Row) -> tuple[str, str]:
    ground = f"逾期依据：{row.breach_ground}。" if row.breach_ground else ""
    if row.outcome == Deadline.Outcome.OPEN:
        now = "系统随即办理下一步。" if row.on_pass_step else "仍须办理，并在办理时说明逾期原因。"
    else:
        now = f"已于 {full(day_of(row.closed_at or row.due_at))}办理，逾期记录保留。"
    return f"逾期：{row.number} {row.label}", (
        f"{_case(row)}的“{row.label}”已于 {with_weekday(row.due_on)}24:00 届满，届满时没有办理，自该时起记为逾期。"
        f"{now}依据：{row.basis}。{ground}"
    )


def withdrawn(row: Row, acted_at: datetime) -> tuple[str, str]:
    """After the end was announced as missed, though the act had been in time."""
    acted = f"{full(day_of(acted_at))} {acted_at.astimezone(SHANGHAI):%H:%M:%S}"
    return f"更正：{row.number} {row.label}没有逾期", (
        f"{_case(row)}的“{row.label}”已于 {acted} 办理，在 {with_weekday(row.due_on)}24:00 届满之前。"
        f"此前发出的届满通知作废，有关记录已经撤销。依据：{row.basis}。"
    )


def escalation(row: Row, days: int) -> tuple[str, str]:
    return f"提醒：{row.number} {row.label}逾期 {days} 个工作日仍未办理", (
        f"{_case(row)}的“{row.label}”已于 {with_weekday(row.due_on)}24:00 届满，之后 {days}\u00a0个工作日仍未办理。"
        f"请主要负责人督促。这是平台的督促提醒，没有法定效力；逾期以届满之时为准。依据：{row.basis}。"
    )


def moved(row: Row, before: date, reason: str) -> tuple[str, str]:
    """After a recomputation."""
    subject = f"{row.number} {row.label}：最后一日改为 {full(row.due_on)}"
    provisional = "新日期仍是暂定的。" if row.provisional else ""
    return subject, (
        f"{_case(row)}的“{row.label}”，最后一日由 {with_weekday(before)}改为 {with_weekday(row.due_on)}。"
        f"原因：{reason}。{provisional}依据：{row.basis}。"
    )


def _case(row: Row) -> str:
    return f"办件 {row.number}“{row.title}”"
