"""共享异议: the data authority settles a dispute together with the provider (GOV19-27; its limits are defaults)."""

from __future__ import annotations

from accounts.authority import city_authority
from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import START, Outcome, Procedure, State, Step
from procedures.models import Case
from procedures.registry import register

from catalog.models import Entry
from sharing import guards, subjects
from sharing.clocks import POSITION, SETTLE
from sharing.facts.answer import ReturnFacts, WithdrawalFacts
from sharing.facts.objection import MeetingFacts, ObjectionFacts, PositionFacts, SettlementFacts
from sharing.letters import OBJECTION_LETTERS
from sharing.models import SharingObjection, SharingRequest
from sharing.panels import matter_panel, objection_panel
from sharing.relations import RELATIONS, authority, provider, requester

COORDINATING = State("COORDINATING", "协调中", hint="数据主管部门会同数据提供部门协调处理")
SETTLED = Outcome("SETTLED", "已处理")
RETURNED = Outcome("RETURNED", "退回补正")
WITHDRAWN = Outcome("WITHDRAWN", "已撤回")


def _entry(context: Context) -> Entry:
    if isinstance(context.subject, Case):
        return SharingRequest.objects.select_related("entry__provider").get(case=context.subject).entry
    return context.subject


def parties(context: Context) -> dict[str, Organisation]:
    return {
        "requester": context.post.organisation,
        "authority": city_authority(context.at.date()),
        "provider": _entry(context).provider,
    }


def title(context: Context) -> str:
    return f"{context.post.organisation.short_name}对“{_entry(context).name}”的共享异议"


@guards.guard("GOV19-27", "对答复有异议的，是本单位申请的答复")
def own_request(context: Context) -> str | None:
    if isinstance(context.subject, Case) and context.subject.filer_id != context.post.organisation_id:
        return f"{context.subject.number} 不是本单位的申请，不能对它的答复提出异议。"
    return None


def keep(context: Context) -> None:
    facts = context.facts
    about = context.subject if isinstance(context.subject, Case) else None
    context.record = SharingObjection.objects.create(
        case=context.case,
        entry=_entry(context),
        about=about,
        matter=facts["matter"],
        claim=facts["claim"],
        basis=facts["basis"],
    )


def keep_position(context: Context) -> None:
    context.record.position = context.facts["position"]
    context.record.position_basis = context.facts["basis"]
    context.record.save(update_fields=["position", "position_basis"])


def keep_minutes(context: Context) -> None:
    facts = context.facts
    context.record.minutes = [
        *context.record.minutes,
        {"met_on": facts["met_on"].isoformat(), "persons": facts["persons"], "minutes": facts["minutes"]},
    ]
    context.record.save(update_fields=["minutes"])


def settle(context: Context) -> None:
    context.record.result = context.facts["result"]
    context.record.save(update_fields=["result"])


OBJECTION = register(
    Procedure(
        "sharing-objection",
        "共享异议",
        prefix="YY",
        app="sharing",
        record=SharingObjection,
        relations=RELATIONS,
        parties=parties,
        title=title,
        subject=subjects.request_or_entry,
        may_file=guards.may_file,
        barred=guards.deciders,
        cites=("GOV19-27", "REG22-26"),
        panels=(objection_panel,),
        filing_panels=(matter_panel,),
        description="对共享类型、不同意的答复、共享条件或者数据提供情况有异议，请数据主管部门会同提供部门协调处理。",
        steps=(
            Step(
                "raise",
                "提出异议",
                START,
                COORDINATING,
                by=requester.officer,
                consent=requester.lead,
                facts=ObjectionFacts,
                cites="GOV19-27",
                duties=("SHA-14",),
                starts=(SETTLE, POSITION),
                guards=(own_request,),
                effect=keep,
                papers=(OBJECTION_LETTERS["raise"],),
                tells=("authority", "provider"),
                button="送处负责人签发",
                explain="由未经办原答复的人员处理。",
            ),
            Step(
                "position",
                "提供方意见",
                COORDINATING,
                None,
                by=provider.officer,
                consent=provider.lead,
                facts=PositionFacts,
                cites="GOV19-27",
                duties=("SHA-14",),
                meets=(POSITION,),
                effect=keep_position,
                tells=("authority",),
                button="送处负责人签发",
                explain="提供部门说明意见和依据。",
            ),
            Step(
                "meet",
                "协调会商",
                COORDINATING,
                None,
                by=authority.officer,
                facts=MeetingFacts,
                cites="GOV19-27",
                duties=("SHA-14",),
                effect=keep_minutes,
                tells=("requester", "provider"),
                button="记入会商记录",
                explain="记录会商的日期、参加人和内容。",
            ),
            Step(
                "settle",
                "处理决定",
                COORDINATING,
                SETTLED,
                by=authority.officer,
                consent=authority.lead,
                facts=SettlementFacts,
                cites="GOV19-27",
                duties=("SHA-14",),
                meets=(SETTLE,),
                ends=(POSITION,),
                effect=settle,
                guards=(guards.provider_has_spoken,),
                papers=(OBJECTION_LETTERS["settle"],),
                tells=("requester", "provider"),
                button="送处负责人签发",
                explain="会同提供部门处理：须有提供部门的意见入卷。",
            ),
            Step(
                "return",
                "退回补正",
                COORDINATING,
                RETURNED,
                by=authority.officer,
                facts=ReturnFacts,
                cites="GOV19-27",
                default=True,
                duties=("SHA-14",),
                ends=(SETTLE, POSITION),
                tells=("requester",),
                negative=True,
                button="退回补正",
            ),
            Step(
                "withdraw",
                "撤回",
                COORDINATING,
                WITHDRAWN,
                by=requester.officer,
                facts=WithdrawalFacts,
                cites="GOV19-27",
                default=True,
                duties=("SHA-14",),
                ends=(SETTLE, POSITION),
                tells=("authority", "provider"),
                negative=True,
                button="撤回异议",
            ),
        ),
    )
)
