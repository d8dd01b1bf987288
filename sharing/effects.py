"""What the steps of a sharing request do besides moving it."""

from __future__ import annotations

from datetime import date

from accounts.models import Organisation
from datacentre import actions as datacentre
from datacentre import queries as holdings
from datacentre.models import Grant
from deadlines.clocks import Clock
from deadlines.forecast import extension, start_day
from deadlines.models import Deadline
from procedures.context import Context

from sharing.clocks import ANSWER, OPINION, SUPPLY
from sharing.models import SharingRequest

PARTNERS = {
    Organisation.Kind.BY_REFERENCE: SharingRequest.Partner.BY_REFERENCE,
    Organisation.Kind.PARTNER: SharingRequest.Partner.OTHER_PROVINCE,
}


def file(context: Context) -> None:
    """Keep what was asked, with the catalogue version that was in force."""
    facts = context.facts
    context.record = SharingRequest.objects.create(
        case=context.case,
        entry=context.subject,
        entry_version=context.subject.version,
        partner=PARTNERS.get(context.post.organisation.kind, SharingRequest.Partner.BODY),
        scenario=facts["scenario"],
        purpose=facts["purpose"],
        function=facts["function"],
        purpose_basis=facts["purpose_basis"],
        items=list(facts["items"]),
        scope=facts["scope"],
        modes=list(facts["modes"]),
        first_day=facts["first_day"],
        last_day=facts["last_day"],
        contact=facts["contact"],
        contact_phone=facts["contact_phone"],
    )


def agree(context: Context) -> None:
    """Keep what was granted; access opens when the holding is there."""
    record, facts = context.record, context.facts
    record.granted_items = list(facts["items"])
    record.granted_modes = list(facts["modes"])
    record.granted_scope = facts["scope"]
    record.granted_first_day = facts["first_day"]
    record.granted_last_day = facts["last_day"]
    record.quota_per_day = facts["quota_per_day"]
    record.use_conditions = facts["use_conditions"]
    record.refused_reason = facts["left_out_reason"]
    record.refused_basis = facts["left_out_basis"]
    record.save()


def agree_at_once(context: Context) -> None:
    """Everything that was asked is unconditional: it is granted as asked."""
    record = context.record
    record.granted_items, record.granted_modes, record.granted_scope = (
        record.items,
        record.modes,
        record.scope,
    )
    record.granted_first_day, record.granted_last_day = record.first_day, record.last_day
    record.save()


def decline(context: Context) -> None:
    context.record.refused_reason = context.facts["reason"]
    context.record.refused_basis = context.facts["basis"]
    context.record.save(update_fields=["refused_reason", "refused_basis"])


def hear(context: Context) -> None:
    context.record.opinion = {
        name: context.facts[name] for name in ("opinion", "reason", "basis", "conditions")
    }
    context.record.save(update_fields=["opinion"])


def holding_is_ready(context: Context) -> bool:
    return holding_is_ready_for(context.record)


def open_access(context: Context) -> None:
    record = context.record
    datacentre.open_grant(
        record.entry.holding,
        case=context.case,
        grantee=context.party("requester"),
        items=record.granted_items,
        purpose=record.scenario,
        scope=record.granted_scope,
        conditions=record.use_conditions,
        modes=record.granted_modes,
        quota=record.quota_per_day,
        first_day=record.granted_first_day,
        last_day=record.granted_last_day,
        at=context.at,
        by=context.actor,
    )


def last_day_of_grant(context: Context, clock: Clock) -> date:
    return context.record.granted_last_day


def _grant(context: Context) -> Grant:
    return Grant.objects.get(case=context.case)


def close_access(context: Context) -> None:
    grant = _grant(context)
    if grant.status != Grant.Status.ENDED:
        datacentre.end_grant(grant, why=context.step.label, at=context.at, by=context.actor)


def narrow(context: Context) -> None:
    grant = _grant(context)
    remaining = [code for code in grant.items if code not in set(context.facts["items_out"])]
    scope = context.facts["scope"] or grant.scope
    datacentre.narrow_grant(
        grant, items=remaining, scope=scope, why=context.facts["reason"], at=context.at, by=context.actor
    )
    context.record.granted_items = remaining
    context.record.granted_scope = scope
    context.record.save(update_fields=["granted_items", "granted_scope"])


def suspend(context: Context) -> None:
    grant = _grant(context)
    if grant.status == Grant.Status.OPEN:
        datacentre.suspend_grant(grant, why=context.facts["reason"], at=context.at, by=context.actor)


def resume(context: Context) -> None:
    grant = _grant(context)
    if grant.status == Grant.Status.SUSPENDED:
        datacentre.resume_grant(grant, why=context.facts["reason"], at=context.at, by=context.actor)


def after_consulting(context: Context) -> list[str]:
    """What sending the consultation will do, said before the button is pressed."""
    running = Deadline.objects.select_related("term").get(
        case=context.case, clock=ANSWER.code, outcome=Deadline.Outcome.OPEN
    )
    answer = extension(running, ANSWER, at=context.at)
    opinion = start_day(OPINION, rules_on=context.case.received_on, at=context.at)
    provider = context.record.entry.provider.short_name
    return [
        f"答复期限由 {answer.before:%-m 月 %-d 日}延至 {answer.after:%Y 年 %-m 月 %-d 日}",
        f"{provider}须在 {opinion:%-m 月 %-d 日}前答复意见",
        "申请单位收到延期告知，说明理由",
        "延长只能用一次，发出后不能撤回",
    ]


def after_granting(context: Context) -> list[str]:
    supply = start_day(SUPPLY, rules_on=context.case.received_on, at=context.at)
    ready = holding_is_ready_for(context.record)
    opening = (
        "数据已在平台，签发后立即开通，自授权首日起可以读取"
        if ready
        else f"数据尚未汇聚，提供部门应在 {supply:%-m 月 %-d 日}前提供"
    )
    return [
        "答复书由处负责人签发后生效，发给申请单位，抄送提供部门",
        opening,
        "到授权最后一日 24:00 自动停用",
    ]


def holding_is_ready_for(record: SharingRequest) -> bool:
    """Whether the data is there for what was granted, or, before the decision, for what was asked."""
    holding = record.entry.holding
    return holding is not None and holdings.ready(holding, record.granted_items or record.items)
