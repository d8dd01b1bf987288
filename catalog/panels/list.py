"""The parts of a list's page: what was reported, entry by entry."""

from __future__ import annotations

from typing import Any

from procedures.declare import Panel
from procedures.models import Case

from catalog.demands import lines
from catalog.effects.look import waiting
from catalog.models import CatalogueList
from catalog.panels import drafts


def list_context(case: Case) -> dict[str, Any]:
    """The list with its drafts. Four queries at most."""
    record = CatalogueList.objects.select_related("round__case", "body__parent", "body__district").get(
        case=case
    )
    record.case = case
    return {
        "record": record,
        "facts": [
            ("编制轮次", record.round.case.number),
            ("编制规范", record.round.norm),
            ("报送截止日", record.due_on),
            ("编列声明", "已将履行职能中制作或者获取的全部数据编入" if record.complete else ""),
            ("没有新增、变更的说明", record.nothing_new),
            ("需求清单", lines.as_text(record.demands)),
            ("汇总意见", record.joined),
            ("重复来源", record.double_sources),
            ("审核意见", record.opinion),
        ],
        "waiting": waiting(record.body).count() if case.state == "COMPILING" else 0,
        **drafts.of_case(case),
    }


list_panel = Panel("catalog/panels/list.html", list_context, "目录清单")
