"""What the steps of a dispute do: keep positions, count signatures, carry the outcome into the catalogue."""

from __future__ import annotations

from accounts.models import Organisation, Role
from django.db.models import Q
from notices import outbox
from procedures.checks import guarded
from procedures.context import Context
from statutes.enforcement import enforces

from catalog.disputes.level import authority_of, government_of, level_of
from catalog.disputes.relations import CODES, disputants, named
from catalog.effects.decided import open_update
from catalog.facts.dispute import bodies_in
from catalog.models import Dispute, Entry


def bodies_named(context: Context) -> list[Organisation]:
    return bodies_in(context.facts, context.post.organisation)


def authority_named(context: Context) -> Organisation:
    return authority_of(bodies_named(context), context.at.date())


def raise_(context: Context) -> None:
    """Keep the claim. The guards are asked again: filings of a series follow one another only from its number on."""
    guarded(context.step, context)
    facts = context.facts
    context.record = Dispute.objects.create(
        case=context.case,
        kind=facts["kind"],
        entry=context.subject.entry,
        element=facts["element"],
        level=level_of(authority_named(context)),
        raised_by=context.post.organisation,
        claim=facts["claim"],
        basis=facts["basis"],
        positions=[_position(context, facts["claim"])]
        if not context.post.organisation.is_data_authority
        else [],
    )


def parties_joining(context: Context) -> dict[str, Organisation]:
    """The parties in their places, their authority, and the government at once where the authority is a party."""
    bodies, authority = bodies_named(context), authority_named(context)
    found = dict(zip(CODES, bodies, strict=False))
    if "authority" not in context.parties:
        found["authority"] = authority
    if authority in bodies and (above := government_of(authority, bodies, context.at.date())) is not None:
        found["government"] = above
    return found


def authority_replacing(context: Context) -> dict[str, Organisation]:
    """A data authority that raises what it disputes itself leaves the authority's seat to that of all parties."""
    authority = authority_named(context)
    return {"authority": authority} if context.party("authority") != authority else {}


def state(context: Context) -> None:
    record = context.record
    record.positions = [*record.positions, _position(context, context.facts["position"])]
    record.save(update_fields=["positions"])


def _position(context: Context, words: str) -> dict[str, str]:
    body = context.post.organisation
    return {
        "body": body.code,
        "name": body.short_name,
        "position": words,
        "basis": context.facts["basis"],
        "on": context.at.date().isoformat(),
    }


@enforces("OPN-08", what="一致意见由各方签署，最后一方签署时成立；改动的须重新签署")
def sign(context: Context) -> None:
    """Sign the terms on the table, or put new ones there, which take everybody else's signature away."""
    record, facts, body = context.record, context.facts, context.post.organisation
    chosen, terms = facts["body"], record.terms
    same = bool(terms) and terms["body"] == chosen.code and terms["text"] == facts["text"]
    signed = [line for line in terms["signed"] if line["body"] != body.code] if same else []
    line = {
        "body": body.code,
        "name": body.short_name,
        "by": context.actor.name,
        "at": context.at.isoformat(),
    }
    record.terms = {
        "body": chosen.code,
        "name": chosen.short_name,
        "text": facts["text"],
        "signed": [*signed, line],
    }
    record.save(update_fields=["terms"])
    _ask_to_sign(context, changed=bool(terms) and not same)


def _ask_to_sign(context: Context, *, changed: bool) -> None:
    """Tell the parties that have not signed what is on the table."""
    case, record = context.case, context.record
    words = "一致意见有改动，请重新签署" if changed else "一致意见待签署"
    outbox.post(
        [
            outbox.to_desk(
                f"{context.procedure.code}:agree",
                body,
                Role.OFFICER,
                case_id=case.pk,
                subject=f"{words}：{case.title}",
                text=f"办件 {case.number}：{context.post.organisation.short_name}已签署，确定{record.terms['name']}。",
                at=context.at,
            )
            for body in disputants(context.parties)
            if body.code not in record.signed
        ]
    )


def all_signed(context: Context) -> bool:
    record = context.record
    return bool(record.terms) and not unsigned(context)


def unsigned(context: Context) -> list[Organisation]:
    signed = context.record.signed
    return [body for body in disputants(context.parties) if body.code not in signed]


def agreed(context: Context) -> None:
    """The signed terms are the outcome."""
    terms = context.record.terms
    _settle(context, _party(context, terms["body"]), terms["text"])


def escalate(context: Context) -> None:
    context.record.open_points = context.facts["open_points"]
    context.record.save(update_fields=["open_points"])


def settle(context: Context) -> None:
    facts = context.facts
    context.record.minutes = f"{facts['met_on'].isoformat()}，{facts['persons']}。{facts['minutes']}"
    context.record.save(update_fields=["minutes"])
    agreed(context)


def refer(context: Context) -> None:
    facts = context.facts
    context.record.minutes, context.record.proposal = facts["minutes"], facts["proposal"]
    context.record.save(update_fields=["minutes", "proposal"])


def decide(context: Context) -> None:
    record, facts = context.record, context.facts
    record.document, record.decided_on = facts["document"], facts["decided_on"]
    record.prevailing = facts["prevailing"]
    record.save(update_fields=["document", "decided_on", "prevailing"])
    _settle(context, facts["body"], facts["reasons"])


def _party(context: Context, code: str) -> Organisation:
    return next(body for body in disputants(context.parties) if body.code == code)


@enforces("OPN-08", "CAT-20", what="争议有了结果，为确定的单位和不再是来源的单位登记目录更新")
def _settle(context: Context, body: Organisation, result: str) -> None:
    """Keep who it is, and open the updates that carry it into the catalogue."""
    record = context.record
    record.body, record.result = body, result
    record.save(update_fields=["body", "result"])
    label = str(Dispute.Kind(record.kind).label)
    own = record.entry is not None and record.entry.provider_id == body.pk and record.entry.is_published
    role = "唯一来源" if record.kind == Dispute.Kind.SOURCE else "开放主体"
    open_update(
        context,
        body,
        reason=f"{label}已有结果：“{record.item}”由{body.short_name}作为{role}。请核对本单位的条目，按此更新。{result}",
        touched=(record.entry.code,) if own else (),
        source=record.document,
    )
    if record.kind == Dispute.Kind.SOURCE:
        _end_other_sources(context, record, body)


def _end_other_sources(context: Context, record: Dispute, body: Organisation) -> None:
    """The parties that still state to be the source take that back first: 一数一源."""
    for party in disputants(context.parties):
        if party.pk == body.pk:
            continue
        codes = tuple(_stating(record, party))
        if codes:
            open_update(
                context,
                party,
                reason=f"数源争议已有结果：“{record.item}”由{body.short_name}作为唯一来源。"
                "请在涉及的条目中不再列为来源，需要的数据通过共享取得。",
                touched=codes,
                source=record.document,
            )


def _stating(record: Dispute, party: Organisation) -> list[str]:
    """The party's published entries that call themselves the source of what was disputed."""
    if record.element:
        match = Q(items__element=record.element)
        match |= Q(items__name=record.element) & ~Q(items__element="") if record.entry is None else Q()
    else:
        elements = record.entry.items.exclude(element="").values("element") if record.entry else []
        match = Q(items__element__in=elements)
    rows = Entry.objects.published().filter(match, provider=party).order_by("code").distinct()
    return list(rows.values_list("code", flat=True))


def ask_to_withdraw(context: Context) -> None:
    body = context.post.organisation
    context.record.withdrawal = {"body": body.code, "reason": context.facts["reason"], "consents": []}
    context.record.save(update_fields=["withdrawal"])


def consent(context: Context) -> None:
    record, body = context.record, context.post.organisation
    record.withdrawal = {
        **record.withdrawal,
        "consents": [*sorted(record.consents - {body.code}), body.code],
    }
    record.save(update_fields=["withdrawal"])


def all_consent(context: Context) -> bool:
    record = context.record
    if not record.withdrawal:
        return False
    wanted = {body.code for body in disputants(context.parties)} - {record.withdrawal["body"]}
    return wanted <= record.consents


def others(context: Context) -> str:
    """The parties but the one that acts, in words."""
    own = context.post.organisation_id if context.post is not None else None
    return named(body for body in disputants(context.parties) if body.pk != own)
