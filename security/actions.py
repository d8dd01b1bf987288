"""What is done with leads: raised, taken, closed without a case, handed on; and the cause a body states.

Orders to rectify and sanctions follow from a lead that is handed on (SEC-24, SEC-25); they are no part of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.authority import city_authority
from accounts.models import Organisation, Role
from audit.trail import Entry, record
from deadlines.models import Deadline
from django.db import transaction
from django.db.models import Q
from notices import outbox
from procedures.models import Act, Case
from statutes.enforcement import enforces
from statutes.law import cite

from security.models import BreachNote, Lead
from security.refusals import Guarded, NoRight, OwnMatter, WrongState
from security.scope import AUTHORITY_ROLES, Scope, answers_for

Status = Lead.Status


@enforces("SHA-19", what="办理中移送监督线索")
def raise_lead(
    *,
    source: Lead.Source,
    body: Organisation | None,
    ground: str,
    facts: str,
    at: datetime,
    by: Actor,
    case: Case | None = None,
    act: Act | None = None,
    deadline: Deadline | None = None,
    happened_at: datetime | None = None,
) -> Lead:
    """Put a lead before the city data authority; a step or a limit that has one already keeps it.

    `ground` is a citation and is checked: raises UnknownArticle. `happened_at` is the instant itself when left out.
    """
    cite(ground)
    with transaction.atomic():
        if act is not None or deadline is not None:
            known = Lead.objects.filter(
                Q(act=act) & Q(act__isnull=False) | Q(deadline=deadline) & Q(deadline__isnull=False)
            ).first()
            if known is not None:
                return known
        lead = Lead.objects.create(
            source=source,
            case=case,
            act=act,
            deadline=deadline,
            body=body,
            ground=ground,
            facts=facts,
            happened_at=happened_at or at,
            raised_at=at,
            raised_by=by.user,
        )
        _evidence("lead:raise", lead, by, at, {}, case=case)
        outbox.post([_told(lead, case, at)])
    return lead


def _told(lead: Lead, case: Case | None, at: datetime) -> Any:
    about = f"办件 {case.number}“{case.title}”" if case is not None else ""
    body = lead.body.short_name if lead.body is not None else "未指明单位"
    return outbox.to_desk(
        "lead:raised",
        city_authority(at.date()),
        Role.OFFICER,
        case_id=case.pk if case is not None else None,
        subject=f"监督线索：{body}",
        text=f"{about}{lead.facts}依据：{lead.ground}。请在“监督”中核实。",
        at=at,
    )


def raise_from_reminder(deadline: Deadline, *, ground: str, facts: str, by: Actor, at: datetime) -> Lead:
    """An officer of the authority finds that a passed limit without force of law is worth a lead all the same.

    Raises NoRight, or WrongState when the limit is not one that passed.
    """
    _require_handler(by)
    if deadline.on_pass != Deadline.OnPass.REMIND or deadline.due_at > at:
        raise WrongState("只有已过的平台时限才由人员提出线索；法定期限逾期的，系统已经生成线索。")
    with transaction.atomic():
        Deadline.objects.select_for_update(no_key=True).get(pk=deadline.pk)  # two officers raise one lead
        return raise_lead(
            source=Lead.Source.REPORT,
            body=deadline.owed_by,
            ground=ground,
            facts=facts,
            at=at,
            by=by,
            case=deadline.case,
            deadline=deadline,
            happened_at=deadline.due_at,
        )


def take(lead: Lead, *, by: Actor, at: datetime) -> Lead:
    """Begin to look into a lead. Raises NoRight, WrongState, or OwnMatter for somebody who acted on the case.

    A lead about the authority itself is looked into by its leads only.
    """
    with transaction.atomic():
        lead = _locked(lead)
        _require_handler(by)
        if lead.status != Status.NEW:
            raise WrongState(f"这条线索现在是“{lead.get_status_display()}”，不能再受理。")
        _require_taker(lead, by)
        before = _state(lead)
        lead.status, lead.handled_by, lead.taken_at = Status.TAKEN, by.user, at
        lead.save(update_fields=["status", "handled_by", "taken_at"])
        _evidence("lead:take", lead, by, at, before)
    return lead


def close(lead: Lead, *, reason: str, by: Actor, at: datetime) -> Lead:
    """End a lead without a case, with reasons. Raises as `end`; one about the authority itself can only go up."""
    if about_the_authority(lead):
        raise OwnMatter("涉及市数据主管部门自身的线索，不能由本部门决定不予处理，请移送上一级。")
    return _end(lead, Status.CLOSED, reason, "", by, at)


def hand_on(lead: Lead, *, to: str, reason: str, by: Actor, at: datetime) -> Lead:
    """Record to whom a lead goes and why: for an order, for a sanction, to the level above. Raises as `end`."""
    if not to.strip():
        raise Guarded("请写明移送给哪个机关或者处室。")
    return _end(lead, Status.HANDED_ON, reason, to.strip(), by, at)


def _end(lead: Lead, status: Status, reason: str, to: str, by: Actor, at: datetime) -> Lead:
    """Raises NoRight for anybody but the one who took it, WrongState, Guarded without reasons."""
    with transaction.atomic():
        lead = _locked(lead)
        _require_handler(by)
        if lead.status != Status.TAKEN:
            raise WrongState(f"先受理再处理；这条线索现在是“{lead.get_status_display()}”。")
        if by.user is None or lead.handled_by_id != by.user.pk:
            raise NoRight("由受理这条线索的人处理。")
        if len(reason.strip()) < 5:
            raise Guarded("请写明理由，至少 5 个字。")
        before = _state(lead)
        lead.status, lead.outcome, lead.handed_to, lead.closed_at = status, reason.strip(), to, at
        lead.save(update_fields=["status", "outcome", "handed_to", "closed_at"])
        _evidence(f"lead:{status.value}", lead, by, at, before)
        if lead.body is not None:
            where = f"移送{to}" if to else "核实后不予处理"
            outbox.post(
                [
                    outbox.to_desk(
                        "lead:ended",
                        lead.body,
                        Role.LEAD,
                        case_id=lead.case_id,
                        subject=f"监督线索 {lead.pk}：{where}",
                        text=f"{lead.facts}结果：{where}。理由：{lead.outcome}。依据：{lead.ground}。",
                        at=at,
                    )
                ]
            )
    return lead


def state_cause(deadline: Deadline, *, cause: str, by: Actor, at: datetime) -> BreachNote:
    """A lead of the body that owed a duty says why it was not done in time; it may be mended, and both stay on record.

    Raises NoRight, WrongState for a limit that was kept, Guarded without words.
    """
    if not answers_for(by, deadline.owed_by_id):
        raise NoRight("逾期原因由负有职责的单位的处负责人填报。")
    if deadline.breached_at is None:
        raise WrongState("这个期限没有逾期，不需要填报原因。")
    if not 5 <= len(cause.strip()) <= 500:
        raise Guarded(f"逾期原因应为 5 至 500 个字，现在是 {len(cause.strip())} 个字。")
    with transaction.atomic():
        note = BreachNote.objects.select_for_update().filter(deadline=deadline).first()
        before = {"cause": note.cause} if note else {}
        note = note or BreachNote(deadline=deadline)
        note.cause, note.stated_by, note.stated_at = cause.strip(), by.user, at
        note.save()
        record(
            Entry(
                action="deadline:cause",
                actor=by,
                object_kind="case",
                object_id=deadline.case.number,
                at=at,
                organisation=deadline.owed_by.name if deadline.owed_by else "",
                before=before,
                after={"deadline": deadline.pk, "clock": deadline.clock, "cause": note.cause},
                cites=(deadline.basis,),
            )
        )
    return note


def about_the_authority(lead: Lead) -> bool:
    return lead.body is not None and lead.body.duty == Organisation.Duty.CITY_AUTHORITY


def _locked(lead: Lead) -> Lead:
    return Lead.objects.select_for_update(of=("self",)).select_related("body", "case").get(pk=lead.pk)


def _require_handler(by: Actor) -> None:
    if not Scope.of(by).handles:
        raise NoRight("线索由市数据主管部门的人员核实。")


def may_take(lead: Lead, by: Actor) -> bool:
    """Whether the person may take this lead now: who may not is offered no button."""
    try:
        _require_handler(by)
        _require_taker(lead, by)
    except (NoRight, OwnMatter):
        return False
    return lead.status == Status.NEW


def _require_taker(lead: Lead, by: Actor) -> None:
    _require_no_part(lead, by)
    if about_the_authority(lead) and by.post_in([lead.body_id], {Role.LEAD, Role.PRINCIPAL}) is None:
        raise OwnMatter("这条线索涉及市数据主管部门自身，由处负责人以上人员受理，并移送上一级。")


def _require_no_part(lead: Lead, by: Actor) -> None:
    if lead.case_id is None or by.user is None:
        return
    if Act.objects.filter(Q(user=by.user) | Q(signed_by=by.user), case=lead.case_id).exists():
        raise OwnMatter("您办理过这件办件，不能核实由它产生的线索，请转给其他人员。")


def _state(lead: Lead) -> dict[str, Any]:
    return {"status": lead.status, "handed_to": lead.handed_to, "outcome": lead.outcome}


def _evidence(
    action: str, lead: Lead, by: Actor, at: datetime, before: dict[str, Any], *, case: Case | None = None
) -> None:
    post = next((post for post in by.posts if post.role in AUTHORITY_ROLES), None)
    about = case or lead.case
    record(
        Entry(
            action=action,
            actor=by,
            object_kind="lead",
            object_id=str(lead.pk),
            at=at,
            organisation=post.organisation.name if post else "",
            before=before,
            after={
                **_state(lead),
                "body": lead.body.name if lead.body else "",
                "case": about.number if about else "",
                "facts": lead.facts,
            },
            cites=(lead.ground,),
        )
    )
