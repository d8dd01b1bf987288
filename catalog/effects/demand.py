"""What the steps of a need do besides moving it."""

from __future__ import annotations

from typing import Any

from accounts.actors import SYSTEM
from accounts.models import Organisation, Role
from clock import SHANGHAI
from django.db import OperationalError, transaction
from notices import outbox
from procedures import hearings, registry
from procedures.checks import guarded
from procedures.context import Context
from procedures.filing import file
from procedures.models import Case, Party
from procedures.perform import perform
from procedures.refusals import Stale
from psycopg2.errors import LockNotAvailable
from statutes.enforcement import enforces

from catalog.demands import likely, listeners
from catalog.demands.askers import Asker, askers, followers
from catalog.demands.guards import update_of
from catalog.demands.relations import follower, former
from catalog.facts.codes import codes_of
from catalog.models import CatalogueList, CatalogueUpdate, Demand, DemandDraft, Entry, Inquiry

Answer = Inquiry.Answer


def raise_need(context: Context) -> None:
    facts, subject = context.facts, context.subject
    context.record = Demand.objects.create(
        case=context.case,
        asker=subject.body if isinstance(subject, CatalogueList) else subject,
        items=facts["items"],
        sought=likely.sought(facts["items"]),
        function=facts["function"],
        source=facts["source"],
    )


def merge_up(context: Context) -> None:
    _keep(context, merger_note=context.facts["note"])


@enforces("CAT-12", what="同类需求并入一件，需求单位随承接的办件")
def join(context: Context) -> None:
    """The carrying case takes over the askers in the same transaction.

    Two cases that are joined into each other at once would wait for each other: the second is refused instead.
    """
    number = context.facts["carrier"]
    try:
        with transaction.atomic():
            carrier = Case.objects.select_for_update(nowait=True).get(number=number)
    except OperationalError as fault:
        if not isinstance(fault.__cause__, LockNotAvailable):
            raise
        raise Stale(f"{number} 正在由他人办理，请稍后再并入。") from fault
    guarded(context.step, context)  # the carrier may have moved on before it was locked
    _keep(context, carrier=carrier)
    perform(
        carrier,
        "carry",
        by=SYSTEM,
        at=context.at,
        facts={"joined": context.case.number},
        about=context.case,
    )


def carry(context: Context) -> None:
    """Who asked in the joined case, and who followed it, follows this one."""
    joined: Demand = Demand.whole.get(case__number=context.facts["joined"])
    known = {context.party("asker").pk, *(body.pk for body in followers(context.case))}
    new = [body for body in [joined.asker, *followers(joined.case)] if body.pk not in known]
    Party.objects.bulk_create(
        Party(case=context.case, relation=follower.code, organisation=body, since=context.at)
        for body in dict.fromkeys(new)
    )
    Demand.objects.filter(carrier=joined.case).update(carrier=context.case)
    outbox.post(
        [
            outbox.to_desk(
                f"{context.procedure.code}:carry",
                body,
                Role.OFFICER,
                case_id=context.case.pk,
                subject=f"本单位的需求并入 {context.case.number}：{context.case.title}",
                text=f"办件 {joined.case.number} 与 {context.case.number} 需要同样的数据，一并办理；"
                "各步骤照样告知本单位。",
                at=context.at,
            )
            for body in new
        ]
    )


def ask(context: Context) -> None:
    """A body that was asked before stays in the case as such."""
    body, before = context.facts["body"], context.parties.get("source")
    if before is not None and before != body:
        Party.objects.get_or_create(
            case=context.case, relation=former.code, organisation=before, defaults={"since": context.at}
        )
    Inquiry.objects.create(
        demand=context.record, body=body, question=context.facts["question"], asked_at=context.at
    )


def source_joining(context: Context) -> dict[str, Organisation]:
    """The first body that is asked joins; the next takes its place."""
    body = context.facts.get("body")
    return {} if body is None or "source" in context.parties else {"source": body}


def source_replacing(context: Context) -> dict[str, Organisation]:
    body = context.facts["body"]
    return {"source": body} if context.parties["source"] != body else {}


@enforces("CAT-13", "CAT-20", what="来源方确认后，为其登记目录更新，编入责任清单")
def accept(context: Context) -> None:
    """The source owes the catalogue an update from now on: opened here, under this case."""
    facts, record = context.facts, context.record
    day = context.at.astimezone(SHANGHAI).date()
    update = file(
        registry.get("catalogue-update"),
        by=SYSTEM,
        at=context.at,
        step="note-by-rule",
        facts={
            "cause": CatalogueUpdate.Cause.DECISION,
            "source": context.case.number,
            "changed_on": day.isoformat(),
            "reason": f"需求对接 {context.case.number} 确认由本单位提供：{facts['items']}。"
            f"请于 {facts['until'].isoformat()} 以前申请更新。",
        },
        subject=context.party("source"),
        parent=context.case,
    )
    _answer(record, Answer.ACCEPTED, context, items=facts["items"], until=facts["until"], update=update)


def deny(context: Context) -> None:
    _answer(
        context.record,
        Answer.DENIED,
        context,
        reason=context.facts["reason"],
        basis=context.facts["basis"],
    )


def silent(context: Context) -> None:
    _answer(context.record, Answer.SILENT, context)


def source_failed(context: Context) -> None:
    _failed(context.record, context.facts["reason"])


@enforces("CAT-12", what="目录更新没有办成的，需求退回继续匹配")
def update_came_to_nothing(context: Context) -> None:
    """Called by an update that is refused, dropped or not needed: the need that waits on it hears of it."""
    parent = context.case.parent
    if parent is None or parent.kind != "demand-matching" or context.act is None:
        return
    said = context.facts.get("reason") or context.facts.get("no_need") or ""
    hearings.ask(context.act, parent, "source-failed", {"reason": f"{context.step.label}：{said}"})


@enforces("SHA-01", what="匹配后为每一需求单位备好共享申请草稿")
def match(context: Context) -> None:
    record = context.record
    entries = list(Entry.objects.filter(code__in=codes_of(context.facts["entries"])).order_by("code"))
    record.entries.set(entries)
    _keep(context, answer=context.facts["note"])
    for asker in askers(record, context.at):
        for entry in entries:
            if entry.provider_id != asker.body.pk:
                _prepare(context, asker, entry)


def _prepare(context: Context, asker: Asker, entry: Entry) -> None:
    """A draft that the asker's officer completes and sends; where it has no officer the desk is told alone."""
    record, case = context.record, context.case
    made = (
        listeners.drafts_for(record, entry, asker.body, asker.officer, at=context.at)
        if asker.officer is not None
        else []
    )
    DemandDraft.objects.create(demand=record, asker=asker.body, entry=entry, draft=made[0] if made else None)
    if not made or asker.officer is None:
        return
    outbox.post(
        [
            outbox.to_person(
                f"{context.procedure.code}:draft",
                asker.officer,
                case_id=case.pk,
                subject=f"共享申请草稿已备好：{entry.name}",
                text=f"需求 {case.number} 匹配到“{entry.name}”。草稿在“草稿”中（/drafts/{made[0].pk}/），"
                "补充应用场景、信息项和使用期后送签。",
                at=context.at,
            )
        ]
    )


def refer(context: Context) -> None:
    _keep(context, proof=context.facts["proof"])


def qualifies(body: Organisation) -> bool:
    """Whether unified purchase is for the body: departments, and public-service bodies kept by public money."""
    return body.is_government_department or (
        body.kind == Organisation.Kind.PUBLIC_SERVICE and body.fiscally_funded
    )


def decline(context: Context) -> None:
    _keep(context, answer=context.facts["reason"], outcome_basis=context.facts["basis"])


def withdraw(context: Context) -> None:
    """A body that was asked need not answer any more; what it took up it may bring to its end as its own matter."""
    Inquiry.objects.filter(demand=context.case.pk, answer=Answer.OPEN).update(
        answer=Answer.ENDED, answered_at=context.at
    )
    update = update_of(context.case)
    if update is None or update.closed_at is not None or "source" not in context.parties:
        return
    outbox.post(
        [
            outbox.to_desk(
                f"{context.procedure.code}:withdraw",
                context.party("source"),
                Role.OFFICER,
                case_id=update.pk,
                subject=f"需求已撤回：{context.case.title}",
                text=f"需求 {context.case.number} 已撤回。目录更新 {update.number} 可以继续办理，也可以撤回。",
                at=context.at,
            )
        ]
    )


def step_out(context: Context) -> None:
    """The next in the order in which they joined leads the case."""
    heir, case = followers(context.case)[0], context.case
    Party.objects.filter(case=case, relation=follower.code, organisation=heir).delete()
    _keep(context, asker=heir)
    case.title = title_of(heir, context.record.items)
    case.save(update_fields=["title"])


def title_of(body: Organisation, items: str) -> str:
    """市应急局需要“各学校校区面积”: one line, as long as a list can show it; messages bear it as their subject."""
    line = " ".join(items.split())
    return f"{body.short_name}需要“{line if len(line) <= 60 else f'{line[:59]}……'}”"


def heir_leads(context: Context) -> dict[str, Organisation]:
    return {"asker": context.record.asker}


def _answer(record: Demand, answer: Answer, context: Context, **said: Any) -> None:
    """What the body that was asked last said."""
    inquiry = Inquiry.objects.filter(demand=record, answer=Answer.OPEN).latest("pk")
    inquiry.answer, inquiry.answered_at = answer, context.at
    for name, value in said.items():
        setattr(inquiry, name, value)
    inquiry.save()


def _failed(record: Demand, reason: str) -> None:
    inquiry = Inquiry.objects.filter(demand=record, answer=Answer.ACCEPTED).latest("pk")
    inquiry.answer, inquiry.reason = Answer.FAILED, reason
    inquiry.save(update_fields=["answer", "reason"])


def _keep(context: Context, **values: Any) -> None:
    for name, value in values.items():
        setattr(context.record, name, value)
    context.record.save(update_fields=list(values))
