"""The parts of the case page and of the filing page that only sharing has."""

from __future__ import annotations

from typing import Any

import clock
from datacentre.models import Grant
from procedures.declare import Panel
from procedures.models import Case

from catalog.conditions import Finding, RequestFacts, check
from catalog.models import Entry
from sharing.facts.application import MODES
from sharing.models import GrantRevocation, SharingObjection, SharingRequest
from sharing.queries import request_of

OPINIONS = {"can": "可以共享", "cannot": "不能共享", "conditions": "附条件可以共享"}


def request_context(case: Case) -> dict[str, Any]:
    """The request beside the catalogue's conditions, and what was granted (six queries)."""
    record = request_of(case)
    items = {item.code: item for item in record.entry.items.all()}
    findings = check(record.entry, request_facts=request_facts(record))
    return {
        "lead": "sharing/panels/use.html" if case.state == "IN_USE" else "",
        "use": _use(record) if case.state == "IN_USE" else {},
        "record": record,
        "entry": record.entry,
        "checks": [
            {"condition": f.condition, "fact": f.asked, "result": f.verdict, "note": f.why} for f in findings
        ],
        "verdict": verdict(findings, undecided=case.closed_at is None and not record.granted_items),
        "facts": _asked(record, items),
        "granted": _granted(record, items) if record.granted_items else [],
        "opinion": _opinion(record.opinion),
    }


def verdict(findings: list[Finding], *, undecided: bool) -> dict[str, str]:
    """The line above the table: what does not fit, else what the catalogue leaves open, else that all fits."""
    count = {word: sum(finding.verdict == word for finding in findings) for word in ("ok", "ask", "no")}
    rest = f"{count['ok']} 项符合，{count['ask']} 项不能确定，{count['no']} 项不符。"
    if count["no"]:
        return {"state": "no", "head": f"{count['no']} 项与目录条件不符", "text": rest}
    if count["ask"]:
        return {
            "state": "ask",
            "head": f"{count['ask']} 项目录不能确定",
            "text": f"{rest}可以直接答复，也可以延长期限并征求提供部门意见。" if undecided else rest,
        }
    return {"state": "ok", "head": "全部符合目录条件", "text": f"{count['ok']} 项符合。"}


def _named(codes: list[str], items: dict[str, Any]) -> str:
    return "、".join(items[code].name if code in items else code for code in codes)


def _asked(record: SharingRequest, items: dict[str, Any]) -> list[tuple[str, Any]]:
    left = [item.name for code, item in items.items() if code not in record.items]
    partner = "" if record.partner == SharingRequest.Partner.BODY else record.get_partner_display()
    return [
        ("应用场景", record.scenario),
        ("目的和职能", f"{record.get_purpose_display()}，{record.function.name}"),
        ("履职依据", record.purpose_basis),
        (
            "信息项",
            f"{len(record.items)} 项，共 {len(items)} 项：{_named(record.items, items)}。"
            + (f"不含{'、'.join(left)}。" if left else ""),
        ),
        ("提供方式", "、".join(MODES[mode] for mode in record.modes)),
        ("使用范围", record.scope),
        ("使用期限", f"{record.first_day.isoformat()} 至 {record.last_day.isoformat()}"),
        ("申请单位类别", partner),
        ("联系人", f"{record.contact}，{record.contact_phone}"),
    ]


def _granted(record: SharingRequest, items: dict[str, Any]) -> list[tuple[str, Any]]:
    left = [code for code in record.items if code not in record.granted_items]
    return [
        ("同意的信息项", _named(record.granted_items, items)),
        ("提供方式", "、".join(MODES[mode] for mode in record.granted_modes)),
        ("使用范围", record.granted_scope),
        ("授权期限", f"{record.granted_first_day.isoformat()} 至 {record.granted_last_day.isoformat()}"),
        ("每日调用上限", f"{record.quota_per_day:,} 次" if record.quota_per_day else ""),
        ("附加条件", record.use_conditions),
        ("未同意的信息项", _named(left, items)),
        ("未同意的理由", record.refused_reason),
        ("未同意的依据", record.refused_basis),
    ]


def _use(record: SharingRequest) -> dict[str, bool]:
    """By which ways the data may be had, and whether the first day has come."""
    begun = record.granted_first_day is None or record.granted_first_day <= clock.today()
    return {"begun": begun, "file": "file" in record.granted_modes, "api": "api" in record.granted_modes}


def _opinion(opinion: dict[str, str]) -> list[tuple[str, str]]:
    if not opinion:
        return []
    return [
        ("意见", OPINIONS[opinion["opinion"]]),
        ("理由", opinion["reason"]),
        ("依据", opinion["basis"]),
        ("条件", opinion["conditions"]),
    ]


def request_facts(record: SharingRequest) -> RequestFacts:
    return RequestFacts(
        functions=(record.function.name,),
        purpose=record.purpose,
        items=tuple(record.items),
        first_day=record.first_day,
        last_day=record.last_day,
        modes=tuple(record.modes),
    )


def objection_context(case: Case) -> dict[str, Any]:
    record = SharingObjection.objects.select_related("entry__provider", "about").get(case=case)
    record.case = case
    return {
        "record": record,
        "entry": record.entry,
        "claim": [
            ("异议事项", record.get_matter_display()),
            ("主张", record.claim),
            ("依据", record.basis),
        ],
        "position": [("意见", record.position), ("依据", record.position_basis)] if record.position else [],
    }


def revocation_context(case: Case) -> dict[str, Any]:
    record = GrantRevocation.objects.select_related("grant__holding__owner", "grant__grantee", "request").get(
        case=case
    )
    record.case = case
    return {
        "record": record,
        "grant": record.grant,
        "facts": [
            ("事由", record.get_ground_display()),
            ("情况", record.facts),
            ("调用记录摘录", record.log_extract),
            ("使用单位说明", record.explanation),
            ("整改要求", record.demand),
            ("整改期限", record.rectify_by),
            ("整改情况", record.measures),
            ("核查决定", record.decision),
            ("决定依据", record.decision_basis),
            ("生效日", record.effective_on),
            ("数据处置", record.disposal),
        ],
    }


def entry_context(subject: Entry | Case) -> dict[str, Any]:
    """The entry that a filing is about, with its conditions; an objection may be about a request for it."""
    about = None
    if isinstance(subject, Case):
        about = subject
        record = SharingRequest.objects.select_related("entry__provider")
        entry = record.prefetch_related("entry__items", "entry__conditions").get(case=subject).entry
    else:
        entry = subject
    return {
        "entry": entry,
        "about": about,
        "conditions": entry.conditions.all(),
        "count": len(entry.items.all()),
    }


def grant_context(subject: Grant) -> dict[str, Any]:
    names = {item.code: item.name for item in subject.holding.items.all()}
    return {"grant": subject, "items": "、".join(names.get(code, code) for code in subject.items)}


request_panel = Panel("sharing/panels/request.html", request_context, "申请与目录条件核对")
objection_panel = Panel("sharing/panels/objection.html", objection_context, "异议内容")
revocation_panel = Panel("sharing/panels/revocation.html", revocation_context, "核查情况")
entry_panel = Panel("sharing/panels/entry.html", entry_context, "所申请的数据")
matter_panel = Panel("sharing/panels/entry.html", entry_context, "所涉数据")
grant_panel = Panel("sharing/panels/grant.html", grant_context, "所核查的授权")
