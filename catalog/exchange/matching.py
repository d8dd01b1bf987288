"""What each entry of a file is to become: new, a change of what stands, or nothing because nothing changed.

By resource code first, then by name within the body; never by anything vaguer, and never a second of the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Organisation
from audit import trail
from datacentre.models import HoldingItem
from django.db.models import QuerySet
from statutes.enforcement import enforces

from catalog import rules
from catalog.drafts import as_json
from catalog.exchange.findings import Finding, Kind, finding
from catalog.exchange.reading import Row, Rows
from catalog.models import Draft, Entry, ImportRow
from catalog.norm.content import Content, Problem, inherit
from catalog.norm.elements import CONDITION, ENTRY, ENTRY_BY_NAME, ITEM
from catalog.publishing import content_of

Outcome = ImportRow.Outcome
_ENTRY = {element.name: element.empty for element in ENTRY}
_ITEM = {element.name: element.empty for element in ITEM}
_CONDITION = {
    **{element.name: element.empty for element in CONDITION},
    "check_kind": "manual",
    "parameter": {},
}
#: One encoder for what is kept of a row: the trail's, so that it may take the text as it is.
dump = trail.encode
#: An entry that says nothing, as JSON.
BLANK = dump(_ENTRY)


@dataclass(slots=True)
class Planned:
    """One entry with what it becomes; `before` is what it replaces."""

    row: Row
    outcome: str
    content: Content
    draft: Draft | None = None
    entry: Entry | None = None
    problems: Sequence[Problem] = ()


def plan(rows: Rows, provider: Organisation) -> list[Planned]:
    """What becomes of each entry; what cannot become anything is added to `rows.findings` and is BAD.

    Rules that only publication asks for are findings that do not block.
    """
    standing = _Standing(rows.rows, provider)
    planned = [_planned(row, rows, standing) for row in rows.rows]
    _missing_columns(rows, planned)
    _rules(rows, planned, provider)
    return planned


class _Standing:
    """The body's drafts and published entries that the file may speak of; the same few queries, however many rows."""

    def __init__(self, rows: Iterable[Row], provider: Organisation) -> None:
        names = list({row.name for row in rows if row.name})
        codes = list({row.code for row in rows if row.code})
        published = Entry.objects.published().filter(provider=provider)
        entries = list(_those(published, names, "code", codes).prefetch_related("items", "conditions"))
        self.by_code = {entry.code: entry for entry in entries}
        self.by_name = {entry.name: entry for entry in entries}
        keys = [entry.pk for entry in entries]
        drafts = list(_those(Draft.objects.open().filter(provider=provider), names, "entry_id", keys))
        self.draft_by_name = {draft.name: draft for draft in drafts}
        self.draft_of = {draft.entry_id: draft for draft in drafts if draft.entry_id}
        #: Entries of drafts that were found by the draft's own name.
        unknown = {draft.entry_id for draft in drafts if draft.entry_id} - set(keys)
        self.entries = {entry.pk: entry for entry in entries}
        if unknown:
            self.entries |= {entry.pk: entry for entry in Entry.objects.filter(pk__in=unknown)}
        self.taken: dict[tuple[str, int], Row] = {}


def _those(rows: QuerySet[Any], names: list[str], other: str, values: Sequence[Any]) -> QuerySet[Any]:
    """The rows with one of the names, or one of the values in the other column.

    Their keys are picked out here when the body has few rows for so many names: a first import asks for ten thousand.
    """
    if rows.count() <= 2 * len(names):
        wanted, further = set(names), set(values)
        told = rows.values_list("pk", "name", other)
        keys = [key for key, name, value in told if name in wanted or value in further]
        return rows.filter(pk__in=keys)
    return rows.filter(name__in=names) | rows.filter(**{f"{other}__in": values})


def _planned(row: Row, rows: Rows, standing: _Standing) -> Planned:
    draft, entry, wrong = _target(row, standing)
    if wrong:
        _bad(rows, row, Kind.TARGET, wrong)
    base = None
    if draft is not None:
        base = Content.of(draft.content)
    elif entry is not None:
        base = content_of(entry)
    if base is None and not row.has_entry and not wrong:
        _bad(
            rows,
            row,
            Kind.TARGET,
            f"没有“{row.name or row.code}”这个条目。请在“目录条目”表中写上它，或者核对名称",
        )
    content = _content(row, base, rows.has_conditions)
    if row.bad:
        outcome = Outcome.BAD
    elif base is not None and content.as_json() == base.as_json():
        outcome = Outcome.UNCHANGED
    elif draft is not None:
        outcome = Outcome.UPDATE
    else:
        outcome = Outcome.CHANGE if entry is not None else Outcome.ADD
    return Planned(row, outcome, content, draft, entry)


@enforces("CAT-08", "CAT-20", what="批量导入：按资源代码、名称认定条目，不产生重复")
def _target(row: Row, standing: _Standing) -> tuple[Draft | None, Entry | None, str]:
    """(the open draft, the published entry, why neither can be used)."""
    entry: Entry | None = None
    name = row.name
    named_draft, named_entry = standing.draft_by_name.get(name), standing.by_name.get(name)
    if row.code:
        entry = standing.by_code.get(row.code)
        if entry is None:
            return (
                None,
                None,
                f"本单位没有资源代码为 {row.code} 的已发布条目。新条目请把代码留空，更新请核对代码",
            )
        draft = standing.draft_of.get(entry.pk)
        if name and named_draft is not None and named_draft is not draft:
            return draft, entry, f"要改的名称“{name}”已由编制中的另一条目使用，请换一个名称"
        if name and named_entry is not None and named_entry.pk != entry.pk:
            return draft, entry, f"要改的名称“{name}”已由 {named_entry.code} 使用，请换一个名称"
    else:
        draft = named_draft or (standing.draft_of.get(named_entry.pk) if named_entry else None)
        entry = standing.entries.get(draft.entry_id) if draft is not None and draft.entry_id else named_entry
    if draft is not None and draft.kind == Draft.Kind.REMOVE:
        return draft, entry, f"“{draft.name}”正在申请撤销，请先处理那一项"
    if draft is not None and (draft.stage != Draft.Stage.EDITING or draft.case_id is not None):
        return draft, entry, f"“{draft.name}”{draft.get_stage_display()}，退回或者撤回以后才能修改"
    key = ("draft", draft.pk) if draft is not None else ("entry", entry.pk) if entry is not None else None
    if key is not None and (first := standing.taken.setdefault(key, row)) is not row:
        return draft, entry, f"与{first.place}说的是同一个条目，请只留一行"
    return draft, entry, ""


def _content(row: Row, base: Content | None, has_conditions: bool) -> Content:
    """What the entry says after the file: columns that the file has replace, what it does not speak of stays."""
    if base is None:
        entry = _ENTRY | row.said
    else:
        emptied = {name: ENTRY_BY_NAME[name].empty for name in row.columns if name != "name"}
        entry = {**base.entry, **emptied, **row.said}
    items = [_ITEM | said for said in row.items] if row.items or base is None else base.items
    inherit(entry, items)
    if has_conditions or base is None:
        known = {c["text"]: c for c in base.conditions} if base is not None else {}
        conditions = [
            {**_CONDITION, **_checked(known.get(said.get("text", ""))), **said} for said in row.conditions
        ]
    else:
        conditions = base.conditions
    return Content(entry, items, conditions)


def _checked(condition: dict[str, Any] | None) -> dict[str, Any]:
    """How a condition is checked is not in the table: the one with the same text keeps it."""
    if condition is None:
        return {}
    return {"check_kind": condition["check_kind"], "parameter": condition["parameter"]}


def _bad(rows: Rows, row: Row, kind: str, message: str) -> None:
    row.bad = True
    rows.findings.append(finding(row.table, row.line, -1, kind, message))


def _missing_columns(rows: Rows, planned: list[Planned]) -> None:
    """A new entry needs the columns that the norm asks for; one for each table that has new entries."""
    fresh = next((p for p in planned if p.outcome == Outcome.ADD), None)
    if fresh is None:
        return
    wanting = [e for e in ENTRY if e.needed and e.default is None and e.name not in rows.columns]
    table = fresh.row.table
    for element in wanting:
        message = f"缺少“{element.label}”这一列，新增条目需要它。请加上这一列"
        rows.findings.append(
            finding(
                table,
                max(table.header_line, 1),
                -1,
                Kind.HEADER,
                message,
                label=element.label,
                cites=element.cites,
            )
        )


def _rules(rows: Rows, planned: list[Planned], provider: Organisation) -> None:
    """What publication would refuse, found now and kept with the draft."""
    live = [p for p in planned if p.outcome in (Outcome.ADD, Outcome.CHANGE, Outcome.UPDATE)]
    keys = {key for p in live if (key := _holding(p))}
    held: dict[int, set[str]] = {key: set() for key in keys}
    if keys:
        for key, code in HoldingItem.objects.filter(holding__in=keys).values_list("holding_id", "code"):
            held[key].add(code)
    sources = rules.source_problems([(p.content, p.entry.pk if p.entry else None) for p in live])
    for one, of_sources in zip(live, sources, strict=True):
        found = rules.problems_of(one.content) + of_sources
        if key := _holding(one):
            found += rules.held_problems(held[key], one.content)
        one.problems = found
        if found:
            rows.findings += [_rule(one.row, problem) for problem in found]


def _holding(planned: Planned) -> int:
    """The key of the holding that the entry describes, or 0."""
    draft, entry = planned.draft, planned.entry
    return (draft.holding_id if draft is not None else None) or (entry.holding_id if entry else None) or 0


def _rule(row: Row, problem: Problem) -> Finding:
    """The problem at the cell that it is about."""
    table, line, name = row.table, row.line, problem.field
    if problem.row is not None:
        at = {"items": row.item_places, "conditions": row.condition_places}.get(problem.field, [])
        if problem.row < len(at):
            table, line = at[problem.row]
            name = problem.part
    column = -1
    for place, known in enumerate(table.columns):
        if known is not None and known.name == name:
            column = place
            break
    label = "" if column >= 0 else getattr(ENTRY_BY_NAME.get(problem.field), "label", "信息项")
    return finding(
        table, line, column, Kind.RULE, problem.message, blocking=False, cites=problem.cites, label=label
    )


def said_json(content: Content) -> str:
    """What the entry says, without the elements it says nothing of: `BLANK` under it is the whole."""
    said = {name: value for name, value in content.entry.items() if value != _ENTRY[name]}
    return dump({**said, "items": content.items, "conditions": content.conditions})


def problems_json(planned: Planned) -> str:
    return dump([as_json(problem) for problem in planned.problems]) if planned.problems else "[]"
