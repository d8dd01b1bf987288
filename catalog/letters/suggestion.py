"""The papers of a suggestion on opening (matrix D71), in the words in which they are sent."""

from __future__ import annotations

from typing import Any

from deadlines.forecast import start_day
from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.disputes import attributes
from catalog.disputes.clocks import REPLY
from catalog.letters.words import h, listed, on, p
from catalog.models import AttributeSuggestion

_ARTICLE = "OPEN20-15.2"


def _what(context: Context) -> str:
    entry = context.record.entry
    return f"“{entry.name}”（{entry.code}）"


def _lines(attribute: attributes.Attribute) -> list[dict[str, Any]]:
    return listed(f"{name}：{text}" for name, text in attributes.told(attribute)) or [p("没有填写。")]


def suggestion(context: Context) -> dict[str, Any]:
    record: AttributeSuggestion = context.record
    last = start_day(REPLY, rules_on=context.case.received_on, at=context.at)
    return {
        "salutation": f"{context.party('provider').name}：",
        "body": [
            p(f"依据{cite(_ARTICLE).text}，对你单位确定的{_what(context)}的开放属性提出修改建议。"),
            h("一、现在的开放属性"),
            *_lines(record.present),
            h("二、建议的开放属性"),
            *_lines(record.suggested),
            h("三、理由和依据"),
            p(record.reasons),
            p(f"依据：{record.basis}。"),
            h("四、答复"),
            p(
                f"请于{on(last)}前答复采纳或者不同意（条文没有期限，为平台默认）；逾期未复的，按意见不一致处理，"
                "可以报本级政府决定。"
            ),
        ],
    }


def objection(context: Context) -> dict[str, Any]:
    facts = context.facts
    return {
        "salutation": f"{context.party('authority').name}：",
        "body": [
            p(f"对{_what(context)}开放属性的修改建议（{context.case.number}）收悉，不同意修改。"),
            h("一、理由"),
            p(facts["reasons"]),
            h("二、依据"),
            p(facts["basis"]),
        ],
    }


def kept(context: Context) -> dict[str, Any]:
    return {
        "salutation": f"{context.party('provider').name}：",
        "body": [
            p(f"对{_what(context)}开放属性的修改建议（{context.case.number}）不再坚持，维持原开放属性。"),
            h("理由"),
            p(context.facts["reasons"]),
        ],
    }


def report(context: Context) -> dict[str, Any]:
    record: AttributeSuggestion = context.record
    return {
        "salutation": f"{context.party('government').name}：",
        "body": [
            p(
                f"本局对{context.party('provider').name}的{_what(context)}提出开放属性修改建议（{context.case.number}），"
                f"没有达成一致。依据{cite(_ARTICLE).text}，现报请决定。"
            ),
            h("一、现在的开放属性"),
            *_lines(record.present),
            h("二、建议的开放属性"),
            *_lines(record.suggested),
            h("三、双方意见"),
            p(context.facts["referral"]),
        ],
    }


def decision(context: Context) -> dict[str, Any]:
    record, facts = context.record, context.facts
    changed = attributes.differs(record.settled, record.present)
    body = [
        p(
            f"{_what(context)}的开放属性（{context.case.number}），已由{context.party('government').name}决定"
            f"（{facts['document']}，{on(facts['decided_on'])}）："
            f"{'改为' if changed else '维持'}“{attributes.label(record.settled)}”。"
        ),
        h("一、开放属性"),
        *_lines(record.settled),
        h("二、理由"),
        p(facts["reasons"]),
    ]
    if facts["prevailing"]:
        body += [
            h("三、另有规定的法律法规"),
            p(f"{facts['prevailing']}。从其规定（{cite('OPEN20-15.3').text}）。"),
        ]
    if not record.entry.is_published:
        body.append(p(f"{attributes.NOTHING_TO_UPDATE}。"))
    elif changed:
        body.append(p("目录更新已登记，请按此申请更新。"))
    return {"salutation": f"{context.party('provider').name}：", "body": body}


LETTERS = {
    "suggest": PaperKind(
        "attribute-suggestion", "开放属性修改建议", "D71", "渝数属建", "authority", "provider", suggestion
    ),
    "object": PaperKind(
        "attribute-objection", "不同意修改开放属性的答复", "D71", "渝属复", "provider", "authority", objection
    ),
    "keep": PaperKind("attribute-kept", "维持开放属性通知", "D71", "渝数属维", "authority", "provider", kept),
    "refer": PaperKind(
        "attribute-report", "关于开放属性的请示", "D71", "渝数属请", "authority", "government", report,
        copies=("provider",),
    ),
    "decide": PaperKind(
        "attribute-decision", "开放属性决定通知", "D71", "渝府属决", "government", "provider", decision,
        copies=("authority",),
    ),
}  # fmt: skip
