"""政务信息化项目: assessed and listed, planned, designed, funded, built, accepted by its catalogue (GOV19-48)."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from accounts.authority import level_authority
from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import START, Outcome, Procedure, State, Step
from procedures.registry import register

from catalog.effects import project as effects
from catalog.facts.project import (
    AcceptanceApplicationFacts,
    AcceptanceFacts,
    DesignApprovalFacts,
    DesignFacts,
    FailureFacts,
    FundFacts,
    ListFacts,
    PlanApprovalFacts,
    PlanFacts,
    ProjectDefectFacts,
    ProjectOpenFacts,
    ProjectRefusalFacts,
    ProjectSubmitFacts,
    ProjectWithdrawalFacts,
    TerminationFacts,
)
from catalog.letters.project import LETTERS
from catalog.models import Project
from catalog.panels.project import applicant_panel, project_panel
from catalog.projects import guards
from catalog.projects.clocks import ACCEPT, ASSESS, DESIGN, PLAN
from catalog.projects.relations import (
    RELATIONS,
    applicant,
    authority,
    finance,
    finance_of,
    planning,
    planning_of,
)

PREPARING = State("PREPARING", "申报准备", turn=applicant, hint="申报单位填写申报内容")
ASSESSING = State("ASSESSING", "评估", hint="数据主管部门评估")
LISTED = State(
    "LISTED", "列入项目清单", turn=applicant, instead=finance, hint="建设项目报批方案，运行维护项目等安排经费"
)
PLAN_REVIEW = State("PLAN_REVIEW", "建设方案审批", hint="发展改革部门审批建设方案")
DESIGNING = State("DESIGNING", "编制初步设计", turn=applicant, hint="方案已批准，申报单位编制初步设计")
DESIGN_REVIEW = State("DESIGN_REVIEW", "初步设计审核", hint="数据主管部门审核初步设计")
BUDGETING = State("BUDGETING", "预算安排", turn=finance, hint="财政部门安排预算")
BUILDING = State("BUILDING", "建设", turn=applicant, hint="建设中，目录清单的条目要发布并汇聚数据")
ACCEPTING = State("ACCEPTING", "验收", hint="数据主管部门核对目录清单完成情况")
ACCEPTED = Outcome("ACCEPTED", "验收通过")
FUNDED = Outcome("FUNDED", "运维经费已安排")
NOT_LISTED = Outcome("NOT_LISTED", "不列入")
REFUSED = Outcome("REFUSED", "方案不予批准")
WITHDRAWN = Outcome("WITHDRAWN", "已撤回")
TERMINATED = Outcome("TERMINATED", "已终止")


def body(key: str, by: Actor | None = None) -> Organisation:
    """The applicant, by its code."""
    return Organisation.objects.get(code=key)


def parties(context: Context) -> dict[str, Organisation]:
    own = context.post.organisation
    return {"applicant": own, "authority": level_authority(own, context.at.date())}


def title(context: Context) -> str:
    name = context.facts.get("name")
    return f"{context.post.organisation.short_name}“{name}”项目" if name else "申报政务信息化项目"


def with_planning(context: Context) -> dict[str, Organisation]:
    found = planning_of(context)
    return {"planning": found} if found is not None else {}


def with_finance(context: Context) -> dict[str, Organisation]:
    found = finance_of(context)
    return {"finance": found} if found is not None else {}


def finance_of_upkeep(context: Context) -> dict[str, Organisation]:
    """An upkeep project that is listed goes to the money at once; one to build first to its plan."""
    return with_finance(context) if context.record.kind == Project.Kind.UPKEEP else {}


def _step(code: str, label: str, source: Any, to: Any, by: Any, cites: Any, **more: Any) -> Step:
    """A step of the duty to manage projects, unless it names others."""
    return Step(code, label, source, to, by=by, cites=cites, **{"duties": ("CAT-37",), **more})


SIGN = "送处负责人签发"
SIGN_PRINCIPAL = "送主要负责人签发"

STEPS = (
    _step(
        "open", "项目建档", START, PREPARING, applicant.officer, "GOV19-48.1",
        facts=ProjectOpenFacts, guards=(guards.own_project,), effect=effects.open_project,
        button="建档", explain="建档后填写申报内容，报数据主管部门评估。",
    ),
    _step(
        "submit", "申报", PREPARING, ASSESSING, applicant.officer, ("GOV19-48.2", "REG22-47"),
        facts=ProjectSubmitFacts, consent=applicant.principal, duties=("CAT-25", "CAT-26", "CAT-37"),
        starts=(ASSESS,), effect=effects.submit, papers=(LETTERS["sheet"],), tells=("authority",),
        button=SIGN_PRINCIPAL, explain="写明需求、金额、云平台和网络、替代的系统、可以通过共享取得的数据。",
    ),
    _step(
        "return", "退回补充", ASSESSING, PREPARING, authority.officer, "GOV19-48.2", default=True,
        facts=ProjectDefectFacts, meets=(ASSESS,), papers=(LETTERS["return"],), tells=("applicant",),
        negative=True, button="退回补充", explain="一次告知全部需要补充的内容。",
    ),
    _step(
        "list", "列入清单", ASSESSING, LISTED, authority.officer,
        ("GOV19-48.2", "GOV19-48.1", "REG22-21.3", "GOV19-23.2"),
        facts=ListFacts, consent=authority.lead, duties=("CAT-37", "CAT-41"), meets=(ASSESS,),
        guards=(guards.no_new_platform, guards.no_new_network, guards.finance_for_upkeep), effect=effects.enlist,
        joins=finance_of_upkeep, papers=(LETTERS["list"],), tells=("applicant", "finance"),
        button=SIGN, explain="签发后即在“项目清单”公布。",
    ),
    _step(
        "not-list", "不列入", ASSESSING, NOT_LISTED, authority.officer, "GOV19-48.2",
        facts=ProjectRefusalFacts, consent=authority.lead, meets=(ASSESS,), papers=(LETTERS["not-list"],),
        tells=("applicant",), negative=True, button=SIGN, explain="须说明理由，并提供依据。",
    ),
    _step(
        "apply-plan", "报批建设方案", LISTED, PLAN_REVIEW, applicant.officer, ("GOV19-48.3", "GOV19-48.2"),
        facts=PlanFacts, consent=applicant.principal, duties=("CAT-37", "CAT-38"), starts=(PLAN,),
        guards=(guards.is_build, guards.has_planning, guards.list_is_complete), effect=effects.apply_plan,
        joins=with_planning, tells=("planning", "authority"),
        button=SIGN_PRINCIPAL, explain="预编制的目录清单是审批要件，须填写完整。",
    ),
    _step(
        "approve-plan", "批准方案", PLAN_REVIEW, DESIGNING, planning.officer, "GOV19-48.2",
        facts=PlanApprovalFacts, consent=planning.lead, meets=(PLAN,), effect=effects.approve_plan,
        tells=("applicant", "authority"), button=SIGN, explain="写明批复文号和日期，批复附在文书和附件中。",
    ),
    _step(
        "return-plan", "退回修改", PLAN_REVIEW, LISTED, planning.officer, "GOV19-48.2", default=True,
        facts=ProjectDefectFacts, meets=(PLAN,), effect=effects.release, papers=(LETTERS["return-plan"],),
        tells=("applicant",), negative=True, button="退回修改", explain="一次告知全部需要修改的内容。",
    ),
    _step(
        "refuse-plan", "不予批准", PLAN_REVIEW, REFUSED, planning.officer, "GOV19-48.2",
        facts=ProjectRefusalFacts, consent=planning.lead, meets=(PLAN,), effect=effects.release,
        papers=(LETTERS["refuse-plan"],), tells=("applicant", "authority"), negative=True,
        button=SIGN, explain="须说明理由，并提供依据。",
    ),
    _step(
        "submit-design", "报审初步设计", DESIGNING, DESIGN_REVIEW, applicant.officer, "GOV19-48.2",
        facts=DesignFacts, consent=applicant.lead, duties=("CAT-37", "CAT-38"), starts=(DESIGN,),
        guards=(guards.list_is_complete,), effect=effects.submit_design, tells=("authority",),
        button=SIGN, explain="目录清单有变化的一并修改。",
    ),
    _step(
        "approve-design", "审核通过", DESIGN_REVIEW, BUDGETING, authority.officer, "GOV19-48.2",
        facts=DesignApprovalFacts, consent=authority.lead, meets=(DESIGN,), guards=(guards.has_finance,),
        effect=effects.approve_design, joins=with_finance, tells=("applicant", "finance"),
        button=SIGN, explain="对设计、目录清单和接口提出意见，转财政部门。",
    ),
    _step(
        "return-design", "审核退回", DESIGN_REVIEW, DESIGNING, authority.officer, "GOV19-48.2",
        facts=ProjectDefectFacts, consent=authority.lead, meets=(DESIGN,), effect=effects.release,
        papers=(LETTERS["return-design"],), tells=("applicant",), negative=True, button=SIGN,
        explain="一次告知全部需要修改的内容。",
    ),
    _step(
        "fund", "安排预算", BUDGETING, BUILDING, finance.officer, ("GOV19-48.2", "GOV19-49.2"),
        facts=FundFacts, duties=("CAT-37", "CAT-39"), effect=effects.fund, tells=("applicant", "authority"),
        button="安排预算", explain="审计结果是安排资金的重要依据，列在本页。",
    ),
    _step(
        "fund-upkeep", "安排运维经费", LISTED, FUNDED, finance.officer, ("GOV19-48.2", "GOV19-49.2"),
        facts=FundFacts, duties=("CAT-37", "CAT-39"), guards=(guards.is_upkeep,), effect=effects.fund,
        tells=("applicant", "authority"), button="安排经费", explain="审计结果是安排资金的重要依据，列在本页。",
    ),
    _step(
        "apply-acceptance", "申请验收", BUILDING, ACCEPTING, applicant.officer, "GOV19-48.3",
        facts=AcceptanceApplicationFacts, consent=applicant.principal, duties=("CAT-38",), starts=(ACCEPT,),
        effect=effects.apply_acceptance, tells=("authority",), button=SIGN_PRINCIPAL,
        explain="目录清单完成情况由平台按现行目录逐条核对。",
    ),
    _step(
        "accept", "验收通过", ACCEPTING, ACCEPTED, authority.officer, "GOV19-48.3",
        facts=AcceptanceFacts, consent=authority.lead, duties=("CAT-38",), meets=(ACCEPT,),
        guards=(guards.list_is_fulfilled,), effect=effects.accept, papers=(LETTERS["accept"],),
        tells=("applicant", "planning", "finance"), button=SIGN,
        explain="清单每一条都已发布并汇聚数据，或者写明不要求完成的理由。",
    ),
    _step(
        "fail-acceptance", "验收不通过", ACCEPTING, BUILDING, authority.officer, "GOV19-48.3",
        facts=FailureFacts, consent=authority.lead, duties=("CAT-38",), meets=(ACCEPT,),
        papers=(LETTERS["fail"],), tells=("applicant",), negative=True, button=SIGN,
        explain="写明没有完成的条目。",
    ),
    _step(
        "withdraw", "撤回", (PREPARING, ASSESSING, LISTED), WITHDRAWN, applicant.officer, "GOV19-48.2",
        default=True, facts=ProjectWithdrawalFacts, ends=(ASSESS,), tells=("authority",), negative=True,
        button="撤回项目", explain="已列入清单的，同时移出清单。",
    ),
    _step(
        "terminate", "终止", (PLAN_REVIEW, DESIGNING, DESIGN_REVIEW, BUDGETING, BUILDING), TERMINATED,
        applicant.officer, "GOV19-48.2", default=True, facts=TerminationFacts, consent=authority.lead,
        ends=(PLAN, DESIGN), effect=effects.release, tells=("authority", "planning", "finance"),
        negative=True, button="送数据主管部门签发", explain="写明理由和已经形成的数据，经数据主管部门同意后终止。",
    ),
)  # fmt: skip

PROJECT = register(
    Procedure(
        "it-project",
        "政务信息化项目",
        prefix="XM",
        app="catalog",
        record=Project,
        relations=RELATIONS,
        parties=parties,
        title=title,
        subject=body,
        may_file=guards.may_file,
        cites=("GOV19-8", "GOV19-21", "GOV19-48", "GOV19-49", "REG22-47"),
        panels=(project_panel,),
        filing_panels=(applicant_panel,),
        description="政务信息化项目先经评估列入清单，预编制目录清单后报批方案，建成后按目录清单的完成情况验收。",
        steps=STEPS,
    )
)
