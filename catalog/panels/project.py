"""The parts of the case page and of the filing page that only a project has."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from procedures.declare import Panel
from procedures.models import Case

from catalog.models import Entry, LegacySystem, Project
from catalog.projects import items, queries


def project_context(case: Case) -> dict[str, Any]:
    """The project, its list against the live catalogue, what it may repeat, what auditors found (nine queries)."""
    record = Project.whole.get(case=case)
    rows = items.completion(record)
    return {
        "record": record,
        "asked": _asked(record),
        "decided": _decided(record),
        "rows": rows,
        "done": sum(row.done for row in rows),
        "systems": queries.systems_of(record),
        "twins": _twins(record, rows),
        "audits": queries.audits_of(record),
    }


def _asked(record: Project) -> list[tuple[str, Any]]:
    return [
        ("项目名称", record.name),
        ("类别、层级", f"{record.get_kind_display()}，{record.get_level_display()}"),
        ("建设需求", record.need),
        ("金额", f"{record.amount:,} 万元" if record.amount else ""),
        ("云平台", f"{record.get_cloud_display()}{'：' if record.cloud_reason else ''}{record.cloud_reason}"),
        ("网络", f"{record.get_network_display()} {record.network_basis}".strip()),
        ("平台和系统", record.get_platform_display()),
        ("替代的系统", record.replaced),
        ("可以通过共享取得的数据", record.shared_data),
        ("委托他人", "是" if record.contractor else ""),
    ]


def _decided(record: Project) -> list[tuple[str, Any]]:
    budget, acceptance = record.budget, record.acceptance
    plan = f"{record.plan_number}，{record.plan_approved_on.isoformat()}" if record.plan_approved_on else ""
    funds = f"{budget['year']} 年度 {budget['amount']:,} 万元，{budget['budget_line']}" if budget else ""
    return [
        (
            "列入清单",
            f"{record.listed_year} 年度，{record.listed_on.isoformat()}" if record.listed_on else "",
        ),
        ("评估意见", record.evaluation.get("evaluation", "")),
        ("委托审批文号", record.evaluation.get("commission", "")),
        ("建设方案", record.plan),
        ("方案批复", plan),
        ("初步设计", record.design),
        ("初步设计审核意见", record.design_opinion),
        ("预算安排", funds),
        ("对审计结果的考虑", budget.get("audit", "")),
        ("建设情况", record.completion.get("summary", "")),
        ("验收", f"{acceptance['accepted_by']}，{acceptance['accepted_on']}" if acceptance else ""),
        ("验收意见", acceptance.get("opinion", "")),
    ]


def _twins(record: Project, rows: list[items.Completion]) -> list[Entry]:
    """Published entries of others that bear the name of an item: the data may be there already (one query)."""
    names = [row.item.name for row in rows]
    found = Entry.objects.published().filter(name__in=names).exclude(provider=record.applicant_id)
    return list(found.select_related("provider").order_by("name", "code")[:20])


def applicant_context(body: Organisation) -> dict[str, Any]:
    """What the applicant has: systems that are to be merged, and what auditors found (two queries)."""
    return {"body": body, "systems": queries.with_status(LegacySystem.objects.filter(owner=body))}


project_panel = Panel("catalog/panels/project.html", project_context, "项目")
applicant_panel = Panel("catalog/panels/project_applicant.html", applicant_context, "申报单位")
