"""The papers of a need (matrix D04): the line of the list, the question to a source, what the city answers."""

from __future__ import annotations

from typing import Any

from deadlines.workdays import day_of
from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.demands.askers import followers
from catalog.effects.demand import qualifies
from catalog.facts.codes import codes_of
from catalog.letters.words import h, listed, on, p
from catalog.models import Demand, Entry, Inquiry


def _need(record: Demand) -> list[dict[str, str]]:
    wanted = [p(f"希望由{record.source}提供。")] if record.source else []
    return [
        h("一、需要的数据"),
        p(record.items),
        h("二、用于哪项职能"),
        p(record.function),
        *wanted,
    ]


def _line(to: str) -> Any:
    def letter(context: Context) -> dict[str, Any]:
        record: Demand = context.record
        return {
            "salutation": f"{context.party(to).name}：",
            "body": [
                p(
                    f"依据{cite('GOV19-12.2').text}，{record.asker.name}提出下列数据需求"
                    f"（{context.case.number}），请予对接。"
                ),
                *_need(record),
            ],
        }

    return letter


def merged(context: Context) -> dict[str, Any]:
    record: Demand = context.record
    bodies = [record.asker, *followers(context.case)]
    note = context.facts["note"]
    return {
        "salutation": f"{context.party('authority').name}：",
        "body": [
            p(f"本区县下列单位的需求已汇总（{context.case.number}），现上报，请予对接。"),
            *_need(record),
            h("三、需求单位"),
            p("、".join(body.name for body in bodies) + "。"),
            *([h("四、汇总意见"), p(note)] if note else []),
        ],
    }


def question(context: Context) -> dict[str, Any]:
    record: Demand = context.record
    return {
        "salutation": f"{context.facts['body'].name}：",
        "body": [
            p(f"{record.asker.name}为履行职能需要下列数据（{context.case.number}），现征询贵单位。"),
            *_need(record),
            h("三、征询内容"),
            p(context.facts["question"]),
            p(
                "确认有这项数据的，请写明将编目的信息项和日期，并申请更新目录；没有的，请说明理由和依据。"
                f"依据：{cite('GOV19-12.3').text}、{cite('GOV19-16').text}。"
            ),
        ],
    }


def found(context: Context) -> dict[str, Any]:
    entries = Entry.objects.filter(code__in=codes_of(context.facts["entries"])).select_related("provider")
    lines = [f"{one.name}（{one.code}），由{one.provider.name}提供" for one in entries.order_by("code")]
    note = context.facts["note"]
    return {
        "salutation": f"{context.party('asker').name}：",
        "body": [
            p(f"你单位提出的数据需求（{context.case.number}）已在目录中匹配到下列条目："),
            *listed(lines),
            *([h("说明"), p(note)] if note else []),
            p(
                "共享申请草稿已放入经办人的“草稿”，请补充应用场景、信息项和使用期后提交。"
                f"依据：{cite('GOV19-12.3').text}、{cite('REG22-25.2').text}。"
            ),
        ],
    }


def referred(context: Context) -> dict[str, Any]:
    record: Demand = context.record
    bodies = [record.asker, *followers(context.case)]
    may = [body.name for body in bodies if qualifies(body)]
    others = [body.name for body in bodies if not qualifies(body)]
    asked = Inquiry.objects.filter(demand=record).select_related("body").order_by("pk")
    lines = [f"{on(day_of(one.asked_at))}征询{one.body.name}：{one.get_answer_display()}" for one in asked]
    return {
        "salutation": f"{context.party('asker').name}：",
        "body": [
            p(
                f"你单位提出的数据需求（{context.case.number}）经查目录、征询有关单位，"
                "没有单位掌握这项数据，转为统一采购需求。"
            ),
            h("一、需要的数据"),
            p(f"{record.items}，用于{record.function}。"),
            h("二、没有单位掌握的证明"),
            p(context.facts["proof"]),
            *listed(lines),
            h("三、后续"),
            *([p(f"{'、'.join(may)}的需求已记为统一采购需求，由数据主管部门办理。")] if may else []),
            *([p(f"{'、'.join(others)}不属于统一采购的范围。")] if others else []),
            p(f"依据：{cite('REG22-11.1(二)').text}、{cite('REG22-23').text}。"),
        ],
    }


def declined(context: Context) -> dict[str, Any]:
    facts = context.facts
    return {
        "salutation": f"{context.party('asker').name}：",
        "body": [
            p(f"你单位提出的数据需求（{context.case.number}）不予采纳。"),
            h("一、理由"),
            p(facts["reason"]),
            h("二、依据"),
            p(facts["basis"]),
            p("情况变化或者有新的理由的，可以重新提出需求。"),
        ],
    }


def _kind(
    code: str, title: str, series: str, content: Any, *, issuer: str = "authority", to: str = "asker",
    copies: tuple[str, ...] = (),
) -> PaperKind:  # fmt: skip
    return PaperKind(f"demand-{code}", title, "D04", series, issuer, to, content, copies=copies)


LETTERS = {
    "line": _kind("line", "政务数据资源需求清单", "数需", _line("authority"), issuer="asker", to="authority"),
    "district-line": _kind(
        "district-line", "政务数据资源需求清单", "数需", _line("merger"), issuer="asker", to="merger"
    ),
    "merged": _kind("merged", "区县政务数据资源需求清单", "区数需", merged, issuer="merger", to="authority"),
    "question": _kind("question", "数据来源征询函", "渝数需询", question, to="source", copies=("asker",)),
    "found": _kind("found", "需求匹配告知书", "渝数需配", found, copies=("follower",)),
    "referred": _kind("referred", "需求转统一采购告知书", "渝数需购", referred, copies=("follower",)),
    "declined": _kind("declined", "不采纳需求告知书", "渝数需否", declined, copies=("follower",)),
}
