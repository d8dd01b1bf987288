"""The parts of the case page and of the filing page that only a review has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procedures.declare import Panel
from procedures.models import Case

from catalog import entrypage
from catalog.corrections.queries import marks_of_entry
from catalog.models import Correction, Entry


def _record(case: Case) -> Correction:
    return Correction.whole.prefetch_related("entry__items").get(case=case)


def correction_context(case: Case) -> dict[str, Any]:
    """What was asked and what was found (two queries)."""
    record = _record(case)
    names = {item.code: item.name for item in record.entry.items.all()}
    key = f"{names.get(record.key_item, record.key_item)} = {record.key_value}" if record.key_item else ""
    version = f"第 {record.version.number} 版" if record.version is not None else "尚未汇聚"
    return {
        "record": record,
        "entry": record.entry,
        "asked": [
            ("类别", record.get_matter_display()),
            ("信息项", record.item_name or "整条记录"),
            ("哪一条记录", record.record),
            ("用来指明记录的值", key),
            ("疑义或者错误", record.doubt),
            ("应当是", record.claimed),
            ("证明材料", record.proof),
            ("与申请人有关", "是" if record.about_self else "否"),
            ("正在办理的业务", record.service),
            ("窗口代办", record.on_behalf),
            ("提出的途径", record.get_door_display()),
            ("当时的数据版本", version),
            ("联系人", f"{record.contact}，{record.contact_phone}"),
        ],
        "found": _found(record),
    }


def _found(record: Correction) -> list[tuple[str, str]]:
    rows = [
        ("校核结论", record.finding),
        ("原因", record.cause),
        ("责任单位", record.unit),
        ("正确的内容", record.true_value),
        ("证据", record.evidence),
        ("更正前", record.before),
        ("更正后", record.now if record.before else ""),
        ("更正于", f"第 {record.corrected_in.number} 版" if record.corrected_in is not None else ""),
    ]
    return [(label, text) for label, text in rows if text]


def entry_context(entry: Entry) -> dict[str, Any]:
    return {"entry": entry}


def reviews_of(entry: Entry, at: datetime) -> dict[str, Any] | None:
    """What runs on an entry, for its public page; None when nothing does (one query, two when something does)."""
    found = marks_of_entry(entry)
    if not found:
        return None
    names = dict(entry.items.values_list("code", "name"))
    return {"reviews": [(names.get(mark.item, ""), mark) for mark in found]}


reviews_panel = entrypage.Panel("catalog/panels/reviews.html", reviews_of)
correction_panel = Panel("catalog/panels/correction.html", correction_context, "申请和校核")
subject_panel = Panel("catalog/panels/correction_subject.html", entry_context, "所涉数据")
