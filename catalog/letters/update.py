"""目录更新: the application and what the authority answers (D06)."""

from __future__ import annotations

from typing import Any

from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.effects.look import held
from catalog.letters.words import h, listed, on, p
from catalog.models import CatalogueUpdate, Draft


def _cause(record: CatalogueUpdate) -> str:
    source = f"，{record.source}" if record.source else ""
    return f"{record.get_cause_display()}{source}，{on(record.changed_on)}"


def application(context: Context) -> dict[str, Any]:
    record: CatalogueUpdate = context.record
    kinds = {code: str(label) for code, label in Draft.Kind.choices}
    rows = held(context.case).order_by("name").values_list("name", "kind", "entry__code")
    lines = [f"{kinds[kind]}：{name}{f'（{code}）' if code else ''}" for name, kind, code in rows]
    return {
        "salutation": f"{context.party('authority').name}：",
        "body": [
            p(f"依据{cite('GOV19-14.1').text}，现申请更新目录（{context.case.number}）。"),
            h("一、变更情况"),
            p(f"{_cause(record)}。{context.facts['reason']}"),
            h("二、更新的条目"),
            *listed(lines),
            p(f"所报内容：{context.facts['drafts']}。"),
        ],
    }


def returned(context: Context) -> dict[str, Any]:
    facts = context.facts
    lines = [
        line.replace("｜退回｜", "：", 1).replace("｜", "：") for line in facts["exceptions"].splitlines()
    ]
    body = [p(f"你单位的目录更新申请（{context.case.number}）需要补正，请于{on(facts['until'])}前重新提交。")]
    if facts["defects"]:
        body += [h("总的意见"), p(facts["defects"])]
    if lines:
        body += [h("逐条意见"), *listed(lines)]
    return {"salutation": f"{context.party('provider').name}：", "body": body}


def updated(context: Context) -> dict[str, Any]:
    record: CatalogueUpdate = context.record
    facts, made = context.facts, record.publication
    lines = [line.replace("｜", "：") for line in facts["exceptions"].splitlines()]
    body = [
        p(
            f"你单位的目录更新申请（{context.case.number}）已审核，公共数据资源目录更新为第{made.number}版："
            f"新增{made.added}条，变更{made.changed}条，撤销{made.withdrawn}条。"
            f"采集责任清单、共享目录同步更新（{cite('GOV19-14.2').text}）。"
        )
    ]
    if lines:
        body += [h("没有纳入的条目"), *listed(lines)]
    if facts["opinion"]:
        body += [h("审核意见"), p(facts["opinion"])]
    return {"salutation": f"{context.party('provider').name}：", "body": body}


def refused(context: Context) -> dict[str, Any]:
    facts = context.facts
    return {
        "salutation": f"{context.party('provider').name}：",
        "body": [
            p(f"你单位的目录更新申请（{context.case.number}）已审核，不予更新。"),
            h("一、理由"),
            p(facts["reason"]),
            h("二、依据"),
            p(facts["basis"]),
            h("三、后续"),
            p(
                "对共享、开放类型有不同意见的，可以通过属性修改建议、主体争议程序提出；情况有变化的，可以重新登记变更。"
            ),
        ],
    }


APPLICATION = PaperKind(
    "catalogue-update-application", "目录更新申请", "D06", "渝目更", "provider", "authority", application
)
RETURNED = PaperKind(
    "catalogue-update-returned", "目录更新补正通知", "D06", "渝数更补", "authority", "provider", returned
)
UPDATED = PaperKind("catalogue-updated", "目录更新通知", "D05", "渝数目更", "authority", "provider", updated)
REFUSED = PaperKind(
    "catalogue-update-refused", "不予更新决定", "D06", "渝数更否", "authority", "provider", refused
)
