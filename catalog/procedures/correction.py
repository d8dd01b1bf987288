"""校核: ten working days, ten more with the principal's consent (GOV19-19, REG22-12)."""

from __future__ import annotations

from accounts.authority import level_authority
from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import START, Onward, Outcome, Procedure, State, Step
from procedures.registry import register

from catalog.corrections import guards, subjects
from catalog.corrections.clocks import FIX, REVIEW
from catalog.corrections.relations import RELATIONS, applicant, authority, provider
from catalog.effects import correction as effects
from catalog.facts.correction import (
    CorrectedFacts,
    CorrectionFacts,
    CorrectionWithdrawalFacts,
    DeclineFacts,
    DefectFacts,
    ExtensionFacts,
    RedirectFacts,
    UpholdFacts,
    UrgeFacts,
    WindowFacts,
)
from catalog.letters.correction import LETTERS
from catalog.models import Correction
from catalog.panels.correction import correction_panel, subject_panel

REVIEWING = State("REVIEWING", "校核中", hint="数据提供单位正在校核，数据旁标明“校核中”")
CORRECTING = State("CORRECTING", "更正中", hint="已确认有误，等提供单位载入更正后的数据")
CORRECTED = Outcome("CORRECTED", "已更正", "数据已更正，取得该数据的单位已被告知")
DECLINED = Outcome("DECLINED", "不予更正", "已说明理由和证据")
RETURNED = Outcome("RETURNED", "退回补正", "补正后可以重新提出，为新的一件")
WITHDRAWN = Outcome("WITHDRAWN", "已撤回", "由申请人撤回")


def parties(context: Context) -> dict[str, Organisation]:
    """A person stands in no relation as a body; the case itself says who filed it."""
    who = context.subject.provider
    found = {"provider": who, "authority": level_authority(who, context.at.date())}
    if context.post is not None:
        found["applicant"] = context.post.organisation
    return found


def title(context: Context) -> str:
    """Without the person's name: titles are read in lists."""
    asker = context.post.organisation.short_name if context.post is not None else ""
    item = context.facts.get("item")
    named = f"中的“{item.name}”" if item is not None else ""
    return f"{asker}申请校核“{context.subject.name}”{named}"


#: Where a review may lead: to itself again, and to a dispute where it is in question who provides.
ONWARD = (
    Onward(
        "correction-review",
        "补正后重新提出",
        (RETURNED,),
        by=applicant.anyone,
        key=lambda record: record.entry.code,
        again=True,
    ),
    Onward(
        "correction-review",
        "有新的证明材料，重新申请校核",
        (DECLINED,),
        by=applicant.anyone,
        key=lambda record: record.entry.code,
        again=True,
    ),
    Onward(
        "body-dispute",
        "对由谁提供有争议，提出争议",
        (REVIEWING, DECLINED, RETURNED),
        by=provider.officer | authority.officer,
        key=lambda record: record.case.number,
    ),
)

CORRECTION = register(
    Procedure(
        "correction-review",
        "数据校核",
        prefix="JH",
        app="catalog",
        record=Correction,
        relations=RELATIONS,
        parties=parties,
        title=title,
        subject=subjects.entry,
        may_file=guards.may_file,
        cites=("GOV19-19", "REG22-12"),
        panels=(correction_panel,),
        filing_panels=(subject_panel,),
        onward=ONWARD,
        description="对公共数据有疑义或者发现错误，请数据提供单位校核。个人、企业和各类组织都可以提出，须实名。",
        steps=(
            Step(
                "submit",
                "提出校核申请",
                START,
                REVIEWING,
                by=applicant.anyone,
                facts=CorrectionFacts,
                cites=("GOV19-19.2", "REG22-12.2"),
                duties=("CAT-33", "CAT-34"),
                starts=(REVIEW,),
                guards=(guards.published, guards.not_own),
                effect=effects.file,
                papers=(LETTERS["receipt"], LETTERS["notice"]),
                tells=("provider",),
                button="提出申请",
                explain="平台收到之日为收到日，期限从次日起算；校核期间数据旁标明“校核中”。",
            ),
            Step(
                "redirect",
                "转正确提供方",
                REVIEWING,
                None,
                by=authority.officer,
                facts=RedirectFacts,
                cites="GOV19-19.1",
                default=True,
                duties=("CAT-32",),
                guards=(guards.another_body,),
                effect=effects.redirect,
                hands_over=effects.redirected_to,
                papers=(LETTERS["redirect"],),
                tells=("applicant", "provider"),
                button="转送",
                explain="收件单位不是数据的提供方时，转给正确的单位；校核期限连续计算，原收件单位不再看到本件。",
            ),
            Step(
                "extend",
                "延长校核期限",
                REVIEWING,
                None,
                by=provider.officer,
                consent=provider.principal,
                facts=ExtensionFacts,
                cites="GOV19-19.2",
                duties=("CAT-33",),
                extends=REVIEW,
                extends_by=effects.days,
                papers=(LETTERS["extend"],),
                tells=("applicant", "authority"),
                button="送主要负责人签发",
                explain="最多延长 10 个工作日，只能一次，须在届满前经主要负责人同意。",
            ),
            Step(
                "urge",
                "督办",
                (REVIEWING, CORRECTING),
                None,
                by=authority.officer,
                facts=UrgeFacts,
                cites="GOV19-19.1",
                duties=("CAT-32",),
                papers=(LETTERS["urge"],),
                tells=("provider",),
                button="发出督办函",
                explain="督促提供单位及时校核、更正，计入监督。",
            ),
            Step(
                "report-window",
                "反映拒办",
                REVIEWING,
                None,
                by=applicant.anyone,
                facts=WindowFacts,
                cites="GOV19-19.3",
                duties=("CAT-34",),
                effect=effects.report_window,
                tells=("authority",),
                button="反映",
                explain="已出示合法有效证明材料，窗口仍拒绝、推诿或者要求先更正信息的，可以反映。",
            ),
            Step(
                "return",
                "退回补正",
                REVIEWING,
                RETURNED,
                by=provider.officer,
                facts=DefectFacts,
                cites="GOV19-19.2",
                default=True,
                duties=("CAT-33",),
                meets=(REVIEW,),
                guards=(guards.returned_once_in_a_chain,),
                papers=(LETTERS["return"],),
                tells=("applicant",),
                negative=True,
                button="退回补正",
                explain="依现有内容认不出是哪条数据的，一次告知全部需要补正的内容。",
            ),
            Step(
                "uphold",
                "确认有误",
                REVIEWING,
                CORRECTING,
                by=provider.officer,
                consent=provider.lead,
                facts=UpholdFacts,
                cites=("GOV19-19.2", "REG22-12.1", "REG22-12.2"),
                duties=("CAT-30", "CAT-33"),
                meets=(REVIEW,),
                starts=(FIX,),
                effect=effects.uphold,
                papers=(LETTERS["uphold"],),
                tells=("applicant", "authority"),
                button="送处负责人签发",
                explain="写明结论、原因、责任单位和正确的内容，记入问题数据。",
            ),
            Step(
                "corrected",
                "完成更正",
                CORRECTING,
                CORRECTED,
                by=provider.officer,
                facts=CorrectedFacts,
                cites="REG22-12.2",
                duties=("CAT-30", "CAT-33"),
                meets=(FIX,),
                guards=(guards.correction_is_loaded,),
                effect=effects.corrected,
                papers=(LETTERS["corrected"],),
                tells=("applicant", "authority"),
                button="完成更正",
                explain="载入更正后的数据版本以后办理；取得该数据的单位会被告知。",
            ),
            Step(
                "decline",
                "不予更正",
                REVIEWING,
                DECLINED,
                by=provider.officer,
                consent=provider.lead,
                facts=DeclineFacts,
                cites=("GOV19-19.2", "REG22-12.2"),
                duties=("CAT-33",),
                meets=(REVIEW,),
                effect=effects.decline,
                papers=(LETTERS["decline"],),
                tells=("applicant", "authority"),
                negative=True,
                button="送处负责人签发",
                explain="数据无误的，说明理由，提供证据。",
            ),
            Step(
                "withdraw",
                "撤回",
                REVIEWING,
                WITHDRAWN,
                by=applicant.anyone,
                facts=CorrectionWithdrawalFacts,
                cites="REG22-12.2",
                default=True,
                duties=("CAT-33",),
                ends=(REVIEW,),
                tells=("provider",),
                negative=True,
                button="撤回申请",
                explain="撤回后校核标记解除；提供单位仍可以自行核实数据。",
            ),
        ),
    )
)
