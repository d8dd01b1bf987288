"""Posts: proposed by a system administrator, confirmed by a security administrator, ended by either."""

from __future__ import annotations

from datetime import date, datetime

import clock
from django.db import transaction

from accounts.actors import Actor
from accounts.models import SEPARATED, Appointment, Organisation, Post, Role, User
from accounts.recording import recorded
from accounts.refusals import NoRight, Unfit, require


@transaction.atomic
def propose_appointment(
    user: User,
    organisation: Organisation,
    role: Role,
    *,
    valid_from: date,
    valid_to: date | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> Appointment:
    """Draft a post for a security administrator to confirm; it gives no right yet.

    Raises NoRight for anyone but a system administrator and for one's own appointment, Unfit when the post could
    not be held (三员分立, the body's kind, the dates).
    """
    require(by, Role.SYSTEM_ADMIN, to="提出任职")
    if by.user is None:
        raise NoRight("任职由人员提出，系统不提出。")
    _not_oneself(user, by, "提出")
    _check_fit(user, organisation, role, valid_from, valid_to)
    if Appointment.objects.filter(
        user=user, organisation=organisation, role=role, decided_at__isnull=True
    ).exists():
        raise Unfit("同一人员、机构和岗位已有一项任职等待审核，请等安全管理员审核后再提出。")
    appointment = Appointment.objects.create(
        user=user,
        organisation=organisation,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        proposed_by=by.user,
        proposed_at=at,
    )
    _record("appointment:propose", appointment, by, at, reason)
    return appointment


@transaction.atomic
def confirm_appointment(appointment: Appointment, *, by: Actor, at: datetime, note: str = "") -> Post:
    """Make the proposed post. Raises as `propose_appointment` does; the proposer never confirms."""
    appointment = _open_for_decision(appointment, by)
    post = _write_post(
        appointment.user,
        appointment.organisation,
        Role(appointment.role),
        appointment.valid_from,
        appointment.valid_to,
    )
    _decide(appointment, Appointment.Decision.CONFIRMED, note, by, at, post)
    _record_post("post:appoint", post, by, at, appointment.reason)
    return post


@transaction.atomic
def decline_appointment(appointment: Appointment, *, by: Actor, at: datetime, note: str) -> None:
    """Refuse the proposed post, with a reason."""
    appointment = _open_for_decision(appointment, by)
    if not note.strip():
        raise Unfit("不同意须写明理由。")
    _decide(appointment, Appointment.Decision.DECLINED, note, by, at, None)


@transaction.atomic
def appoint(
    user: User,
    organisation: Organisation,
    role: Role,
    *,
    valid_from: date,
    valid_to: date | None = None,
    by: Actor,
    at: datetime,
    reason: str,
) -> Post:
    """Write a post at once: only for the system setting up a deployment. People propose and confirm."""
    if not by.is_system:
        raise NoRight("任职须由系统管理员提出、安全管理员审核，不能由一人直接办理。")
    post = _write_post(user, organisation, role, valid_from, valid_to)
    _record_post("post:appoint", post, by, at, reason)
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, by: Actor, at: datetime, reason: str) -> Post:
    """Let a post end on a day (it gives no right from that day on); taking a right away needs one hand only.

    Raises Unfit when the day lies before the post began or after it ends anyway, or before today: what was done in
    office stays done in office.
    """
    require(by, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, to="结束任职")
    if by.user is not None and post.user_id == by.user.pk:
        raise NoRight("不能结束自己的任职，请由另一位管理员办理。")
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=post.pk)
    today = at.astimezone(clock.SHANGHAI).date()
    if on < max(post.valid_from, today):
        raise Unfit(f"任职止日不能早于 {max(post.valid_from, today)}，现在填的是 {on}。")
    if post.valid_to is not None and on >= post.valid_to:
        raise Unfit(f"这一任职已定于 {post.valid_to} 结束，止日只能提前。")
    before = {"valid_to": post.valid_to.isoformat() if post.valid_to else None}
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    _record_post("post:end", post, by, at, reason, before=before)
    return post


def _open_for_decision(appointment: Appointment, by: Actor) -> Appointment:
    require(by, Role.SECURITY_ADMIN, to="审核任职")
    locked = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .get(pk=appointment.pk)
    )
    if locked.decided_at is not None:
        raise Unfit(f"这一任职已审核，结果是“{locked.get_decision_display()}”。")
    if by.user is None or locked.proposed_by_id == by.user.pk:
        raise NoRight("提出人不能审核自己提出的任职，须由另一位安全管理员审核。")
    _not_oneself(locked.user, by, "审核")
    return locked


def _decide(
    appointment: Appointment,
    decision: Appointment.Decision,
    note: str,
    by: Actor,
    at: datetime,
    post: Post | None,
) -> None:
    appointment.decision, appointment.note = decision, note
    appointment.decided_by, appointment.decided_at, appointment.post = by.user, at, post
    appointment.save()
    _record(f"appointment:{decision.value}", appointment, by, at, note)


def _write_post(
    user: User, organisation: Organisation, role: Role, valid_from: date, valid_to: date | None
) -> Post:
    # Two confirmations for one person wait for each other here, so that neither overlooks the other.
    User.objects.select_for_update().get(pk=user.pk)
    _check_fit(user, organisation, role, valid_from, valid_to)
    return Post.objects.create(
        user=user, organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to
    )


def _not_oneself(user: User, by: Actor, verb: str) -> None:
    if by.user is not None and user.pk == by.user.pk:
        raise NoRight(f"不能{verb}自己的任职，请由另一位管理员办理。")


def _check_fit(
    user: User, organisation: Organisation, role: Role, valid_from: date, valid_to: date | None
) -> None:
    if not user.is_active:
        raise Unfit(f"{user.name}的账号已停用，恢复账号后才能任职。")
    if valid_to is not None and valid_to <= valid_from:
        raise Unfit(f"任职止日应晚于起日 {valid_from}，现在是 {valid_to}。")
    _check_body(organisation, role, valid_from, valid_to)
    others = Post.objects.filter(user=user).exclude(valid_to__lte=valid_from)
    if valid_to is not None:
        others = others.filter(valid_from__lt=valid_to)
    for other in others.select_related("organisation"):
        _check_beside(user, other, organisation, role)


def _check_body(organisation: Organisation, role: Role, valid_from: date, valid_to: date | None) -> None:
    if not organisation.in_being(valid_from):
        raise Unfit(f"{organisation.name}在 {valid_from} 不存续，请选承继机构或改任职起日。")
    if role == Role.REGISTRAR and organisation.kind != Organisation.Kind.REGISTRY:
        raise Unfit(f"登记经办人只能在登记机构任职，{organisation.name}是{organisation.get_kind_display()}。")
    if role in SEPARATED and organisation.duty != Organisation.Duty.CITY_AUTHORITY:
        raise Unfit(f"{Role(role).label}只在市数据主管部门设置，{organisation.name}不是。")


def _check_beside(user: User, other: Post, organisation: Organisation, role: Role) -> None:
    """三员分立: system, security and audit administration, and the work itself, are four different hands."""
    held = Role(other.role)
    if held == role:
        if other.organisation_id == organisation.pk:
            raise Unfit(f"{user.name}在这一期间已是{organisation.short_name}{held.label}，不必重复任职。")
        return
    if held in SEPARATED or role in SEPARATED:
        raise Unfit(
            f"{user.name}在这一期间任{other}，不能同时任{role.label}：系统管理员、安全管理员、审计管理员"
            "和业务岗位须由不同的人担任（三员分立）。请另选人员，或先结束原任职。"
        )


def _dates(thing: Post | Appointment) -> dict[str, str | None]:
    return {
        "valid_from": thing.valid_from.isoformat(),
        "valid_to": thing.valid_to.isoformat() if thing.valid_to else None,
    }


def _record(action: str, appointment: Appointment, by: Actor, at: datetime, reason: str) -> None:
    recorded(
        action,
        by=by,
        at=at,
        kind="appointment",
        key=str(appointment.pk),
        organisation=appointment.organisation,
        after={
            "account": appointment.user.username,
            "name": appointment.user.name,
            "role": appointment.role,
            **_dates(appointment),
            "reason": reason,
        },
    )


def _record_post(
    action: str,
    post: Post,
    by: Actor,
    at: datetime,
    reason: str,
    *,
    before: dict[str, str | None] | None = None,
) -> None:
    recorded(
        action,
        by=by,
        at=at,
        kind="post",
        key=str(post.pk),
        organisation=post.organisation,
        before=before,
        after={
            "account": post.user.username,
            "name": post.user.name,
            "role": post.role,
            **_dates(post),
            "reason": reason,
        },
    )
