"""The papers of a dispute (matrix D71), in the words in which they are sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from deadlines.forecast import start_day
from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.disputes.clocks import CONVENE, TALK
from catalog.disputes.relations import CODES, disputants
from catalog.letters.words import h, listed, on, p
from catalog.models import Dispute

_ARTICLE = "OPEN20-15.1"


def _parties(context: Context) -> str:
    return "、".join(body.name for body in disputants(context.parties))


def _what(context: Context) -> str:
    record: Dispute = context.record
    code = f"（{record.entry.code}）" if record.entry is not None else ""
    return f"“{record.item}”{code}的{record.get_kind_display()}（{context.case.number}）"


_HELD_OFF = "争议未决期间，各方不得新开放所涉数据，也不得新列为来源；此前已经提供、开放的照常。"


def registered(context: Context) -> dict[str, Any]:
    record: Dispute = context.record
    last = start_day(TALK[0], rules_on=context.case.received_on, at=context.at)
    return {
        "salutation": f"{_parties(context)}：",
        "body": [
            p(f"{record.raised_by.name}提出{_what(context)}，已登记。"),
            h("一、主张和依据"),
            p(record.claim),
            p(f"依据：{record.basis}。"),
            h("二、办理"),
            p(
                f"依据{cite(_ARTICLE).text}，先由争议各方协商；协商一致的，各方签署一致意见。请于{on(last)}前协商完毕"
                "（条文没有期限，为平台默认）。协商不成的，由同级数据主管部门组织协商；仍不成的，报本级政府决定。"
            ),
            p(_HELD_OFF),
        ],
    }


def agreement(context: Context) -> dict[str, Any]:
    record: Dispute = context.record
    terms = record.terms
    signed = [
        f"{line['name']}，{line['by']}，{on(date.fromisoformat(line['at'][:10]))}" for line in terms["signed"]
    ]
    body = [
        p(f"经协商，{_parties(context)}就{_what(context)}达成一致：由{terms['name']}{_role(record)}。"),
        h("一、一致意见"),
        p(terms["text"]),
        h("二、签署"),
        *listed(signed),
    ]
    if record.minutes:
        body += [h("三、协商纪要"), p(record.minutes)]
    return {"salutation": f"{_parties(context)}：", "body": [*body, p(_afterwards(record))]}


def _role(record: Dispute) -> str:
    return "作为唯一来源" if record.kind == Dispute.Kind.SOURCE else "作为开放主体"


def _afterwards(record: Dispute) -> str:
    return f"{record.body.short_name if record.body else ''}的目录更新已登记，请按此更新目录。"


def invitation(context: Context) -> dict[str, Any]:
    record: Dispute = context.record
    last = start_day(CONVENE, rules_on=context.case.received_on, at=context.at)
    return {
        "salutation": f"{_parties(context)}：",
        "body": [
            p(f"{_what(context)}，各方没有协商一致。依据{cite(_ARTICLE).text}，由本局组织争议各方协商。"),
            h("一、协商不成的事项"),
            p(record.open_points),
            h("二、请准备"),
            p(
                f"请各方在平台本件中写明意见和依据，带职能配置规定、采集和系统情况的材料参加。协商拟于{on(last)}前完成，"
                "时间和地点由经办人另行通知。"
            ),
        ],
    }


def report(context: Context) -> dict[str, Any]:
    facts = context.facts
    return {
        "salutation": f"{context.party('government').name}：",
        "body": [
            p(
                f"{_what(context)}，涉及{_parties(context)}。经各方协商、本局组织协商，没有达成一致。依据{cite(_ARTICLE).text}，"
                "现报请决定。"
            ),
            h("一、各方意见"),
            p(facts["positions"]),
            h("二、协商纪要"),
            p(facts["minutes"]),
            h("三、处理建议"),
            p(facts["proposal"]),
        ],
    }


def decision(context: Context) -> dict[str, Any]:
    record, facts = context.record, context.facts
    body = [
        p(
            f"{_what(context)}，已由{context.party('government').name}决定（{facts['document']}，"
            f"{on(facts['decided_on'])}）：由{record.body.name}{_role(record)}。"
        ),
        h("一、理由"),
        p(facts["reasons"]),
    ]
    if facts["prevailing"]:
        body += [
            h("二、另有规定的法律法规"),
            p(f"{facts['prevailing']}。从其规定（{cite('OPEN20-15.3').text}）。"),
        ]
    return {"salutation": f"{_parties(context)}：", "body": [*body, p(_afterwards(record))]}


def _to_all(
    code: str, title: str, series: str, issuer: str, content: Callable[[Context], dict[str, Any]], *more: str
) -> PaperKind:
    """A paper to all parties: the first is its addressee, the others have copies."""
    return PaperKind(code, title, "D71", series, issuer, "first", content, copies=(*CODES[1:], *more))


LETTERS = {
    "raise": _to_all("dispute-registered", "主体争议登记通知", "渝数争登", "authority", registered),
    "agreed": _to_all("dispute-agreed", "争议各方一致意见", "渝数争议", "first", agreement, "authority"),
    "settled": _to_all("dispute-settled", "组织协商一致意见", "渝数争协", "authority", agreement),
    "escalate": _to_all("dispute-invitation", "组织协商通知", "渝数争通", "authority", invitation),
    "refer": PaperKind(
        "dispute-report",
        "关于主体争议的请示",
        "D71",
        "渝数争请",
        "authority",
        "government",
        report,
        copies=CODES,
    ),
    "decide": _to_all(
        "dispute-decision", "主体争议决定通知", "渝府争决", "government", decision, "authority"
    ),
}
