"""What must hold before a step of a dispute or a suggestion is lawful; each with its article."""

from __future__ import annotations

from accounts.authority import level_authority
from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import guard

from catalog.disputes.level import nobody_decides
from catalog.disputes.relations import disputants, named, sides
from catalog.effects import dispute as effects
from catalog.models import AttributeSuggestion, Dispute


def may_dispute(organisation: Organisation) -> str | None:
    if organisation.compiles_a_catalogue:
        return None
    return f"{organisation.name}不提供公共数据，不是争议一方；认为数据有误的，可以申请校核。"


def may_suggest(organisation: Organisation) -> str | None:
    if organisation.is_data_authority:
        return None
    return "开放属性的修改建议由数据主管部门提出。"


# raising a dispute


@guard("OPEN20-15.1", "所涉条目已经发布")
def published(context: Context) -> str | None:
    entry = context.subject.entry
    if entry is None or entry.is_published:
        return None
    return f"目录条目“{entry.name}”没有发布，没有可以争议的内容。"


@guard("OPEN20-15.1", "由争议一方或者其本级数据主管部门提出", needs_facts=True)
def of_this_level(context: Context) -> str | None:
    """A data authority raises the disputes of its own level."""
    body = context.post.organisation
    if not body.is_data_authority or body in effects.bodies_named(context):
        return None
    wanted = effects.authority_named(context)
    if wanted == body:
        return None
    return f"争议各方的本级数据主管部门是{wanted.name}，由该局提出。"


@guard("OPEN20-15.1", "同一事项没有正在办理的争议", needs_facts=True)
def not_running_already(context: Context) -> str | None:
    facts = context.facts
    same = Dispute.objects.filter(kind=facts["kind"], element=facts["element"], case__closed_at=None)
    found = same.filter(entry=context.subject.entry).values_list("case__number", flat=True).first()
    if found is None:
        return None
    return f"同一事项已有争议正在办理（{found}）。争议各方请在该件中陈述意见；其他单位在该件了结以后提出。"


@guard("OPEN20-15.1", "数据主管部门是争议一方的，有本级政府可以决定", needs_facts=True)
def somebody_decides(context: Context) -> str | None:
    authority, bodies = effects.authority_named(context), effects.bodies_named(context)
    return nobody_decides(authority, bodies, context.at.date()) if authority in bodies else None


# on the way


@guard("OPEN20-15.1", "数据主管部门不是争议一方")
def authority_is_no_party(context: Context) -> str | None:
    authority = context.party("authority")
    if authority not in disputants(context.parties):
        return None
    return f"{authority.short_name}是争议一方，不能组织协商；由本级政府直接受理。"


@guard("OPEN20-15.1", "数据主管部门是争议一方")
def authority_is_a_party(context: Context) -> str | None:
    if context.party("authority") in disputants(context.parties):
        return None
    return "数据主管部门不是争议一方的，先由其组织协商，协商不成再报政府决定。"


@guard("OPEN20-15.1", "争议各方都已签署一致意见")
def everybody_signed(context: Context) -> str | None:
    record = context.record
    if not record.terms:
        return "还没有一致意见：请争议各方用“签署一致意见”写明并签署。"
    if not (missing := effects.unsigned(context)):
        return None
    return f"一致意见还缺{named(missing)}的签署。"


@guard("OPEN20-15.1", "本单位还没有签署现在的一致意见", needs_facts=True)
def not_signed_yet(context: Context) -> str | None:
    """Signing again what one has signed says nothing; changed words are a new text."""
    record, facts, body = context.record, context.facts, context.post.organisation
    if body.code not in record.signed:
        return None
    if record.terms["body"] != facts["body"].code or record.terms["text"] != facts["text"]:
        return None
    return f"本单位已经签署，等{named(effects.unsigned(context))}签署。"


@guard("OPEN20-15.1", "有不是争议一方的政府可以决定")
def has_a_government(context: Context) -> str | None:
    return nobody_decides(context.party("authority"), sides(context.parties), context.at.date())


@guard("OPEN20-15.1", "由提出争议的单位撤回")
def raised_it(context: Context) -> str | None:
    raiser = context.record.raised_by
    if context.post.organisation_id == raiser.pk:
        return None
    return f"本件由{raiser.short_name}提出，由该单位撤回。"


@guard("OPEN20-15.1", "提出单位要撤回，本单位还没有表示同意")
def consent_is_asked(context: Context) -> str | None:
    record, body = context.record, context.post.organisation
    if not record.withdrawal:
        return "提出单位没有要求撤回。"
    if body.code == record.withdrawal["body"]:
        return "撤回由本单位要求，等其他各方同意。"
    if body.code in record.consents:
        return "本单位已经同意撤回。"
    return None


# suggestions


@guard("OPEN20-15.2", "条目已经发布")
def entry_is_published(context: Context) -> str | None:
    if context.subject.is_published:
        return None
    return f"目录条目“{context.subject.name}”没有发布。"


@guard("OPEN20-15.2", "条目由本级其他单位提供")
def of_own_level(context: Context) -> str | None:
    provider, body = context.subject.provider, context.post.organisation
    if provider == body:
        return "这是本局自己的条目，请直接编制变更、申请更新。"
    wanted = level_authority(provider, context.at.date())
    if wanted == body:
        return None
    return f"{provider.short_name}的本级数据主管部门是{wanted.name}，由该局建议。"


@guard("OPEN20-15.2", "同一条目没有正在办理的建议")
def not_suggested_already(context: Context) -> str | None:
    running = AttributeSuggestion.objects.filter(entry=context.subject, case__closed_at=None)
    found = running.values_list("case__number", flat=True).first()
    return f"该条目已有修改建议正在办理（{found}）。" if found else None


@guard("OPEN20-15.2", "有不是提供单位的政府可以决定")
def somebody_decides_attributes(context: Context) -> str | None:
    return has_a_government.check(context)
