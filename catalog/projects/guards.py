"""What must hold before a step on a project is lawful; each with its article."""

from __future__ import annotations

from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import guard
from statutes.enforcement import enforces

from catalog.facts.project import exempted
from catalog.models import Project
from catalog.projects import items
from catalog.projects.relations import finance_of, planning_of


def may_file(organisation: Organisation) -> str | None:
    """Government departments, and public-service bodies kept by public money (GOV19-48, REG22-21.3)."""
    if organisation.is_government_department:
        return None
    if organisation.kind == Organisation.Kind.PUBLIC_SERVICE and organisation.fiscally_funded:
        return None
    return "政务信息化项目由政务部门和财政资金保障运行的公共服务组织申报。"


@guard("GOV19-48.2", "申报的是本单位的项目")
def own_project(context: Context) -> str | None:
    if context.subject == context.post.organisation:
        return None
    return f"项目由申报单位建档，您不能代{context.subject.name}申报。"


@guard("GOV19-48.2", "是建设项目")
def is_build(context: Context) -> str | None:
    if context.record.kind == Project.Kind.BUILD:
        return None
    return "运行维护项目列入清单后由财政部门安排经费，不报批建设方案。"


@guard("GOV19-48.2", "是运行维护项目")
def is_upkeep(context: Context) -> str | None:
    if context.record.kind == Project.Kind.UPKEEP:
        return None
    return "建设项目须经方案审批和初步设计审核，再安排预算。"


@guard("REG22-21.3", "没有新建公共数据平台、共享系统、开放系统")
@enforces("CAT-41", what="新建的公共数据平台、共享系统、开放系统不列入项目清单")
def no_new_platform(context: Context) -> str | None:
    if context.record.platform != Project.Platform.NEW:
        return None
    return "不得新建其他公共数据平台、共享系统和开放系统；已有的应当整合并入统一平台，本项目不能列入清单。"


@guard("GOV19-21.1", "没有新建业务专网")
@enforces("CAT-26", what="新建业务专网的项目不列入清单")
def no_new_network(context: Context) -> str | None:
    if context.record.network != Project.Network.NEW:
        return None
    return "不再新建业务专网，已有的应当并入或者接入电子政务网络，本项目不能列入清单。"


@guard("GOV19-48.3", "已经预编制完整的目录清单", needs_facts=True)
def list_is_complete(context: Context) -> str | None:
    wrong = items.defects(context.record, items.names_of(context.facts["items"]))
    return f"{wrong}。目录清单是项目审批的要件，须完整才能报批。" if wrong else None


@guard("GOV19-48.2", "机构登记中有本级发展改革部门")
def has_planning(context: Context) -> str | None:
    return None if planning_of(context) is not None else "机构登记中没有本级发展改革部门，请先登记。"


@guard("GOV19-48.2", "机构登记中有本级财政部门")
def has_finance(context: Context) -> str | None:
    return None if finance_of(context) is not None else "机构登记中没有本级财政部门，请先登记。"


@guard("GOV19-48.2", "运行维护项目有本级财政部门安排经费")
def finance_for_upkeep(context: Context) -> str | None:
    if context.record.kind != Project.Kind.UPKEEP or finance_of(context) is not None:
        return None
    return "机构登记中没有本级财政部门，请先登记。"


@guard("GOV19-48.3", "目录清单的条目都已发布并汇聚数据，或者有不要求完成的理由", needs_facts=True)
def list_is_fulfilled(context: Context) -> str | None:
    let_off = exempted(context.facts["exemptions"])
    open_ = [row for row in items.completion(context.record) if not row.done and row.item.name not in let_off]
    if not open_:
        return None
    named = "、".join(f"“{row.item.name}”{row.word}" for row in open_[:5])
    return f"目录清单还有 {len(open_)} 条没有完成：{named}。完成后验收，或者写明不要求完成的理由。"
