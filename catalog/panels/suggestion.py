"""The parts of a suggestion's pages: the attribute as it is and as it should be, the answer, the decision."""

from __future__ import annotations

from typing import Any

from procedures.declare import Panel
from procedures.models import Case

from catalog.disputes import attributes
from catalog.models import AttributeSuggestion, CatalogueUpdate, Entry
from catalog.norm.elements import ENTRY_BY_NAME


def suggestion_context(case: Case) -> dict[str, Any]:
    """Present, suggested and settled side by side. Two queries."""
    record = AttributeSuggestion.whole.get(case=case)
    columns = [record.present, record.suggested, *([record.settled] if record.settled else [])]
    said = [dict(attributes.told(column)) for column in columns]
    updates = list(
        CatalogueUpdate.objects.filter(case__parent=case).select_related("case", "provider").order_by("pk")
    )
    left = record.settled and not updates and not record.entry.is_published
    labels = [ENTRY_BY_NAME[name].label for name in attributes.ELEMENTS]
    return {
        "record": record,
        "entry": record.entry,
        "heads": ["现在", "建议", *(["确定"] if record.settled else [])],
        "rows": [
            (label, [(column.get(label, ""), column.get(label) != said[0].get(label)) for column in said])
            for label in labels
            if any(label in column for column in said)
        ],
        "facts": [
            ("建议的理由", record.reasons),
            ("建议的依据", record.basis),
            ("答复", record.get_answer_display() if record.answer else ""),
            ("答复的理由", record.answer_reasons),
            ("答复的依据", record.answer_basis),
            ("维持的理由", record.kept),
            ("报送的双方意见", record.referral),
            ("决定文书", record.document),
            ("决定日期", record.decided_on),
            ("决定的理由", record.decision),
            ("另有规定的法律法规", record.prevailing),
            ("目录更新", attributes.NOTHING_TO_UPDATE if left else ""),
        ],
        "updates": updates,
    }


def present_context(entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "present": attributes.told(attributes.of_entry(entry))}


suggestion_panel = Panel("catalog/panels/suggestion.html", suggestion_context, "开放属性")
present_panel = Panel("catalog/panels/suggestion_present.html", present_context, "现在的开放属性")
