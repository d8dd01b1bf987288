"""共享申请: five working days to answer, five more when the catalogue does not settle it (REG22-24 to 26)."""

from __future__ import annotations

from accounts.authority import city_authority
from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import SYSTEM, Onward, Outcome, Procedure, State, Step
from procedures.registry import register

from catalog.answering import ANSWERING, REFUSED, RETURNED, Answering, answering
from sharing import effects, guards, subjects
from sharing.clocks import ANSWER, OPINION, SUPPLY, TERM
from sharing.facts.answer import (
    CauseFacts,
    ConsultationFacts,
    GrantFacts,
    NarrowingFacts,
    OpinionFacts,
    RefusalFacts,
    RelinquishFacts,
    ReturnFacts,
    WithdrawalFacts,
)
from sharing.facts.application import Application
from sharing.letters import LETTERS
from sharing.models import SharingRequest
from sharing.panels import entry_panel, request_panel
from sharing.relations import RELATIONS, authority, provider, requester

GRANTED = State("GRANTED", "已同意，待开通", turn=provider, hint="等提供部门把数据汇聚到平台，到位即开通")
IN_USE = State("IN_USE", "使用中", hint="自授权首日起可以下载或者调用，到最后一日为止")
SUSPENDED = State("SUSPENDED", "暂停", hint="授权核查期间暂停读取")
EXPIRED = Outcome("EXPIRED", "到期停用")
RELINQUISHED = Outcome("RELINQUISHED", "主动停用")
REVOKED = Outcome("REVOKED", "已撤销")


def parties(context: Context) -> dict[str, Organisation]:
    """The provider joins when it is consulted or when its data is granted, not before."""
    return {"requester": context.post.organisation, "authority": city_authority(context.at.date())}


def title(context: Context) -> str:
    return f"{context.post.organisation.short_name}申请共享“{context.subject.name}”"


CORE = answering(
    Answering(
        asker=requester,
        authority=authority,
        provider=provider,
        asked=("REG22-25.2", "GOV19-26.2", "REG22-25.3"),
        answered="REG22-26.1",
        consulted="REG22-26.2",
        answer=ANSWER,
        opinion=OPINION,
        supply=SUPPLY,
        granted=GRANTED,
        application=Application,
        grant=GrantFacts,
        refusal=RefusalFacts,
        consultation=ConsultationFacts,
        opining=OpinionFacts,
        returning=ReturnFacts,
        withdrawal=WithdrawalFacts,
        file=effects.file,
        agree=effects.agree,
        decline=effects.decline,
        hear=effects.hear,
        may_file=(
            guards.published,
            guards.not_own,
            guards.may_be_shared,
            guards.within_functions,
            guards.partner_has_agreement,
        ),
        may_consult=(guards.catalogue_does_not_settle,),
        may_return=(guards.returned_once_in_a_chain,),
        letters=LETTERS,
        duties={
            "submit": ("SHA-02", "SHA-04", "SHA-10", "SHA-17"),
            "grant": ("SHA-05", "SHA-09"),
            "refuse": ("SHA-05",),
            "consult": ("SHA-06",),
            "opine": ("SHA-07",),
            "no-opinion": ("SHA-07", "SHA-19"),
        },
        consult_effects=effects.after_consulting,
        grant_effects=effects.after_granting,
    )
)

USING = (
    Step(
        "grant-at-once",
        "即时授予",
        ANSWERING,
        GRANTED,
        by=SYSTEM,
        auto=lambda context: guards.unconditional(context.record),
        cites=("REG22-26.1", "GOV19-26.2"),
        duties=("CAT-29", "SHA-01", "SHA-05", "SHA-08"),
        meets=(ANSWER,),
        starts=(SUPPLY,),
        effect=effects.agree_at_once,
        papers=(LETTERS["answer"],),
        tells=("requester", "provider"),
        joins=lambda context: {"provider": context.record.entry.provider},
        explain="目录确定为无条件共享，系统代市数据主管部门当即同意。",
    ),
    Step(
        "open-access",
        "开通",
        GRANTED,
        IN_USE,
        by=SYSTEM,
        auto=effects.holding_is_ready,
        cites=("REG22-26.1", "GOV19-28"),
        duties=("SHA-05", "SHA-09", "SHA-12", "SHA-15"),
        meets=(SUPPLY,),
        starts=(TERM,),
        last_day=effects.last_day_of_grant,
        effect=effects.open_access,
        tells=("requester",),
        explain="数据已到位，自授权首日起可以下载或者调用。",
    ),
    Step(
        "relinquish",
        "主动停用",
        (IN_USE, SUSPENDED),
        RELINQUISHED,
        by=requester.officer,
        facts=RelinquishFacts,
        cites="REG22-25.3",
        default=True,
        duties=("SHA-09",),
        ends=(TERM,),
        effect=effects.close_access,
        tells=("authority", "provider"),
        negative=True,
        button="停用并报告处置",
        explain="不再需要这些数据时，停用并说明副本的处置。",
    ),
    Step(
        "narrow",
        "缩减授权",
        (IN_USE, SUSPENDED),
        None,
        by=SYSTEM,
        facts=NarrowingFacts,
        cites=("REG22-25.3", "REG22-24.2"),
        duties=("CAT-17", "SHA-09"),
        effect=effects.narrow,
        tells=("requester",),
        explain="授权的信息项或者范围已缩减。",
    ),
    Step(
        "suspend",
        "暂停",
        IN_USE,
        SUSPENDED,
        by=SYSTEM,
        facts=CauseFacts,
        cites=("REG22-25.3", "REG22-8(五)"),
        duties=("SHA-09",),
        effect=effects.suspend,
        tells=("requester",),
        explain="授权核查期间暂停读取，使用期限继续计算。",
    ),
    Step(
        "resume",
        "恢复",
        SUSPENDED,
        IN_USE,
        by=SYSTEM,
        facts=CauseFacts,
        cites="REG22-25.3",
        duties=("SHA-09",),
        effect=effects.resume,
        tells=("requester",),
        explain="可以继续读取。",
    ),
    Step(
        "expire",
        "到期停用",
        (IN_USE, SUSPENDED),
        EXPIRED,
        by=SYSTEM,
        cites="REG22-25.3",
        duties=("SHA-09",),
        meets=(TERM,),
        effect=effects.close_access,
        tells=("requester", "provider"),
        explain="授权期限届满，已停用。继续使用须重新申请。",
    ),
    Step(
        "close-revoked",
        "撤销停用",
        (IN_USE, SUSPENDED),
        REVOKED,
        by=SYSTEM,
        facts=CauseFacts,
        cites="REG22-25.3",
        duties=("SHA-09",),
        ends=(TERM,),
        effect=effects.close_access,
        tells=("requester", "provider"),
        explain="授权已撤销。",
    ),
)

ONWARD = (
    Onward(
        "sharing-request",
        "补正后重新提交",
        (RETURNED,),
        by=requester.officer,
        key=lambda record: record.entry.code,
        again=True,
    ),
    Onward(
        "sharing-objection",
        "提出共享异议",
        (REFUSED, GRANTED, IN_USE),
        by=requester.officer,
        key=lambda record: record.case.number,
    ),
    Onward(
        "grant-revocation",
        "立案核查",
        (IN_USE,),
        by=authority.officer | provider.officer,
        key=lambda record: record.case.number,
    ),
)

REQUEST = register(
    Procedure(
        "sharing-request",
        "共享申请",
        prefix="GX",
        app="sharing",
        record=SharingRequest,
        steps=(*CORE, *USING),
        relations=RELATIONS,
        parties=parties,
        title=title,
        subject=subjects.entry,
        may_file=guards.may_file,
        cites=("REG22-24", "REG22-25", "REG22-26", "GOV19-25", "GOV19-26"),
        panels=(request_panel,),
        filing_panels=(entry_panel,),
        onward=ONWARD,
        instead=(("sharing-objection", "提出共享异议"),),
        description="政务部门、公共服务组织因履行职责或者提供公共服务，申请使用其他单位的公共数据。",
    )
)
