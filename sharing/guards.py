"""What must hold before a step on sharing is lawful; each with its article."""

from __future__ import annotations

from accounts.models import Organisation
from deadlines.models import Deadline
from procedures.context import Context
from procedures.declare import guard
from procedures.models import Act, Case

from catalog import conditions
from catalog.models import Entry, SharingType
from sharing.clocks import DISPOSE
from sharing.models import SharingRequest

MAY_ASK = frozenset(
    {
        Organisation.Kind.CITY_GOVERNMENT,
        Organisation.Kind.CITY_DEPARTMENT,
        Organisation.Kind.DISTRICT_GOVERNMENT,
        Organisation.Kind.DISTRICT_DEPARTMENT,
        Organisation.Kind.AGENCY,
        Organisation.Kind.PUBLIC_SERVICE,
        Organisation.Kind.BY_REFERENCE,
        Organisation.Kind.PARTNER,
    }
)


def may_file(organisation: Organisation) -> str | None:
    """Who may ask for shared data: government bodies and public-service bodies; not enterprises (REG22-25)."""
    if organisation.kind in MAY_ASK:
        return None
    return "共享申请由政务部门、公共服务组织提出；企业和个人不能提出。"


@guard("REG22-25.2", "目录条目已经发布")
def published(context: Context) -> str | None:
    if context.subject.status == Entry.Status.PUBLISHED:
        return None
    return f"目录条目“{context.subject.name}”没有发布，不能申请共享。"


@guard("REG22-25.1", "不是本单位提供的数据")
def not_own(context: Context) -> str | None:
    if context.subject.provider_id != context.post.organisation_id:
        return None
    return "这是本单位提供的数据，不需要申请共享。"


@guard("REG22-24.1", "目录没有确定为不予共享")
def may_be_shared(context: Context) -> str | None:
    if context.subject.sharing_type != SharingType.NOT_SHARED:
        return None
    name, basis = context.subject.name, context.subject.sharing_basis
    return f"目录确定“{name}”不予共享（依据：{basis}）。对类型有异议的，可以提出共享异议。"


@guard("GOV19-50(四)", "与本单位职能清单中的一项职能有关", needs_facts=True)
def within_functions(context: Context) -> str | None:
    function = context.facts.get("function")
    if function is not None and function.organisation_id == context.post.organisation_id:
        return None
    return "申请的数据须与本单位职能清单中的一项职能有关。"


@guard("REG22-51", "外省市对接方已经登记合作协议")
def partner_has_agreement(context: Context) -> str | None:
    if context.post.organisation.kind != Organisation.Kind.PARTNER:
        return None
    if context.post.organisation.note.strip():
        return None
    return "外省市对接方须先登记合作协议，才能申请共享。"


def unconditional(record: SharingRequest) -> bool:
    """Whether the catalogue has already answered: all that is asked is unconditional, or of a base database."""
    return record.entry.base_database or conditions.unconditional(record.entry, record.items)


@guard("REG22-26.2", "目录不能确定：不属于基础数据库，申请的信息项也不全是无条件共享")
def catalogue_does_not_settle(context: Context) -> str | None:
    if not unconditional(context.record):
        return None
    return "申请的信息项都是无条件共享，目录已经确定，不能延长期限征求意见。"


@guard("REG22-26.1", "本件不是退回补正后重新提交的")
def returned_once_in_a_chain(context: Context) -> str | None:
    if context.case.previous_id is None:
        return None
    return f"本件由 {context.case.previous.number} 退回补正后重新提交，不能再次退回，请直接答复。"


#: The acts that answer a request or take back what was answered.
DECISIONS = ("grant", "refuse", "revoke", "narrow")


def deciders(case: Case) -> list[int]:
    """The people who decided what an objection is about, by their keys: they may not settle it (one query)."""
    acts = Act.objects.filter(case__objections__case=case, step__in=DECISIONS)
    return sorted({key for pair in acts.values_list("user", "signed_by") for key in pair if key is not None})


@guard("GOV19-27", "提供部门的意见已经入卷")
def provider_has_spoken(context: Context) -> str | None:
    if context.record.position:
        return None
    return "须会同数据提供部门处理：提供部门的意见还没有入卷。"


@guard("GOV19-40", "报告数据处置的期限已经届满")
def disposal_is_overdue(context: Context) -> str | None:
    deadline = Deadline.objects.filter(case=context.case, clock=DISPOSE.code).last()
    if deadline is not None and deadline.due_at <= context.at:
        return None
    return "报告数据处置的期限还没有届满。"
