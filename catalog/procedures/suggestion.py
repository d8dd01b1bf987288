"""开放属性修改建议: the authority suggests, the body answers, the government decides (OPEN20-15.2)."""

from __future__ import annotations

from accounts.authority import level_authority
from accounts.models import Organisation
from deadlines.forecast import start_day
from procedures.context import Context
from procedures.declare import START, SYSTEM, Outcome, Procedure, State, Step
from procedures.registry import register

from catalog.disputes import attributes, guards, subjects
from catalog.disputes.clocks import DECIDE_ATTRIBUTE, REPLY
from catalog.disputes.level import government_joining
from catalog.disputes.relations import SUGGESTING, authority, government
from catalog.effects import suggestion as effects
from catalog.facts.suggestion import (
    AcceptFacts,
    AttributeDecisionFacts,
    KeepFacts,
    ObjectFacts,
    ReferralFacts,
    SuggestFacts,
)
from catalog.letters.suggestion import LETTERS
from catalog.models import AttributeSuggestion
from catalog.panels.suggestion import present_panel, suggestion_panel
from catalog.relations import provider

SUGGESTED = State("SUGGESTED", "已建议", turn=provider, hint="等提供单位答复；逾期未复的按意见不一致处理")
DISAGREED = State("DISAGREED", "意见不一致", turn=authority, hint="数据主管部门报本级政府决定，或者不再坚持")
REFERRED = State("REFERRED", "报本级政府决定", hint="等本级政府决定")
ACCEPTED = Outcome("ACCEPTED", "采纳", "条目仍在发布的，已登记目录更新")
KEPT = Outcome("KEPT", "维持原属性", "数据主管部门不再坚持")
DECIDED = Outcome("DECIDED", "政府决定")

_ARTICLE = "OPEN20-15.2"


def parties(context: Context) -> dict[str, Organisation]:
    body = context.subject.provider
    return {"provider": body, "authority": level_authority(body, context.at.date())}


def title(context: Context) -> str:
    return f"建议修改“{context.subject.name}”的开放属性"


def after_suggesting(context: Context) -> list[str]:
    day = start_day(REPLY, rules_on=context.at.date(), at=context.at)
    return [
        f"{context.party('provider').short_name}在 {day:%-m 月 %-d 日}前答复；逾期未复的，按意见不一致处理",
        "意见不一致的，可以报本级政府决定",
    ]


def after_accepting(context: Context) -> list[str]:
    if not context.record.entry.is_published:
        return ["由主要负责人签发后生效", attributes.NOTHING_TO_UPDATE]
    return ["由主要负责人签发后生效", "系统编好变更并登记目录更新，核对后申请更新即可"]


SUGGESTION = register(
    Procedure(
        "attribute-suggestion",
        "开放属性修改建议",
        prefix="SX",
        app="catalog",
        record=AttributeSuggestion,
        relations=SUGGESTING,
        parties=parties,
        title=title,
        subject=subjects.entry,
        may_file=guards.may_suggest,
        cites=("OPEN20-15", "REG22-24"),
        panels=(suggestion_panel,),
        filing_panels=(present_panel,),
        description="数据主管部门对本级单位确定的开放属性提出修改建议；意见不一致的，报本级政府决定。",
        steps=(
            Step(
                "suggest",
                "提出修改建议",
                START,
                SUGGESTED,
                by=authority.officer,
                consent=authority.lead,
                facts=SuggestFacts,
                cites=_ARTICLE,
                duties=("OPN-09",),
                starts=(REPLY,),
                guards=(
                    guards.entry_is_published,
                    guards.of_own_level,
                    guards.not_suggested_already,
                ),
                effect=effects.suggest,
                papers=(LETTERS["suggest"],),
                tells=("provider",),
                consequence=after_suggesting,
                button="送处负责人签发",
                explain="请答复采纳或者不同意；逾期未复的，按意见不一致处理。",
            ),
            Step(
                "accept",
                "采纳",
                SUGGESTED,
                ACCEPTED,
                by=provider.officer,
                consent=provider.principal,
                facts=AcceptFacts,
                cites=(_ARTICLE, "REG22-24.2"),
                duties=("CAT-17", "OPN-09"),
                meets=(REPLY,),
                effect=effects.accept,
                tells=("authority", "provider"),
                consequence=after_accepting,
                button="送主要负责人签发",
                explain="条目仍在发布的，按采纳的开放属性登记目录更新。",
            ),
            Step(
                "object",
                "不同意",
                SUGGESTED,
                DISAGREED,
                by=provider.officer,
                consent=provider.principal,
                facts=ObjectFacts,
                cites=_ARTICLE,
                duties=("OPN-09",),
                meets=(REPLY,),
                effect=effects.object_,
                papers=(LETTERS["object"],),
                tells=("authority",),
                negative=True,
                button="送主要负责人签发",
                explain="写明理由和依据；数据主管部门可以报本级政府决定。",
            ),
            Step(
                "silent",
                "逾期未复",
                SUGGESTED,
                DISAGREED,
                by=SYSTEM,
                cites=_ARTICLE,
                default=True,
                duties=("OPN-09",),
                ends=(REPLY,),
                effect=effects.silent,
                tells=("provider", "authority"),
                explain="按意见不一致处理。",
            ),
            Step(
                "keep",
                "维持",
                (SUGGESTED, DISAGREED),
                KEPT,
                by=authority.officer,
                consent=authority.lead,
                facts=KeepFacts,
                cites=_ARTICLE,
                default=True,
                duties=("OPN-09",),
                ends=(REPLY,),
                effect=effects.keep,
                papers=(LETTERS["keep"],),
                tells=("provider",),
                negative=True,
                button="送处负责人签发",
                explain="不再坚持建议，维持原开放属性。",
            ),
            Step(
                "refer",
                "报政府决定",
                DISAGREED,
                REFERRED,
                by=authority.officer,
                consent=authority.lead,
                facts=ReferralFacts,
                cites=_ARTICLE,
                duties=("OPN-09",),
                starts=(DECIDE_ATTRIBUTE,),
                guards=(guards.somebody_decides_attributes,),
                joins=government_joining,
                effect=effects.refer,
                papers=(LETTERS["refer"],),
                tells=("provider", "government"),
                button="送处负责人签发",
                explain="连同双方意见报本级政府决定。",
            ),
            Step(
                "decide",
                "政府决定",
                REFERRED,
                DECIDED,
                by=government.officer,
                facts=AttributeDecisionFacts,
                cites=(_ARTICLE, "OPEN20-15.3"),
                duties=("CAT-17", "OPN-09"),
                meets=(DECIDE_ATTRIBUTE,),
                effect=effects.decide,
                papers=(LETTERS["decide"],),
                tells=("provider", "authority"),
                button="登记决定",
                explain="登记政府的决定文书；有改变、条目仍在发布的，登记目录更新。",
            ),
        ),
    )
)
