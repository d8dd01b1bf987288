"""The parts of a dispute's pages: what is in dispute, who says what, what is on the table for signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from procedures.declare import Panel
from procedures.models import Case, Party

from catalog.disputes.relations import CODES
from catalog.disputes.subjects import Item
from catalog.models import CatalogueUpdate, Dispute, EntryItem
from catalog.models.entries import Entry

#: Other sources of the same data that the filing page names.
STATED_MOST = 10


@dataclass(frozen=True)
class Line:
    """One party: whether it has signed the terms, and whether it consents to a withdrawal."""

    name: str
    raised: bool
    signed: str
    consents: bool


def dispute_context(case: Case) -> dict[str, Any]:
    """The dispute as its parties see it. Four queries."""
    record = Dispute.whole.select_related("body", "raised_by").get(case=case)
    signed = {line["body"]: line for line in record.terms.get("signed", ())}
    rows = Party.objects.filter(case=case, relation__in=CODES).select_related("organisation").order_by("id")
    return {
        "record": record,
        "lines": [
            Line(
                party.organisation.short_name,
                party.organisation_id == record.raised_by_id,
                signed[party.organisation.code]["by"] if party.organisation.code in signed else "",
                party.organisation.code in record.consents,
            )
            for party in rows
        ],
        "asked": [
            ("争议类别", record.get_kind_display()),
            ("目录条目", record.entry.name if record.entry is not None else "没有编目"),
            ("数据元", record.element or ("整条" if record.entry is not None else "")),
            ("层级", record.get_level_display()),
            ("提出单位", record.raised_by.short_name),
            ("主张", record.claim),
            ("依据", record.basis),
            ("协商不成的事项", record.open_points),
            ("协商纪要", record.minutes),
            ("处理建议", record.proposal),
        ],
        "signing": bool(record.terms or record.withdrawal) or case.state in ("NEGOTIATING", "CONVENED"),
        "outcome": _outcome(record),
        "updates": _updates(case),
        "stated": stated(record.entry, record.element),
    }


def _outcome(record: Dispute) -> list[tuple[str, Any]]:
    if record.body is None:
        return []
    return [
        ("确定的单位", record.body.name),
        ("决定文书", record.document),
        ("决定日期", record.decided_on),
        ("内容", record.result),
        ("另有规定的法律法规", record.prevailing),
    ]


def _updates(case: Case) -> list[CatalogueUpdate]:
    return list(
        CatalogueUpdate.objects.filter(case__parent=case).select_related("case", "provider").order_by("pk")
    )


def stated(entry: Entry | None, element: str) -> list[EntryItem]:
    """The published items that call themselves the source of what is disputed. One query."""
    match = Q(pk__in=[])
    if element:
        match |= Q(element=element)
        if entry is None:
            match |= Q(name=element) & ~Q(element="")
    elif entry is not None:
        match |= Q(entry=entry) & ~Q(element="")
    rows = EntryItem.objects.filter(match, entry__status=Entry.Status.PUBLISHED)
    return list(rows.select_related("entry__provider").order_by("entry__code", "position")[:STATED_MOST])


def item_context(subject: Item) -> dict[str, Any]:
    """What the filing is about: the entry, or the other body. One query."""
    return {
        "entry": subject.entry,
        "element": subject.element,
        "bodies": subject.bodies,
        "source": subject.source,
        "stated": stated(subject.entry, subject.element),
    }


dispute_panel = Panel("catalog/panels/dispute.html", dispute_context, "争议情况")
item_panel = Panel("catalog/panels/dispute_item.html", item_context, "所争的数据")
