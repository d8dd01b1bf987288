"""部门目录清单: a body's list in a round, by way of who gathers it, to the city data authority (GOV19-12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.authority import city_authority
from accounts.models import Organisation
from deadlines.clocks import Clock
from procedures.context import Context
from procedures.declare import START, SYSTEM, Guard, Outcome, Procedure, State, Step, guard
from procedures.models import Act
from procedures.registry import register

from catalog.clocks import LIST
from catalog.effects import list as effects
from catalog.effects.look import first_words, held, problems, repetition, waiting, with_entries
from catalog.facts.list import (
    AdoptionFacts,
    MergeFacts,
    RecallFacts,
    SendBackFacts,
    SubmissionFacts,
    SystemReason,
)
from catalog.facts.review import remarks_of
from catalog.letters.list import ADOPTION, JOINED, MERGER_SENT_BACK, SENT_BACK, SUBMISSION
from catalog.letters.round import CALL
from catalog.models import CatalogueList
from catalog.panels.list import list_panel
from catalog.relations import authority, body, merger, merger_of

COMPILING = State("COMPILING", "编制中", turn=body, hint="编制完整以后报送")
MERGING = State("MERGING", "区县/行业汇总", turn=merger, hint="汇总以后上报市级审核")
CITY_REVIEW = State("CITY_REVIEW", "市级审核", turn=authority, hint="逐条审核，可以退回修改")
ADOPTED = Outcome("ADOPTED", "已纳入")
NOT_SUBMITTED = Outcome("NOT_SUBMITTED", "未提交")
CLOSED = Outcome("CLOSED", "撤列")


def parties(context: Context) -> dict[str, Organisation]:
    day, listed = context.at.date(), context.subject.body
    above = merger_of(listed, day)
    return {
        "body": listed,
        **({"merger": above} if above is not None else {}),
        "authority": city_authority(day),
    }


def title(context: Context) -> str:
    kind = context.subject.round.get_kind_display()
    return f"{context.subject.body.short_name}{kind}清单"


def due_on(context: Context, clock: Clock) -> date:
    return context.record.due_on


@guard("GOV19-12.1", "不经汇总的单位直接报送市级")
def reports_directly(context: Context) -> str | None:
    above = context.parties.get("merger")
    return f"本单位的清单先报{above.short_name}汇总，请用“报送汇总”。" if above is not None else None


@guard("GOV19-12.1", "区县部门、公共服务组织的清单先报汇总")
def is_gathered(context: Context) -> str | None:
    if "merger" in context.parties:
        return None
    return "本单位的清单直接报送市数据主管部门，请用“报送市级”。"


@guard("GOV19-12.1", "编制中的条目都已符合规范")
def drafts_are_complete(context: Context) -> str | None:
    rows = [*with_entries(waiting(context.record.body)), *with_entries(held(context.case))]
    found = problems(rows)
    if not found:
        return None
    return f"有 {len(found)} 条还没有编制完整，改正以后再报送：{first_words(found, rows)}。"


@guard("REG22-11.1(二)", "与其他单位已有条目同名的，都已说明为什么不是重复采集")
def nothing_is_repeated(context: Context) -> str | None:
    rows = [*with_entries(waiting(context.record.body)), *with_entries(held(context.case))]
    return repetition(rows)


@guard("GOV19-12.3", "纳入的条目都符合规范", needs_facts=True)
def adopted_are_whole(context: Context) -> str | None:
    named = {remark.name for remark in remarks_of(context.case, context.facts["exceptions"])}
    rows = list(with_entries(held(context.case).exclude(name__in=named)))
    found = problems(rows)
    if not found:
        return None
    return f"有 {len(found)} 条不能纳入，请退回或者不纳入：{first_words(found, rows)}。"


def not_by(*steps: str, cites: str) -> Guard:
    """Nobody decides what they drafted or signed themselves, also where the authority compiles for itself."""

    @guard(cites, "办理人没有编制、报送过本件")
    def others(context: Context) -> str | None:
        person = context.signed_by or context.actor.user
        if person is None:
            return None
        acts: Sequence[Act] = Act.objects.filter(case=context.case, step__in=steps)
        if any(person.pk in (act.user_id, act.signed_by_id) for act in acts):
            return "本件由您编制或者签发报送，须由其他人员审核。"
        return None

    return others


REPORTS = ("submit", "submit-to-merger")
others_review = not_by(*REPORTS, cites="GOV19-12.3")


def _report(code: str, label: str, to: State, allowed: Guard, **more: object) -> Step:
    """The two ways of reporting differ in where the list goes."""
    return Step(
        code,
        label,
        COMPILING,
        to,
        by=body.officer,
        consent=body.principal,
        facts=SubmissionFacts,
        meets=(LIST,),
        guards=(allowed, drafts_are_complete, nothing_is_repeated),
        effect=effects.submit,
        papers=(SUBMISSION,),
        button="送主要负责人签发",
        **more,
    )


def _send_back(code: str, source: State, who: object, paper: object) -> Step:
    """Whoever holds the list may send it back, each in its own name."""
    return Step(
        code,
        "退回修改",
        source,
        COMPILING,
        by=who,
        facts=SendBackFacts,
        cites=("GOV19-11", "GOV19-12.3"),
        duties=("CAT-08", "CAT-09"),
        starts=(LIST,),
        last_day=due_on,
        guards=(others_review,),
        effect=effects.send_back,
        papers=(paper,),
        tells=("body", "merger"),
        negative=True,
        button="退回修改",
        explain="逐条逐要素写明要改什么，定出重新报送的日期。",
    )


LISTING = register(
    Procedure(
        "catalogue-list",
        "部门目录清单",
        prefix="QD",
        app="catalog",
        record=CatalogueList,
        relations=(body, merger, authority),
        parties=parties,
        title=title,
        cites=("GOV19-11", "GOV19-12", "GOV19-41", "GOV19-50(一)", "REG22-22", "REG22-24", "REG22-56(二)"),
        panels=(list_panel,),
        description="各单位在编制轮次中报送目录清单和需求清单，汇总、审核以后纳入目录。",
        steps=(
            Step(
                "called",
                "列入轮次",
                START,
                COMPILING,
                by=SYSTEM,
                cites="GOV19-12.1",
                duties=("CAT-09",),
                starts=(LIST,),
                last_day=due_on,
                effect=effects.called,
                papers=(CALL,),
                tells=("body", "merger"),
                explain="请组织编制本单位的目录清单。",
            ),
            _report(
                "submit",
                "报送市级",
                CITY_REVIEW,
                reports_directly,
                cites=("GOV19-12.1", "GOV19-12.3"),
                duties=("CAT-03", "CAT-09", "CAT-12"),
                tells=("authority",),
                explain="主要负责人签发后，编制中的全部条目一并报送。",
            ),
            _report(
                "submit-to-merger",
                "报送汇总",
                MERGING,
                is_gathered,
                cites=("GOV19-12.1", "REG22-22.4"),
                duties=("CAT-09", "CAT-10", "CAT-12"),
                tells=("merger",),
                explain="区县部门报区县数据主管部门，公共服务组织报行业主管部门。",
            ),
            Step(
                "merge",
                "汇总上报",
                MERGING,
                CITY_REVIEW,
                by=merger.officer,
                consent=merger.lead,
                facts=MergeFacts,
                cites=("GOV19-12.1", "GOV19-12.2", "GOV19-12.3", "REG22-22.4"),
                duties=("CAT-06", "CAT-09", "CAT-10", "CAT-12"),
                guards=(others_review,),
                effect=effects.merge,
                papers=(JOINED,),
                tells=("authority", "body"),
                button="送处负责人签发",
                explain="核对重复来源，写明汇总意见。",
            ),
            _send_back("send-back", CITY_REVIEW, authority.officer, SENT_BACK),
            _send_back("merger-send-back", MERGING, merger.officer, MERGER_SENT_BACK),
            Step(
                "recall",
                "撤回修改",
                (MERGING, CITY_REVIEW),
                COMPILING,
                by=body.officer,
                facts=RecallFacts,
                cites="GOV19-12.1",
                default=True,
                duties=("CAT-09",),
                starts=(LIST,),
                last_day=due_on,
                effect=effects.recall,
                tells=("merger", "authority"),
                negative=True,
                button="撤回修改",
                explain="全部条目回到编制中，改好以后重新报送。",
            ),
            Step(
                "adopt",
                "审核纳入",
                CITY_REVIEW,
                ADOPTED,
                by=authority.officer,
                consent=authority.lead,
                facts=AdoptionFacts,
                cites=("GOV19-12.3", "REG22-22.2"),
                duties=("CAT-02", "CAT-11", "CAT-18"),
                guards=(others_review, adopted_are_whole),
                effect=effects.adopt,
                papers=(ADOPTION,),
                tells=("body", "merger"),
                button="送处负责人签发",
                explain="没有标注的条目一律纳入，随轮次发布；需求清单转入需求对接。",
            ),
            Step(
                "miss",
                "逾期未报",
                COMPILING,
                NOT_SUBMITTED,
                by=SYSTEM,
                facts=SystemReason,
                cites=("GOV19-50(一)", "REG22-56(二)"),
                duties=("CAT-09", "CAT-15"),
                ends=(LIST,),
                effect=effects.miss,
                tells=("body", "merger"),
                explain="轮次截止时没有报送，已作为线索。编制的内容留在本单位。",
            ),
            Step(
                "drop",
                "撤列",
                (COMPILING, MERGING, CITY_REVIEW),
                CLOSED,
                by=SYSTEM,
                facts=SystemReason,
                cites="GOV19-12.1",
                default=True,
                duties=("CAT-09",),
                ends=(LIST,),
                effect=effects.drop,
                tells=("body", "merger"),
                explain="本单位不再列入本轮次。编制的内容留在本单位。",
            ),
        ),
    )
)
