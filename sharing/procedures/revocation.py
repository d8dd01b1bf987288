"""共享授权核查与撤销: a grant is used beyond its limits, or no longer rests on anything (REG22-25.3, GOV19-50)."""

from __future__ import annotations

from datetime import date, datetime, time

import clock
from accounts.authority import city_authority
from accounts.models import Organisation
from datacentre import actions as datacentre
from datacentre.models import Grant
from deadlines.clocks import Clock
from deadlines.forecast import workday_after
from procedures import hearings
from procedures.context import Context
from procedures.declare import START, SYSTEM, Outcome, Procedure, State, Step, guard
from procedures.registry import register

from sharing import guards, leads, subjects
from sharing.clocks import DISPOSE, EXPLAIN, RECTIFY
from sharing.facts.revocation import (
    DemandFacts,
    DisposalFacts,
    ExplanationFacts,
    FindingFacts,
    MeasuresFacts,
    NarrowFacts,
    OpeningFacts,
    RevokeFacts,
    SuspensionFacts,
    UnreportedFacts,
)
from sharing.letters import REVOCATION_LETTERS
from sharing.models import GrantRevocation
from sharing.panels import grant_panel, revocation_panel
from sharing.relations import RELATIONS, authority, provider, requester

EXAMINING = State("EXAMINING", "核查中", turn=authority, hint="核实使用情况")
SUSPENDED = State("SUSPENDED", "暂停核查", turn=authority, hint="授权已暂停，正在核实")
RECTIFYING = State("RECTIFYING", "整改中", hint="使用单位按要求整改")
CHECKING = State("CHECKING", "复查", turn=authority, hint="核对整改情况")
DISPOSING = State("DISPOSING", "数据处置", hint="使用单位报告数据副本的处置")
RESTORED = Outcome("RESTORED", "恢复，不成立")
NARROWED = Outcome("NARROWED", "已调整")
REVOKED = Outcome("REVOKED", "已撤销")
OPEN = (EXAMINING, SUSPENDED, CHECKING)
NOTICE_WORKDAYS = 10  # product default for grounds without fault; no number in law


def parties(context: Context) -> dict[str, Organisation]:
    return {
        "requester": context.subject.grantee,
        "provider": context.subject.holding.owner,
        "authority": city_authority(context.at.date()),
    }


def title(context: Context) -> str:
    return f"核查{context.subject.grantee.short_name}使用“{context.subject.holding.name}”的情况"


@guard("REG22-25.3", "授权没有终止")
def grant_is_open(context: Context) -> str | None:
    if context.subject.status != Grant.Status.ENDED:
        return None
    return "这项授权已经终止，没有可以核查的使用。"


@guard(
    "REG22-25.3",
    f"生效日不早于当日；使用单位没有过错的，提前 {NOTICE_WORKDAYS} 个工作日通知",
    needs_facts=True,
)
def notice_is_long_enough(context: Context) -> str | None:
    day, today = context.facts["effective_on"], context.at.date()
    if day < today:
        return f"生效日（{day.isoformat()}）不能早于今天。"
    if context.record.ground not in GrantRevocation.WITHOUT_FAULT:
        return None
    earliest = workday_after(today, NOTICE_WORKDAYS)
    if day >= earliest:
        return None
    return (
        f"事由为“{context.record.get_ground_display()}”，使用单位没有过错，"
        f"生效日最早为 {earliest.isoformat()}（提前 {NOTICE_WORKDAYS} 个工作日通知）。"
    )


def keep(context: Context) -> None:
    facts = context.facts
    context.record = GrantRevocation.objects.create(
        case=context.case,
        grant=context.subject,
        request=context.subject.case,
        ground=facts["ground"],
        facts=facts["facts"],
        log_extract=facts["log_extract"],
    )


def _set(context: Context, **values: object) -> None:
    for name, value in values.items():
        setattr(context.record, name, value)
    context.record.save(update_fields=list(values))


def _ask(context: Context, step: str, when: datetime | None = None, **facts: object) -> None:
    hearings.ask(context.act, context.record.request, step, facts, when=when)


def suspend(context: Context) -> None:
    """Access closes on every edge in this very transaction; the request hears of it afterwards."""
    datacentre.suspend_grant(
        context.record.grant, why=context.facts["reason"], at=context.at, by=context.actor
    )
    _ask(context, "suspend", reason=context.facts["reason"])


def explain(context: Context) -> None:
    _set(context, explanation=context.facts["explanation"])


def demand(context: Context) -> None:
    _set(context, demand=context.facts["demand"], rectify_by=context.facts["rectify_by"])


def rectify_by(context: Context, clock: Clock) -> date:
    return context.facts["rectify_by"]


def measures(context: Context) -> None:
    _set(context, measures=context.facts["measures"])


def restore(context: Context) -> None:
    _set(context, decision=context.facts["finding"])
    _resume(context)


def narrow(context: Context) -> None:
    facts = context.facts
    _set(context, decision=facts["reason"], decision_basis=facts["basis"])
    _ask(context, "narrow", items_out=list(facts["items_out"]), scope=facts["scope"], reason=facts["reason"])
    _resume(context)


def _resume(context: Context) -> None:
    if context.record.grant.status == Grant.Status.SUSPENDED:
        _ask(context, "resume", reason=context.step.label)


def revoke(context: Context) -> None:
    facts = context.facts
    _set(context, decision=facts["reason"], decision_basis=facts["basis"], effective_on=facts["effective_on"])
    today = facts["effective_on"] <= context.at.date()
    if today:
        datacentre.end_grant(context.record.grant, why=context.step.label, at=context.at, by=context.actor)
    start = None if today else datetime.combine(facts["effective_on"], time.min, tzinfo=clock.SHANGHAI)
    _ask(context, "close-revoked", when=start, reason=facts["reason"])
    leads.grant_revoked(context)


def disposal(context: Context) -> None:
    facts = context.facts
    _set(
        context,
        disposal=f"{facts['disposed_on'].isoformat()}，{facts['method']}：{facts['copies']}。{facts['statement']}",
    )


def _decision(code: str, label: str, to: State, facts: type, effect: object, **more: object) -> Step:
    """The three decisions at the end of a look into a grant have the same shape."""
    return Step(
        code,
        label,
        OPEN,
        to,
        by=authority.officer,
        consent=authority.lead,
        facts=facts,
        effect=effect,
        ends=(EXPLAIN,),
        papers=(REVOCATION_LETTERS["decision"],),
        tells=("requester", "provider"),
        button="送处负责人签发",
        **more,
    )


REVOCATION = register(
    Procedure(
        "grant-revocation",
        "共享授权核查与撤销",
        prefix="HC",
        app="sharing",
        record=GrantRevocation,
        relations=RELATIONS,
        parties=parties,
        title=title,
        subject=subjects.grant,
        panels=(revocation_panel,),
        filing_panels=(grant_panel,),
        cites=(
            "REG22-24",
            "REG22-25",
            "REG22-56(五)",
            "GOV19-40",
            "GOV19-50(四)",
            "GOV19-50(五)",
            "GOV19-52",
        ),
        description="核查共享数据是否超出范围、用于其他目的或者提供给第三方，并作出恢复、缩减或者撤销的决定。",
        steps=(
            Step(
                "open",
                "立案核查",
                START,
                EXAMINING,
                by=authority.officer | provider.officer,
                facts=OpeningFacts,
                cites=("REG22-25.3", "GOV19-50(四)", "GOV19-50(五)"),
                duties=("SHA-09", "SHA-10", "SHA-11"),
                starts=(EXPLAIN,),
                guards=(grant_is_open,),
                effect=keep,
                tells=("requester", "provider", "authority"),
                button="立案核查",
            ),
            Step(
                "suspend",
                "暂停授权",
                EXAMINING,
                SUSPENDED,
                by=authority.officer,
                confirm=authority.lead,
                facts=SuspensionFacts,
                cites=("REG22-25.3", "REG22-8(五)"),
                duties=("SHA-09",),
                effect=suspend,
                tells=("requester", "provider"),
                button="立即暂停",
                explain="立即生效，处负责人随后确认。",
                negative=True,
            ),
            Step(
                "explain",
                "说明情况",
                (EXAMINING, SUSPENDED),
                None,
                by=requester.officer,
                consent=requester.principal,
                facts=ExplanationFacts,
                cites="GOV19-40",
                duties=("SHA-13",),
                meets=(EXPLAIN,),
                effect=explain,
                tells=("authority",),
                button="送主要负责人签发",
            ),
            Step(
                "demand",
                "要求整改",
                (EXAMINING, SUSPENDED),
                RECTIFYING,
                by=authority.officer,
                consent=authority.lead,
                facts=DemandFacts,
                cites=("REG22-25.3", "GOV19-40"),
                duties=("SHA-09", "SHA-13"),
                ends=(EXPLAIN,),
                starts=(RECTIFY,),
                last_day=rectify_by,
                effect=demand,
                papers=(REVOCATION_LETTERS["demand"],),
                tells=("requester",),
                button="送处负责人签发",
            ),
            Step(
                "report-rectified",
                "报告整改",
                RECTIFYING,
                CHECKING,
                by=requester.officer,
                consent=requester.principal,
                facts=MeasuresFacts,
                cites="GOV19-40",
                duties=("SHA-13",),
                meets=(RECTIFY,),
                effect=measures,
                tells=("authority",),
                button="送主要负责人签发",
            ),
            Step(
                "rectify-lapsed",
                "逾期未整改",
                RECTIFYING,
                CHECKING,
                by=SYSTEM,
                cites="GOV19-40",
                default=True,
                duties=("SHA-13", "SHA-19"),
                ends=(RECTIFY,),
                tells=("authority", "requester"),
            ),
            _decision(
                "restore",
                "恢复，不成立",
                RESTORED,
                FindingFacts,
                restore,
                cites="REG22-25.3",
                default=True,
                duties=("SHA-09",),
            ),
            _decision(
                "narrow",
                "调整范围",
                NARROWED,
                NarrowFacts,
                narrow,
                cites=("REG22-25.3", "REG22-24.2"),
                duties=("SHA-09",),
            ),
            _decision(
                "revoke",
                "撤销授权",
                DISPOSING,
                RevokeFacts,
                revoke,
                cites=("REG22-25.3", "REG22-56(五)", "GOV19-52"),
                duties=("SHA-09", "SHA-11", "SHA-19"),
                guards=(notice_is_long_enough,),
                starts=(DISPOSE,),
                negative=True,
            ),
            Step(
                "report-disposal",
                "报告处置",
                DISPOSING,
                REVOKED,
                by=requester.officer,
                consent=requester.lead,
                facts=DisposalFacts,
                cites="GOV19-40",
                default=True,
                duties=("SHA-13",),
                meets=(DISPOSE,),
                effect=disposal,
                tells=("authority",),
                button="送处负责人签发",
            ),
            Step(
                "close-unreported",
                "未报告关闭",
                DISPOSING,
                REVOKED,
                by=authority.officer,
                consent=authority.lead,
                facts=UnreportedFacts,
                cites=("GOV19-40", "REG22-56(五)"),
                default=True,
                duties=("SHA-13", "SHA-19"),
                ends=(DISPOSE,),
                guards=(guards.disposal_is_overdue,),
                effect=leads.disposal_unreported,
                tells=("requester",),
                button="送处负责人签发",
            ),
        ),
    )
)
