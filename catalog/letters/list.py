"""The list a body reports, the list a gathering authority sends on, and the answers to both."""

from __future__ import annotations

from typing import Any

from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.effects.look import held
from catalog.letters.words import h, listed, on, p
from catalog.models import CatalogueList, Draft


def _lines(context: Context) -> list[str]:
    kinds = {code: str(label) for code, label in Draft.Kind.choices}
    rows = held(context.case).order_by("name").values_list("name", "kind")
    return [f"{name}（{kinds[code]}）" for name, code in rows]


def _demands(record: CatalogueList) -> list[dict[str, Any]]:
    if not record.demands:
        return []
    lines = [
        f"{one['items']}，用于{one['function']}" + (f"，希望由{one['source']}提供" if one["source"] else "")
        for one in record.demands
    ]
    return [h("三、需求清单"), *listed(lines)]


def submission(context: Context) -> dict[str, Any]:
    record: CatalogueList = context.record
    lines = _lines(context)
    entries = listed(lines) or [p(f"没有新增、变更：{record.nothing_new}")]
    return {
        "salutation": f"{context.party('authority').name}：",
        "body": [
            p(f"现报送我单位目录清单（{context.case.number}），共{len(lines)}条。"),
            h("一、编列情况"),
            p(f"已将履行职能过程中制作或者获取的全部数据编入目录（{cite('GOV19-12.1').text}）。"),
            h("二、目录清单"),
            *entries,
            *_demands(record),
            p(f"所报内容：{context.facts['drafts']}。"),
        ],
    }


def joined(context: Context) -> dict[str, Any]:
    record: CatalogueList = context.record
    body = [
        p(f"{record.body.name}的目录清单（{context.case.number}）已汇总，现上报审核。"),
        h("一、汇总意见"),
        p(record.joined),
        h("二、目录清单"),
        *(listed(_lines(context)) or [p(f"没有新增、变更：{record.nothing_new}")]),
        *_demands(record),
    ]
    if record.double_sources:
        body += [h("重复来源"), *listed(record.double_sources.splitlines())]
    return {"salutation": f"{context.party('authority').name}：", "body": body}


def send_back(context: Context) -> dict[str, Any]:
    """In the name of whoever holds the list. The drafts have gone back; what is said of them stands in the facts."""
    facts = context.facts
    lines = [
        line.replace("｜退回｜", "：", 1).replace("｜", "：") for line in facts["exceptions"].splitlines()
    ]
    body = [p(f"你单位的目录清单（{context.case.number}）需要修改，请于{on(facts['until'])}前重新报送。")]
    if facts["defects"]:
        body += [h("总的意见"), p(facts["defects"])]
    if lines:
        body += [h("逐条意见"), *listed(lines)]
    return {"salutation": f"{context.party('body').name}：", "body": body}


def adoption(context: Context) -> dict[str, Any]:
    facts, record = context.facts, context.record
    lines = [line.replace("｜", "：") for line in facts["exceptions"].splitlines()]
    kept = Draft.objects.filter(case=context.case, stage=Draft.Stage.ADOPTED).count()
    body = [
        p(
            f"你单位的目录清单（{context.case.number}）已审核，{kept}条纳入{record.round.get_kind_display()}，随本轮次发布。"
        )
    ]
    if lines:
        body += [h("没有纳入和退回的条目"), *listed(lines)]
    if facts["opinion"]:
        body += [h("审核意见"), p(facts["opinion"])]
    return {"salutation": f"{context.party('body').name}：", "body": body}


SUBMISSION = PaperKind(
    "catalogue-list",
    "政务数据资源目录清单",
    "D03",
    "渝目单",
    "body",
    "authority",
    submission,
    copies=("merger",),
)
JOINED = PaperKind(
    "catalogue-joined-list",
    "目录清单汇总件",
    "D03",
    "渝目汇",
    "merger",
    "authority",
    joined,
    copies=("body",),
)
SENT_BACK = PaperKind(
    "catalogue-list-returned", "目录清单退回意见", "D03", "渝数目退", "authority", "body", send_back
)
MERGER_SENT_BACK = PaperKind(
    "catalogue-list-returned-by-merger", "目录清单退回意见", "D03", "渝区目退", "merger", "body", send_back
)
ADOPTION = PaperKind(
    "catalogue-list-adopted",
    "目录清单审核意见",
    "D02",
    "渝数目审",
    "authority",
    "body",
    adoption,
    copies=("merger",),
)
