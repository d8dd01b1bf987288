"""需求对接: what a body needs and the catalogue lacks is found, catalogued, asked for (GOV19-12, GOV19-16)."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from accounts.authority import city_authority
from accounts.models import Organisation
from deadlines.forecast import start_day
from procedures.context import Context
from procedures.declare import START, SYSTEM, Onward, Outcome, Procedure, State, Step
from procedures.registry import register

from catalog.demands import disputed, guards
from catalog.demands.clocks import MATCH, OFFER
from catalog.demands.relations import RELATIONS, asker, authority, gatherer_of, merger, source
from catalog.effects import demand as effects
from catalog.facts.demand import (
    AcceptanceFacts,
    CarryFacts,
    DenialFacts,
    JoinFacts,
    MatchFacts,
    MergeUpFacts,
    NeedFacts,
    NeedWithdrawalFacts,
    QuestionFacts,
    ReferralFacts,
    RejectionFacts,
    SearchAgainFacts,
    StepOutFacts,
    SystemReason,
)
from catalog.letters.demand import LETTERS
from catalog.models import CatalogueList, Demand
from catalog.panels.demand import demand_panel, raising_panel

MERGING = State("MERGING", "区县汇总", turn=merger, hint="区县数据主管部门汇总本区县的需求")
MATCHING = State("MATCHING", "匹配中", turn=authority, hint="市数据主管部门在目录中查找，或者征询来源方")
ASKED = State("ASKED", "征询来源方", turn=source, hint="被征询单位确认或者否认有这项数据")
CATALOGUING = State(
    "CATALOGUING",
    "待编目",
    turn=authority,
    waits_on="catalogue-update",
    hint="来源方申请更新目录，发布后匹配",
)
MATCHED = Outcome("MATCHED", "已匹配", "各需求单位已有共享申请草稿")
REFERRED = Outcome("REFERRED", "转统一采购", "没有单位掌握这项数据，转为统一采购需求")
NOT_ADOPTED = Outcome("NOT_ADOPTED", "不采纳", "已说明理由和依据")
MERGED = Outcome("MERGED", "已并入", "与同类需求一并办理，各步骤照样告知")
WITHDRAWN = Outcome("WITHDRAWN", "已撤回")


def body(key: str, by: Actor | None = None) -> Organisation:
    """The asker, by its code."""
    return Organisation.objects.select_related("parent").get(code=key)


def parties(context: Context) -> dict[str, Organisation]:
    """Who gathers the needs of the asker's district stands in the case, also for what came with a gathered list."""
    day = context.at.date()
    own = context.subject.body if isinstance(context.subject, CatalogueList) else context.post.organisation
    gatherer = gatherer_of(own, day)
    found = {"asker": own, "authority": city_authority(day)}
    return found if gatherer is None else {**found, "merger": gatherer}


def opens(context: Context) -> str:
    """A district department's need is gathered by its data authority first."""
    return "raise-district" if "merger" in context.parties else "raise"


def title(context: Context) -> str:
    items = context.facts.get("items")
    return effects.title_of(context.party("asker"), items) if items else "提出数据需求"


def after_asking(context: Context) -> list[str]:
    day = start_day(OFFER, rules_on=context.case.received_on, at=context.at)
    return [
        f"被征询单位须在 {day:%-m 月 %-d 日}前答复；到期没有答复的，本件回到匹配环节",
        "生成《数据来源征询函》，发给被征询单位，抄送需求单位",
    ]


def after_accepting(context: Context) -> list[str]:
    return [
        "由本单位处负责人签发后生效，签发前可以取回修改",
        "为本单位登记一件目录更新，请按所填日期申请更新",
        "更新发布后，市数据主管部门匹配给需求单位",
    ]


def after_matching(context: Context) -> list[str]:
    return [
        "由市数据主管部门处负责人签发后生效，签发前可以取回修改",
        "为每个需求单位备好共享申请草稿，并告知其经办人",
        "本件办结",
    ]


ASKERS = ("asker", "follower")
LOOKED_FOR = (MERGING, MATCHING, ASKED, CATALOGUING)
SIGN = "送处负责人签发"


def _step(code: str, label: str, source: Any, to: Any, by: Any, cites: Any, **more: Any) -> Step:
    """A step of the duty to match needs, unless it names others."""
    return Step(code, label, source, to, by=by, cites=cites, **{"duties": ("CAT-12",), **more})


def _raise(code: str, label: str, to: State, by: Any, **more: Any) -> Step:
    return _step(
        code, label, START, to, by, "GOV19-12.2",
        facts=NeedFacts, starts=(MATCH,), effect=effects.raise_need, button="提出需求", **more,
    )  # fmt: skip


STEPS = (
    _raise(
        "raise", "提出需求", MATCHING, asker.officer,
        guards=(guards.own_need, guards.not_in_the_catalogue), papers=(LETTERS["line"],), tells=("authority",),
        explain="市数据主管部门在目录中查找，或者征询可能掌握数据的单位。",
    ),
    _raise(
        "raise-district", "提出需求（区县）", MERGING, asker.officer,
        guards=(guards.own_need, guards.not_in_the_catalogue), papers=(LETTERS["district-line"],),
        tells=("merger",), explain="由区县数据主管部门汇总上报。",
    ),
    _raise(
        "raise-with-list", "随清单提出需求", MATCHING, SYSTEM,
        papers=(LETTERS["line"],), tells=("asker", "authority"), explain="目录清单已纳入，其中的需求转入对接。",
    ),
    _step(
        "merge-up", "汇总上报", MERGING, MATCHING, merger.officer, ("GOV19-12.2", "GOV19-12.3"),
        facts=MergeUpFacts, effect=effects.merge_up, papers=(LETTERS["merged"],),
        tells=("authority", *ASKERS), button="汇总上报", explain="本区县的同类需求先并在一起，再一并上报。",
    ),
    _step(
        "match", "匹配成功", (MATCHING, CATALOGUING), MATCHED, authority.officer, ("GOV19-12.3", "REG22-25.2"),
        facts=MatchFacts, consent=authority.lead, duties=("CAT-12", "SHA-01"), meets=(MATCH,),
        guards=(guards.entries_can_be_shared,), effect=effects.match, papers=(LETTERS["found"],),
        tells=ASKERS, button=SIGN, consequence=after_matching,
        explain="写明已发布的条目，为各需求单位备好共享申请草稿。",
    ),
    _step(
        "join", "并入同类需求", MATCHING, MERGED, authority.officer, "GOV19-12.3", default=True,
        facts=JoinFacts, ends=(MATCH,), guards=(guards.carrier_is_on_the_same_desk,), effect=effects.join,
        tells=ASKERS, negative=True, button="并入", explain="需要同样数据的并在一起办，并入的单位照样得知结果。",
    ),
    _step(
        "join-district", "并入同类需求（区县）", MERGING, MERGED, merger.officer, "GOV19-12.3", default=True,
        facts=JoinFacts, ends=(MATCH,), guards=(guards.carrier_is_on_the_same_desk,), effect=effects.join,
        tells=ASKERS, negative=True, button="并入", explain="本区县需要同样数据的并在一起，一并上报。",
    ),
    _step(
        "carry", "承接同类需求", LOOKED_FOR, None, SYSTEM, "GOV19-12.3", default=True,
        facts=CarryFacts, effect=effects.carry, tells=("asker", "authority", "merger"),
        explain="另一单位需要同样的数据，并入本件一并办理。",
    ),
    _step(
        "ask-source", "征询来源方", MATCHING, ASKED, authority.officer, ("GOV19-12.3", "GOV19-16"),
        facts=QuestionFacts, duties=("CAT-12", "CAT-20"), starts=(OFFER,), guards=(guards.asks_another_body,),
        effect=effects.ask, joins=effects.source_joining, hands_over=effects.source_replacing,
        papers=(LETTERS["question"],), tells=("source", *ASKERS), button="发出征询函",
        consequence=after_asking, explain="请可能掌握数据的单位确认；确认后由其编入目录。",
    ),
    _step(
        "accept-source", "确认来源", ASKED, CATALOGUING, source.officer, ("GOV19-16", "GOV19-14.1"),
        facts=AcceptanceFacts, consent=source.lead, duties=("CAT-13", "CAT-20"), meets=(OFFER,),
        effect=effects.accept, tells=("authority", *ASKERS), button=SIGN, consequence=after_accepting,
        explain="本单位有这项数据，编入目录和采集责任清单。",
    ),
    _step(
        "deny-source", "否认来源", ASKED, MATCHING, source.officer, "GOV19-16", default=True,
        facts=DenialFacts, consent=source.lead, duties=("CAT-20",), meets=(OFFER,), effect=effects.deny,
        tells=("authority", *ASKERS), negative=True, button=SIGN,
        explain="本单位没有这项数据，或者应当由其他单位提供，写明理由和依据。",
    ),
    _step(
        "silent-source", "逾期未复", ASKED, MATCHING, SYSTEM, "GOV19-12.3", default=True,
        ends=(OFFER,), effect=effects.silent, tells=("source", "authority", *ASKERS),
        explain="征询期满没有答复，计入监督，继续匹配。",
    ),
    _step(
        "source-failed", "编目未成", CATALOGUING, MATCHING, SYSTEM, "GOV19-12.3", default=True,
        facts=SystemReason, effect=effects.source_failed, tells=("source", "authority", *ASKERS),
        explain="来源方的目录更新没有办成，另行查找来源。",
    ),
    _step(
        "search-again", "另找来源", CATALOGUING, MATCHING, authority.officer, "GOV19-12.3", default=True,
        facts=SearchAgainFacts, guards=(guards.update_has_ended,), effect=effects.source_failed,
        tells=("source", *ASKERS), button="另找来源", explain="目录更新已经办结，仍然没有所需数据的，另找来源。",
    ),
    # Not SHA-18: the need is recorded; approving and running a unified purchase is no part of this procedure.
    _step(
        "refer", "转统一采购", MATCHING, REFERRED, authority.officer, ("REG22-11.1(二)", "REG22-23"),
        facts=ReferralFacts, consent=authority.lead, duties=("CAT-20",), meets=(MATCH,),
        effect=effects.refer, papers=(LETTERS["referred"],), tells=ASKERS, button=SIGN,
        explain="没有单位掌握这项数据，也不能通过共享取得的，记为统一采购需求。",
    ),
    _step(
        "decline", "不采纳", MATCHING, NOT_ADOPTED, authority.officer, "GOV19-12.3",
        facts=RejectionFacts, consent=authority.lead, meets=(MATCH,), effect=effects.decline,
        papers=(LETTERS["declined"],), tells=ASKERS, negative=True, button=SIGN,
        explain="须说明理由，并提供依据。",
    ),
    _step(
        "step-out", "退出本件", LOOKED_FOR, None, asker.officer, "GOV19-12.2", default=True,
        facts=StepOutFacts, guards=(guards.somebody_follows,), effect=effects.step_out,
        hands_over=effects.heir_leads, tells=("follower", "authority"), negative=True, button="退出",
        explain="有其他单位的同类需求并入本件的，由最先并入的单位接续。",
    ),
    _step(
        "withdraw", "撤回", LOOKED_FOR, WITHDRAWN, asker.officer, "GOV19-12.2", default=True,
        facts=NeedWithdrawalFacts, ends=(MATCH, OFFER), guards=(guards.nobody_follows,), effect=effects.withdraw,
        tells=("authority", "merger", "source"), negative=True, button="撤回", explain="不再需要这项数据。",
    ),
)  # fmt: skip

#: Where a need may lead before it ends: who really has the data may have to be settled first.
ONWARD = (
    Onward(
        "body-dispute",
        "对来源有争议，提出数源争议",
        (MATCHING,),
        by=authority.officer,
        key=lambda record: record.case.number,
        when=disputed.is_denied,
    ),
)

DEMAND = register(
    Procedure(
        "demand-matching",
        "需求对接",
        prefix="XQ",
        app="catalog",
        record=Demand,
        relations=RELATIONS,
        parties=parties,
        title=title,
        subject=body,
        opens=opens,
        may_file=guards.may_file,
        cites=("GOV19-12", "GOV19-16", "GOV19-50(三)", "REG22-11", "REG22-23", "REG22-25"),
        panels=(demand_panel,),
        filing_panels=(raising_panel,),
        onward=ONWARD,
        description="目录中没有所需数据的，提出需求：在目录中匹配，征询来源方编目，或者转统一采购。",
        steps=STEPS,
    )
)
