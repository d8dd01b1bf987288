"""What bodies are told of a limit, in plain words: case, limit, last day, basis.

A reminder says 提醒 and nothing of a breach; what rests on a product default says that it has no force of law.
"""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import Organisation, Post, Role, User
from django.db.models import F
from notices import outbox
from notices.models import Outgoing

from deadlines.models import Deadline
from deadlines.sentences import full, with_weekday
from deadlines.workdays import day_of


class Told:
    """Who is to be told about a batch of deadlines: the person in charge at the body that owes it, else its desk."""

    def __init__(self, rows: list[Deadline], at: datetime) -> None:
        self.at = at
        self.bodies: dict[int, Organisation] = Organisation.objects.in_bulk(
            {row.owed_by_id for row in rows if row.owed_by_id}
        )
        self.handlers = self._handlers([row.pk for row in rows], at)

    @staticmethod
    def _handlers(ids: list[int], at: datetime) -> dict[int, User]:
        """Deadline → the handler whom the body itself named for this case, if still in post there."""
        named = Deadline.objects.filter(
            id__in=ids, case__parties__organisation=F("owed_by"), case__parties__handler__isnull=False
        ).values_list("id", "owed_by", "case__parties__handler")
        named = list(named)
        if not named:
            return {}
        posts = (
            Post.objects.on(day_of(at))
            .filter(user__in={user for _, _, user in named}, organisation__in={body for _, body, _ in named})
            .select_related("user")
        )
        in_post = {(post.organisation_id, post.user_id): post.user for post in posts}
        return {pk: in_post[body, user] for pk, body, user in named if (body, user) in in_post}

    def desk(self, topic: str, row: Deadline, subject: str, text: str) -> list[Outgoing]:
        """To the person in charge, or to everybody at the desk of the body that owes it."""
        handler = self.handlers.get(row.pk)
        if handler is not None:
            return [
                outbox.to_person(topic, handler, case_id=row.case_id, subject=subject, text=text, at=self.at)
            ]
        return self.role(topic, row, Role.OFFICER, subject, text)

    def role(self, topic: str, row: Deadline, role: Role, subject: str, text: str) -> list[Outgoing]:
        """To a level of the body that owes it; nobody when nobody owes it."""
        body = self.bodies.get(row.owed_by_id) if row.owed_by_id else None
        if body is None:
            return []
        return [
            outbox.to_desk(topic, body, role, case_id=row.case_id, subject=subject, text=text, at=self.at)
        ]

    def body_name(self, row: Deadline) -> str:
        body = self.bodies.get(row.owed_by_id) if row.owed_by_id else None
        return body.name if body else ""


def reminder(row: Deadline, days: int) -> tuple[str, str]:
    """Before or on the last day."""
    when = "今天 24:00" if days == 0 else f"{with_weekday(row.due_on)}24:00"
    subject = f"提醒：{row.case.number} {row.label}，{'今天' if days == 0 else full(row.due_on)}到期"
    after = f"期满由系统办理下一步（{row.label}）。" if row.on_pass == Deadline.OnPass.STEP else ""
    provisional = "这一天是暂定的，放假安排公布后会重算。" if row.provisional else ""
    return subject, f"{_case(row)}的“{row.label}”到 {when}止。{after}{provisional}依据：{row.basis}。"


def passed(row: Deadline) -> tuple[str, str]:
    """The end of a limit without force of law: told and counted, never a breach."""
    subject = f"提醒：{row.case.number} {row.label}已过 {full(row.due_on)}"
    return subject, (
        f"{_case(row)}的“{row.label}”已到 {with_weekday(row.due_on)}，尚未办理。"
        f"这一时限是平台默认或待核的时限，没有法定效力，不记为逾期。请尽快办理。依据：{row.basis}。"
    )


def breach(row: Deadline) -> tuple[str, str]:
    ground = f"逾期依据：{row.breach_ground}。" if row.breach_ground else ""
    if row.outcome == Deadline.Outcome.OPEN:
        now = "系统随即办理下一步。" if row.on_pass_step else "仍须办理，并在办理时说明逾期原因。"
    else:
        now = f"已于 {full(day_of(row.closed_at or row.due_at))}办理，逾期记录保留。"
    return f"逾期：{row.case.number} {row.label}", (
        f"{_case(row)}的“{row.label}”已于 {with_weekday(row.due_on)}24:00 届满，届满时没有办理，自该时起记为逾期。"
        f"{now}依据：{row.basis}。{ground}"
    )


def escalation(row: Deadline, days: int) -> tuple[str, str]:
    return f"提醒：{row.case.number} {row.label}逾期 {days} 个工作日仍未办理", (
        f"{_case(row)}的“{row.label}”已于 {with_weekday(row.due_on)}24:00 届满，之后 {days}\u00a0个工作日仍未办理。"
        f"请主要负责人督促。这是平台的督促提醒，没有法定效力；逾期以届满之时为准。依据：{row.basis}。"
    )


def moved(row: Deadline, before: date, reason: str) -> tuple[str, str]:
    """After a recomputation."""
    subject = f"{row.case.number} {row.label}：最后一日改为 {full(row.due_on)}"
    provisional = "新日期仍是暂定的。" if row.provisional else ""
    return subject, (
        f"{_case(row)}的“{row.label}”，最后一日由 {with_weekday(before)}改为 {with_weekday(row.due_on)}。"
        f"原因：{reason}。{provisional}依据：{row.basis}。"
    )


def _case(row: Deadline) -> str:
    return f"办件 {row.case.number}“{row.case.title}”"
