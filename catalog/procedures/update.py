"""目录更新: ten working days to apply after a change of law or function, five to review and update (GOV19-14)."""

from __future__ import annotations

from datetime import datetime, time

import clock
from accounts.actors import Actor
from accounts.authority import city_authority
from accounts.models import Organisation
from deadlines.clocks import Clock
from deadlines.forecast import start_day, workday_after
from deadlines.queries import term_in_force
from procedures.context import Context
from procedures.declare import START, SYSTEM, Beginning, Outcome, Procedure, State, Step, guard
from procedures.registry import register

from catalog.clocks import APPLY, COMPLETE, REVIEW, REVISE, government
from catalog.effects import update as effects
from catalog.effects.look import first_words, held, problems, repetition, with_entries
from catalog.facts.review import remarks_of
from catalog.facts.update import (
    ApplicationFacts,
    ChangeFacts,
    NoNeedFacts,
    RefusalFacts,
    ReturnFacts,
    UpdateFacts,
    WithdrawalFacts,
    chosen,
)
from catalog.letters.update import APPLICATION, REFUSED, RETURNED, UPDATED
from catalog.models import CatalogueUpdate
from catalog.panels.update import provider_panel, update_panel
from catalog.procedures.list import not_by
from catalog.relations import authority, provider

CHANGE_NOTED = State("CHANGE_NOTED", "变更发生", turn=provider, hint="提供单位编制变更内容，申请更新")
REVIEWING = State("REVIEWING", "审核中", hint="市数据主管部门审核、更新")
UPDATED_STATE = Outcome("UPDATED", "已更新")
NOT_NEEDED = Outcome("NOT_NEEDED", "无需更新")
REFUSED_STATE = Outcome("REFUSED", "不予更新")
WITHDRAWN = Outcome("WITHDRAWN", "已撤回")

Cause = CatalogueUpdate.Cause


def subject(key: str, by: Actor | None = None) -> Organisation:
    """The provider, by the code of the body."""
    return Organisation.objects.select_related("parent").get(code=key)


def parties(context: Context) -> dict[str, Organisation]:
    return {"provider": context.subject, "authority": city_authority(context.at.date())}


def title(context: Context) -> str:
    return f"{context.subject.short_name}目录更新"


def begins(context: Context, clock_: Clock) -> Beginning | None:
    """Which limit the cause starts: by law from the day of the change; a type review from now; others none."""
    facts = context.facts
    if clock_ is APPLY and facts["cause"] in CatalogueUpdate.DATED:
        return Beginning(since=datetime.combine(facts["changed_on"], time.min, tzinfo=clock.SHANGHAI))
    if clock_ is REVISE and facts["cause"] == Cause.TYPE_REVIEW:
        return Beginning()
    return None


def completes(context: Context, clock_: Clock) -> Beginning:
    """A completion not made in time is a late application, where the application itself was owed by law."""
    return Beginning(last_day=context.facts["until"], binding=context.record.cause in CatalogueUpdate.DATED)


def reviews(context: Context, clock_: Clock) -> Beginning:
    """The number binds for government data; for public-service bodies and those by reference it reminds."""
    return Beginning(binding=government(context.party("provider")))


def after_applying(context: Context) -> list[str]:
    day = start_day(REVIEW, rules_on=context.case.received_on, at=context.at)
    return [
        "由数据提供单位处负责人签发后生效，签发前可以取回修改",
        f"市数据主管部门须在 {day:%-m 月 %-d 日}前审核、更新",
        "审核期间所报条目不能修改",
    ]


def after_noting(context: Context) -> list[str]:
    days = term_in_force(APPLY.term or "", context.at.date()).amount
    last = workday_after(context.at.date(), days)
    return [
        f"法律法规修改、职能变更的，自变更之日起 {days} 个工作日内申请更新；今天变更的到 {last:%-m 月 %-d 日}",
        "登记时已过期限的，按届满之时记为逾期",
        f"告知{context.party('provider').short_name}",
    ]


@guard("REG22-3", "编制公共数据目录的单位")
def compiles(context: Context) -> str | None:
    if context.subject.compiles_a_catalogue:
        return None
    return f"{context.subject.name}不编制公共数据目录，没有可以更新的条目。"


@guard("GOV19-14.1", "由数据主管部门或者系统登记的原因", needs_facts=True)
def reviewed_by_the_system(context: Context) -> str | None:
    if context.actor.is_system or context.facts["cause"] != Cause.TYPE_REVIEW:
        return None
    if context.post.organisation.duty == Organisation.Duty.CITY_AUTHORITY:
        return None
    return "类型定期复核由系统按年立件；本单位自行调整类型的，请选“提供单位提出”。"


@guard("GOV19-14.1", "有编制完整的变更内容", needs_facts=True)
def drafts_are_complete(context: Context) -> str | None:
    rows = list(with_entries(chosen(context.record, context.facts["only"])[0]))
    if not rows:
        return "还没有编制变更内容：请先新增、变更条目，或者提出撤销，再申请更新。"
    found = problems(rows)
    if not found:
        return None
    return f"有 {len(found)} 条还没有编制完整，改正以后再申请：{first_words(found, rows)}。"


@guard("REG22-11.1(二)", "与其他单位已有条目同名的，都已说明为什么不是重复采集", needs_facts=True)
def nothing_is_repeated(context: Context) -> str | None:
    return repetition(list(with_entries(chosen(context.record, context.facts["only"])[0])))


@guard("GOV19-14.2", "更新的条目都符合规范", needs_facts=True)
def accepted_are_whole(context: Context) -> str | None:
    named = {remark.name for remark in remarks_of(context.case, context.facts["exceptions"])}
    rows = list(with_entries(held(context.case).exclude(name__in=named)))
    if not rows:
        return "没有可以更新的条目；全部不纳入的，请用“不予更新”。"
    found = problems(rows)
    if not found:
        return None
    return f"有 {len(found)} 条不能更新，请退回补正或者不纳入：{first_words(found, rows)}。"


@guard("GOV19-14.1", "原因不是法律法规修改或者职能变更")
def may_be_withdrawn(context: Context) -> str | None:
    if context.record.cause not in CatalogueUpdate.DATED:
        return None
    label = context.record.get_cause_display()
    return f"{label}应当申请更新，不能撤回；确实不影响目录的，请用“无需更新”说明理由。"


others_review = not_by("apply", cites="GOV19-14.2")


def _note(code: str, label: str, who: object, **more: object) -> Step:
    return Step(
        code,
        label,
        START,
        CHANGE_NOTED,
        by=who,
        facts=ChangeFacts,
        cites=("GOV19-14.1", "REG22-24.2"),
        duties=("CAT-14", "CAT-17"),
        starts=(APPLY, REVISE),
        begins=begins,
        effect=effects.note,
        tells=("provider", "authority"),
        explain="请核对涉及的条目，按期申请更新。",
        **more,
    )


def _decision(code: str, label: str, to: State, facts: type, effect: object, **more: object) -> Step:
    return Step(
        code,
        label,
        REVIEWING,
        to,
        by=authority.officer,
        facts=facts,
        meets=(REVIEW,),
        effect=effect,
        tells=("provider",),
        **more,
    )


UPDATE = register(
    Procedure(
        "catalogue-update",
        "目录更新",
        prefix="MG",
        app="catalog",
        record=CatalogueUpdate,
        relations=(provider, authority),
        parties=parties,
        title=title,
        subject=subject,
        cites=("GOV19-13", "GOV19-14", "GOV19-31", "GOV19-50(八)", "REG22-22", "REG22-24", "REG22-56(二)"),
        panels=(update_panel,),
        filing_panels=(provider_panel,),
        description="法律法规修改、职能变更或者类型复核以后更新目录；责任清单、共享目录同步更新。",
        steps=(
            _note(
                "note-change",
                "登记变更",
                provider.officer | authority.officer,
                guards=(compiles, reviewed_by_the_system),
                consequence=after_noting,
                button="登记变更",
            ),
            _note("note-by-rule", "系统登记变更", SYSTEM),
            Step(
                "no-need",
                "无需更新",
                CHANGE_NOTED,
                NOT_NEEDED,
                by=provider.officer,
                consent=provider.principal,
                facts=NoNeedFacts,
                cites="GOV19-14.1",
                default=True,
                duties=("CAT-14",),
                ends=(APPLY, COMPLETE, REVISE),
                effect=effects.no_need,
                tells=("authority",),
                button="送主要负责人签发",
                explain="逐条说明理由；市数据主管部门可以再次登记变更。",
            ),
            Step(
                "apply",
                "申请更新",
                CHANGE_NOTED,
                REVIEWING,
                by=provider.officer,
                consent=provider.lead,
                facts=ApplicationFacts,
                cites=("GOV19-14.1", "REG22-24.3", "GOV19-31"),
                duties=("CAT-14", "CAT-18", "CAT-19"),
                meets=(APPLY, COMPLETE, REVISE),
                starts=(REVIEW,),
                begins=reviews,
                guards=(drafts_are_complete, nothing_is_repeated),
                effect=effects.apply,
                papers=(APPLICATION,),
                tells=("authority",),
                consequence=after_applying,
                button="送处负责人签发",
                explain="直接报市数据主管部门，五个工作日内审核、更新。",
            ),
            _decision(
                "return",
                "退回补正",
                CHANGE_NOTED,
                ReturnFacts,
                effects.send_back,
                cites="GOV19-14.2",
                default=True,
                duties=("CAT-16",),
                starts=(COMPLETE,),
                begins=completes,
                guards=(others_review,),
                papers=(RETURNED,),
                negative=True,
                button="退回补正",
                explain="一次写全要补正的内容和日期。",
            ),
            _decision(
                "update",
                "审核更新",
                UPDATED_STATE,
                UpdateFacts,
                effects.update,
                consent=authority.lead,
                cites=("GOV19-14.2", "GOV19-13.1"),
                duties=("CAT-13", "CAT-16", "CAT-17", "SHA-02"),
                guards=(others_review, accepted_are_whole),
                papers=(UPDATED,),
                button="送处负责人签发",
                explain="没有标注的条目一次发布，责任清单、共享目录同步更新。",
            ),
            _decision(
                "refuse",
                "不予更新",
                REFUSED_STATE,
                RefusalFacts,
                effects.refuse,
                consent=authority.lead,
                cites="GOV19-14.2",
                duties=("CAT-16",),
                guards=(others_review,),
                papers=(REFUSED,),
                negative=True,
                button="送处负责人签发",
            ),
            Step(
                "withdraw",
                "撤回",
                (CHANGE_NOTED, REVIEWING),
                WITHDRAWN,
                by=provider.officer,
                facts=WithdrawalFacts,
                cites="REG22-22.2",
                default=True,
                duties=("CAT-14",),
                ends=(APPLY, REVIEW, COMPLETE, REVISE),
                guards=(may_be_withdrawn,),
                effect=effects.withdraw,
                tells=("authority",),
                negative=True,
                button="撤回",
                explain="编制的内容留在本单位。",
            ),
        ),
    )
)
