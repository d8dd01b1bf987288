"""The call to compile, and the notice that a version of the catalogue is published."""

from __future__ import annotations

from typing import Any

from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.letters.words import h, on, p
from catalog.models import CatalogueList, Publication
from catalog.norm.elements import ENTRY


def call(context: Context) -> dict[str, Any]:
    record: CatalogueList = context.record
    round_, merger = record.round, context.parties.get("merger")
    needed = "、".join(element.label for element in ENTRY if element.needed)
    way = f"先报{merger.name}汇总，再由其" if merger is not None else "直接"
    body = [
        p(
            f"现启动{round_.get_kind_display()}编制（{round_.case.number}），请按下列要求编制你单位的目录清单。"
        ),
        h("一、编制范围"),
        p(
            f"履行职能过程中制作或者获取的全部数据均应编入，不得瞒报、漏报（{cite('GOV19-12.1').text}）。"
            "涉及国家秘密的事项不在平台编目。"
        ),
        h("二、编制规范"),
        p(f"{round_.norm}。每个条目应当写明：{needed}；列为有条件或者不予共享、开放的，写明国家层面的依据。"),
        h("三、报送"),
        p(f"请于{on(record.due_on)}前{way}报送市数据主管部门。可以同时提出需求清单。"),
    ]
    if round_.requirements:
        body += [h("四、其他要求"), p(round_.requirements)]
    return {"salutation": f"{record.body.name}：", "body": body}


def publication(context: Context) -> dict[str, Any]:
    made: Publication = context.record.publication
    return {
        "salutation": f"{context.party('authority').name}：",
        "body": [
            p(f"公共数据资源目录第{made.number}版于{on(context.at.date())}发布。"),
            h("一、内容"),
            p(f"新增{made.added}条，变更{made.changed}条，撤销{made.withdrawn}条。说明：{made.reason}。"),
            h("二、共享目录和责任清单"),
            p(
                "共享目录按共享类型、各单位采集责任清单按提供单位，自本版起随目录同步更新"
                f"（{cite('GOV19-13.1').text}），在平台本版页面查看和引用。"
            ),
            h("三、校验"),
            p(f"本版全部内容的SM3摘要：{made.digest}。"),
        ],
    }


CALL = PaperKind(
    "catalogue-call", "目录编制通知", "D01", "渝数编通", "authority", "body", call, copies=("merger",)
)
PUBLICATION = PaperKind(
    "catalogue-publication", "目录发布公告", "D02", "渝数目发", "authority", "authority", publication
)
