"""开放主体争议、数源争议: the parties talk, the authority brings them together, the government decides (OPEN20-15).

The source kind goes the same ladder (GOV19-16; a default). Steps that all parties take together are one step of each
party and a step of the system that follows the last.
"""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from deadlines.clocks import Clock
from deadlines.forecast import workday_after
from deadlines.queries import term_in_force
from procedures.context import Context
from procedures.declare import START, SYSTEM, Beginning, Outcome, Procedure, State, Step
from procedures.registry import register

from catalog.disputes import guards, subjects
from catalog.disputes.clocks import CONVENE, DECIDE, TALK
from catalog.disputes.level import government_joining
from catalog.disputes.relations import CODES, DISPUTING, authority, first, government, parties
from catalog.effects import dispute as effects
from catalog.facts.dispute import (
    DirectFacts,
    DisputeDecisionFacts,
    DisputeFacts,
    EscalateFacts,
    PositionFacts,
    ReferFacts,
    SettleFacts,
    TermsFacts,
    WithdrawFacts,
)
from catalog.letters.dispute import LETTERS
from catalog.models import Dispute
from catalog.panels.dispute import dispute_panel, item_panel

NEGOTIATING = State("NEGOTIATING", "协商", instead=government, hint="争议各方自行协商，签署一致意见")
CONVENED = State("CONVENED", "主管部门组织协商", hint="本级数据主管部门组织争议各方协商")
REFERRED = State("REFERRED", "报本级政府决定", hint="等本级政府决定")
AGREED = Outcome("AGREED", "协商一致", "已登记目录更新")
DECIDED = Outcome("DECIDED", "政府决定", "已登记目录更新")
WITHDRAWN = Outcome("WITHDRAWN", "已撤回", "各方恢复争议以前的状态")

_ALL = (*CODES, "authority")
_ARTICLE = "OPEN20-15.1"


def standing(context: Context) -> dict[str, Organisation]:
    """A data authority files as such, whether or not it is a party; the parties join by what the filing names."""
    body = context.post.organisation
    return {"authority" if body.is_data_authority else "first": body}


def title(context: Context) -> str:
    facts = context.facts
    name = facts.get("element") or context.subject.name or "尚未编目的数据"
    kind = str(Dispute.Kind(facts["kind"]).label) if "kind" in facts else "主体争议"
    return f"“{name}”{kind}"


def of_party(context: Context, clock: Clock) -> Beginning | None:
    """The talk is owed by the parties that there are."""
    return Beginning() if clock.owed_by in context.parties else None


def after_raising(context: Context) -> list[str]:
    days = term_in_force("catalog.talk", context.at.date()).amount
    last = workday_after(context.at.date(), days)
    return [
        f"争议各方先自行协商，到 {last:%-m 月 %-d 日}提醒；各方签署一致意见的，争议了结",
        "协商不成的，由本级数据主管部门组织协商；仍不成的，报本级政府决定",
        "争议未决，各方不能新开放所涉数据，也不能新列为来源",
    ]


def after_signing(context: Context) -> list[str]:
    missing = [body for body in effects.unsigned(context) if body.pk != context.post.organisation_id]
    if context.record.terms and not missing:
        done = {
            NEGOTIATING.code: "签署原文即协商一致，为确定的单位登记目录更新",
            CONVENED.code: "签署原文以后，由数据主管部门记入协商纪要、办结",
        }
        return [f"您是最后一方：{done[context.case.state]}"]
    names = "、".join(body.short_name for body in missing) or effects.others(context)
    return [f"等{names}签署原文", "改动文字或者单位的，各方须重新签署"]


def _step(code: str, label: str, source: Any, to: Any, by: Any, **more: Any) -> Step:
    """A step of which all parties and their authority are told, by the article on disputes unless it names others."""
    usual = {"cites": _ARTICLE, "duties": ("OPN-08",), "tells": _ALL}
    return Step(code, label, source, to, by=by, **{**usual, **more})


STEPS = (
    _step(
        "raise", "提出争议", START, NEGOTIATING, first.officer | authority.officer, facts=DisputeFacts,
        cites=(_ARTICLE, "GOV19-16"), duties=("OPN-08", "CAT-20"), starts=TALK, begins=of_party,
        guards=(
            guards.published, guards.of_this_level, guards.not_running_already, guards.somebody_decides,
        ),
        effect=effects.raise_, joins=effects.parties_joining, hands_over=effects.authority_replacing,
        papers=(LETTERS["raise"],), tells=(*_ALL, "government"), button="提出争议",
        consequence=after_raising, explain="请在本件中陈述意见，协商一致的签署一致意见。",
    ),
    _step(
        "state", "陈述意见", (NEGOTIATING, CONVENED), None, parties, facts=PositionFacts,
        effect=effects.state, button="陈述意见", explain="写明意见和依据，各方和数据主管部门都看得到。",
    ),
    _step(
        "agree", "签署一致意见", (NEGOTIATING, CONVENED), None, parties, facts=TermsFacts,
        guards=(guards.not_signed_yet,), effect=effects.sign, tells=("authority",), button="签署",
        consequence=after_signing,
        explain="第一个签署的写明一致意见，其他各方照原文签署；最后一方签署时协商一致。",
    ),
    _step(
        "agreed", "协商一致", NEGOTIATING, AGREED, SYSTEM, meets=TALK, auto=effects.all_signed,
        effect=effects.agreed, papers=(LETTERS["agreed"],), explain="各方都已签署，为确定的单位登记目录更新。",
    ),
    _step(
        "escalate", "协商不成", NEGOTIATING, CONVENED, parties | authority.officer, facts=EscalateFacts,
        meets=TALK, starts=(CONVENE,), guards=(guards.authority_is_no_party,), effect=effects.escalate,
        papers=(LETTERS["escalate"],), button="请主管部门组织协商",
        explain="由本级数据主管部门组织争议各方协商。",
    ),
    _step(
        "settle", "组织协商一致", CONVENED, AGREED, authority.officer, facts=SettleFacts, meets=(CONVENE,),
        guards=(guards.everybody_signed,), effect=effects.settle, papers=(LETTERS["settled"],),
        button="记入纪要，办结", explain="各方签署一致意见以后，由数据主管部门记入协商纪要。",
    ),
    _step(
        "refer", "报政府决定", CONVENED, REFERRED, authority.officer, consent=authority.lead, facts=ReferFacts,
        meets=(CONVENE,), starts=(DECIDE,), guards=(guards.has_a_government,), joins=government_joining,
        effect=effects.refer, papers=(LETTERS["refer"],), tells=(*CODES, "government"),
        button="送处负责人签发", explain="仍协商不成的，连同各方意见和处理建议报本级政府。",
    ),
    _step(
        "refer-directly", "直接受理", NEGOTIATING, REFERRED, government.officer, default=True,
        facts=DirectFacts, ends=TALK, starts=(DECIDE,), guards=(guards.authority_is_a_party,),
        button="受理", explain="数据主管部门是争议一方的，由本级政府直接受理。",
    ),
    _step(
        "decide", "政府决定", REFERRED, DECIDED, government.officer, cites=(_ARTICLE, "OPEN20-15.3"),
        facts=DisputeDecisionFacts, meets=(DECIDE,), effect=effects.decide, papers=(LETTERS["decide"],),
        button="登记决定", explain="登记政府的决定文书；为决定的单位登记目录更新。",
    ),
    _step(
        "withdraw", "请求撤回", (NEGOTIATING, CONVENED), None, first.officer | authority.officer, default=True,
        facts=WithdrawFacts, guards=(guards.raised_it,), effect=effects.ask_to_withdraw, negative=True,
        button="请求撤回", explain="其他各方同意以后撤回，所涉数据恢复争议以前的状态。",
    ),
    _step(
        "consent", "同意撤回", (NEGOTIATING, CONVENED), None, parties, default=True,
        guards=(guards.consent_is_asked,), effect=effects.consent, button="同意撤回",
        explain="其他各方都同意以后，本件撤回。",
    ),
    _step(
        "withdrawn", "撤回", (NEGOTIATING, CONVENED), WITHDRAWN, SYSTEM, default=True, ends=(*TALK, CONVENE),
        auto=effects.all_consent, explain="提出单位撤回，其他各方都已同意。",
    ),
)  # fmt: skip

DISPUTE = register(
    Procedure(
        "body-dispute",
        "主体争议",
        prefix="ZY",
        app="catalog",
        record=Dispute,
        relations=DISPUTING,
        parties=standing,
        title=title,
        subject=subjects.item,
        may_file=guards.may_dispute,
        cites=("OPEN20-15", "GOV19-16", "GOV19-5"),
        panels=(dispute_panel,),
        filing_panels=(item_panel,),
        description="几个单位都认为某项数据应当由自己开放，或者都列为来源的，先协商，再由数据主管部门组织协商，仍不成的报政府决定。",
        steps=STEPS,
    )
)
