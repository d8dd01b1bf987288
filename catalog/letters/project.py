"""The papers of a project (matrix D69), in the words in which they are sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.projects import items


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _h(text: str) -> dict[str, str]:
    return {"h": text}


def _p(text: str) -> dict[str, str]:
    return {"p": text}


def _to(context: Context, relation: str = "applicant") -> str:
    return f"{context.party(relation).name}："


def _named(context: Context) -> str:
    record = context.record
    return f"“{record.name}”{record.get_kind_display()}项目（{context.case.number}）"


def sheet(context: Context) -> dict[str, Any]:
    record = context.record
    listed = list(record.items.values_list("name", flat=True))
    systems = "、".join(record.systems.values_list("name", flat=True))
    body = [
        _p(f"现申报{_named(context)}，请评估。"),
        _h("一、建设需求"),
        _p(record.need),
        _p(f"金额{record.amount}万元。"),
        _h("二、云平台、网络和系统整合"),
        _p(f"运行于{record.get_cloud_display()}，使用{record.get_network_display()}。{record.cloud_reason}"),
        _p(f"{record.get_platform_display()}。替代的系统：{record.replaced or '无'}。"),
        *([_p(f"整合的已有系统：{systems}。")] if systems else []),
        _h("三、可以通过共享取得的数据"),
        _p(record.shared_data),
        _h("四、预编制的目录清单"),
        _p(f"共{len(listed)}条：{'、'.join(listed)}。" if listed else "尚在编制，报批前提交。"),
    ]
    return {"salutation": _to(context, "authority"), "body": body}


def _defects(opening: str, closing: str) -> Any:
    def letter(context: Context) -> dict[str, Any]:
        lines = [line.strip() for line in context.facts["defects"].splitlines() if line.strip()]
        told = [_p(f"{number}. {text}") for number, text in enumerate(lines, 1)]
        return {
            "salutation": _to(context),
            "body": [_p(f"{_named(context)}{opening}，现一次告知："), *told, _p(closing)],
        }

    return letter


def listed(context: Context) -> dict[str, Any]:
    record = context.record
    ahead = (
        "请预编制完整的政务数据资源目录清单，随建设方案报发展改革部门审批。"
        if record.kind == record.Kind.BUILD
        else "由财政部门安排运行维护经费。"
    )
    return {
        "salutation": _to(context),
        "body": [
            _p(f"{_named(context)}经评估，列入{record.listed_year}年度政务信息化项目清单，即日公布。"),
            _h("一、评估意见"),
            _p(record.evaluation["evaluation"]),
            _h("二、下一步"),
            _p(ahead),
            _p(f"依据：{cite('GOV19-48.2').text}、{cite('REG22-47').text}。"),
        ],
    }


def _refused(word: str) -> Any:
    def letter(context: Context) -> dict[str, Any]:
        return {
            "salutation": _to(context),
            "body": [
                _p(f"{_named(context)}{word}。"),
                _h("一、理由"),
                _p(context.facts["reason"]),
                _h("二、依据"),
                _p(context.facts["basis"]),
                _p("情况变化以后，可以重新申报。"),
            ],
        }

    return letter


def accepted(context: Context) -> dict[str, Any]:
    record = context.record
    rows = items.completion(record)
    let_off = [row for row in rows if not row.done]
    return {
        "salutation": _to(context),
        "body": [
            _p(f"{_named(context)}目录清单完成情况经审核，符合验收要求。"),
            _h("一、完成情况"),
            _p(f"清单共{len(rows)}条，已完成{sum(row.done for row in rows)}条。"),
            *[_p(f"不要求完成：{row.item.name}。理由：{row.item.exempted}") for row in let_off],
            _h("二、意见"),
            _p(record.acceptance["opinion"]),
            _p(
                f"{_day(date.fromisoformat(record.acceptance['accepted_on']))}由"
                f"{record.acceptance['accepted_by']}组织验收。依据：{cite('GOV19-48.3').text}。"
            ),
        ],
    }


def failed(context: Context) -> dict[str, Any]:
    lines = [line.strip() for line in context.facts["missing"].splitlines() if line.strip()]
    return {
        "salutation": _to(context),
        "body": [
            _p(f"{_named(context)}目录清单完成情况不符合验收要求，下列内容没有完成："),
            *[_p(f"{number}. {text}") for number, text in enumerate(lines, 1)],
            _p(f"完成后可以再次申请验收。依据：{cite('GOV19-48.3').text}。"),
        ],
    }


def _kind(
    code: str, title: str, series: str, content: Any, *, issuer: str = "authority", to: str = "applicant",
    copies: tuple[str, ...] = (),
) -> PaperKind:  # fmt: skip
    return PaperKind(f"project-{code}", title, "D69", series, issuer, to, content, copies=copies)


LETTERS = {
    "sheet": _kind(
        "sheet", "政务信息化项目申报书", "项目申报", sheet, issuer="applicant", to="authority"
    ),
    "return": _kind(
        "return", "项目申报补充通知书", "渝数项补", _defects("申报内容需要补充", "请补充后重新申报。")
    ),
    "list": _kind("list", "列入政务信息化项目清单通知书", "渝数项列", listed),
    "not-list": _kind("not-list", "不列入政务信息化项目清单告知书", "渝数项复", _refused("经评估，不列入项目清单")),
    "return-plan": _kind(
        "return-plan", "建设方案修改通知书", "项目方案退", _defects("建设方案需要修改", "请修改后重新报批。"),
        issuer="planning",
    ),
    "refuse-plan": _kind(
        "refuse-plan", "建设方案不予批准决定书", "项目方案复", _refused("的建设方案不予批准"),
        issuer="planning", copies=("authority",),
    ),
    "return-design": _kind(
        "return-design", "初步设计审核意见书", "渝数项设",
        _defects("初步设计审核没有通过", "请修改后重新报审。"),
    ),
    "accept": _kind(
        "accept", "目录清单完成情况验收意见书", "渝数项验", accepted, copies=("planning", "finance")
    ),
    "fail": _kind("fail", "目录清单完成情况整改通知书", "渝数项改", failed),
}  # fmt: skip
