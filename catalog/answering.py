"""The answering core that sharing and opening have in common (REG22-26 and REG22-28): a request is granted or refused
in so many working days; where the catalogue does not settle it the provider is consulted, once, and the limit grows.

Each app fills in who asks, which articles and terms apply, and what its own decision needs; it may then replace rows
by name with `procedures.declare.variant`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deadlines.clocks import Clock
from procedures.declare import START, SYSTEM, Guard, Outcome, PaperKind, Relation, State, Step
from procedures.facts import Facts

if TYPE_CHECKING:
    from procedures.context import Context


@dataclass(frozen=True)
class Answering:
    """What one app puts into the core."""

    asker: Relation
    authority: Relation
    provider: Relation
    asked: tuple[str, ...]  # where the law gives the right to ask
    answered: str  # where it sets the limit
    consulted: str  # where it extends the limit
    answer: Clock
    opinion: Clock
    supply: Clock
    granted: State
    application: type[Facts]
    grant: type[Facts]
    refusal: type[Facts]
    consultation: type[Facts]
    opining: type[Facts]
    returning: type[Facts]
    withdrawal: type[Facts]
    file: Callable[[Context], None]
    agree: Callable[[Context], None]
    decline: Callable[[Context], None]
    hear: Callable[[Context], None]
    may_file: tuple[Guard, ...]
    may_consult: tuple[Guard, ...]
    may_return: tuple[Guard, ...]
    letters: dict[str, PaperKind]
    duties: dict[str, tuple[str, ...]]
    consult_effects: Callable[[Context], list[str]]
    grant_effects: Callable[[Context], list[str]]


ANSWERING = State("ANSWERING", "审核中", hint="主管部门按目录确定的类型和条件审核")
CONSULTING = State("CONSULTING", "征求意见", hint="目录不能确定，正在征求数据提供部门意见")
REFUSED = Outcome("REFUSED", "不同意", "已说明理由并提供依据")
RETURNED = Outcome("RETURNED", "退回补正", "补正后可以重新提交，为新的一件")
WITHDRAWN = Outcome("WITHDRAWN", "已撤回", "由申请单位撤回")


def was_not_answered(context: Context) -> bool:
    """Whether the provider let the consultation pass without an opinion, so that one may still be added."""
    acts = {act.step for act in context.case.acts.all()}
    return "no-opinion" in acts and not acts & {"opine", "opine-late"}


def answering(app: Answering) -> tuple[Step, ...]:
    """The nine rows, ready for a procedure or for a variant."""
    late = Guard(
        lambda context: None if was_not_answered(context) else "只有逾期未答复意见的，才可以补充意见。",
        app.consulted,
        says="提供部门逾期未答复意见，也没有补充过",
    )
    return (
        Step(
            "submit",
            "提交申请",
            START,
            ANSWERING,
            by=app.asker.officer,
            facts=app.application,
            cites=app.asked,
            duties=app.duties["submit"],
            starts=(app.answer,),
            guards=app.may_file,
            effect=app.file,
            papers=(app.letters["receipt"],),
            tells=(app.authority.code,),
            explain="平台收到之日为收到日，期限从次日起算。",
        ),
        Step(
            "grant",
            "同意共享",
            ANSWERING,
            app.granted,
            by=app.authority.officer,
            consent=app.authority.lead,
            facts=app.grant,
            cites=app.answered,
            duties=app.duties["grant"],
            meets=(app.answer,),
            starts=(app.supply,),
            effect=app.agree,
            papers=(app.letters["answer"],),
            tells=(app.asker.code, app.provider.code),
            joins=lambda context: {app.provider.code: context.record.entry.provider},
            button="送处负责人签发",
            explain="同意全部或者部分信息项；未同意的部分须说明理由并提供依据。",
            consequence=app.grant_effects,
        ),
        Step(
            "refuse",
            "不同意共享",
            ANSWERING,
            REFUSED,
            by=app.authority.officer,
            consent=app.authority.lead,
            facts=app.refusal,
            cites=app.answered,
            duties=app.duties["refuse"],
            meets=(app.answer,),
            effect=app.decline,
            papers=(app.letters["refusal"],),
            tells=(app.asker.code,),
            negative=True,
            button="送处负责人签发",
            explain="须说明理由，并提供依据。",
        ),
        Step(
            "consult",
            "征求意见",
            ANSWERING,
            CONSULTING,
            by=app.authority.officer,
            facts=app.consultation,
            cites=app.consulted,
            duties=app.duties["consult"],
            extends=app.answer,
            starts=(app.opinion,),
            guards=app.may_consult,
            papers=(app.letters["consultation"],),
            tells=(app.asker.code, app.provider.code),
            joins=lambda context: {app.provider.code: context.record.entry.provider},
            button="发出征求意见函",
            explain="目录不能确定时，征求提供部门意见；答复期限延长一次。",
            consequence=app.consult_effects,
        ),
        Step(
            "opine",
            "答复意见",
            CONSULTING,
            ANSWERING,
            by=app.provider.officer,
            consent=app.provider.lead,
            facts=app.opining,
            cites=app.consulted,
            duties=app.duties["opine"],
            meets=(app.opinion,),
            effect=app.hear,
            papers=(app.letters["opinion"],),
            tells=(app.authority.code,),
            button="送处负责人签发",
            explain="在期限内答复：可以、不能，或者附条件。",
        ),
        Step(
            "no-opinion",
            "逾期未复",
            CONSULTING,
            ANSWERING,
            by=SYSTEM,
            cites=app.consulted,
            default=True,
            duties=app.duties["no-opinion"],
            ends=(app.opinion,),
            tells=(app.authority.code, app.provider.code),
            explain="提供部门未在期限内答复，已记为逾期；主管部门依现有材料答复。",
        ),
        Step(
            "opine-late",
            "补充意见",
            ANSWERING,
            None,
            by=app.provider.officer,
            consent=app.provider.lead,
            facts=app.opining,
            cites=app.consulted,
            default=True,
            duties=app.duties["opine"],
            guards=(late,),
            effect=app.hear,
            papers=(app.letters["opinion"],),
            tells=(app.authority.code,),
            button="送处负责人签发",
            explain="意见附卷，逾期记录不变。",
        ),
        Step(
            "return",
            "退回补正",
            ANSWERING,
            RETURNED,
            by=app.authority.officer,
            facts=app.returning,
            cites=app.asked[-1],
            default=True,
            duties=app.duties["submit"],
            meets=(app.answer,),
            guards=app.may_return,
            papers=(app.letters["return"],),
            tells=(app.asker.code,),
            negative=True,
            button="发出补正通知",
            explain="一次写明全部需要补正的内容；补正后重新提交，为新的一件，期限重新计算。",
        ),
        Step(
            "withdraw",
            "撤回",
            (ANSWERING, CONSULTING, app.granted),
            WITHDRAWN,
            by=app.asker.officer,
            facts=app.withdrawal,
            cites=app.asked[0],
            default=True,
            duties=app.duties["submit"],
            ends=(app.answer, app.opinion, app.supply),
            tells=(app.authority.code, app.provider.code),
            negative=True,
            button="撤回申请",
            explain="撤回后各项期限终止，可以重新申请。",
        ),
    )
