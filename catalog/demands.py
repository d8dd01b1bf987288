"""需求清单: what a body needs from others, line by line, and the data that two bodies both call theirs."""

from __future__ import annotations

import re

from accounts.actors import SYSTEM, Actor
from procedures import registry
from procedures.context import Context
from procedures.filing import file
from procedures.models import Act, Case
from statutes.enforcement import enforces

from catalog.effects.look import held
from catalog.models import CatalogueList, Draft, Entry, EntryItem

_BAR = re.compile(r"\s*[｜|]\s*")
MOST = 200
#: The procedure that looks for a source of needed data.
DEMAND = "demand-matching"


def read(text: str) -> tuple[list[dict[str, str]], list[str]]:
    """The lines as {"items", "function", "source"}, and what is wrong with them."""
    found: list[dict[str, str]] = []
    wrong: list[str] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines[:MOST], 1):
        items, _, rest = line.partition("｜") if "｜" in line else line.partition("|")
        parts = _BAR.split(rest.strip(), maxsplit=1) if rest else []
        if len(items.strip()) < 2 or not parts or len(parts[0].strip()) < 2:
            wrong.append(f"第 {number} 行：写成“需要的数据｜用于哪项职能｜希望由谁提供”，前两段必填")
            continue
        found.append(
            {
                "items": items.strip()[:500],
                "function": parts[0].strip()[:200],
                "source": parts[1].strip()[:100] if len(parts) > 1 else "",
            }
        )
    if len(lines) > MOST:
        wrong.append(f"最多 {MOST} 条，现在是 {len(lines)} 条，请分开提出")
    return found, wrong


def as_text(lines: list[dict[str, str]]) -> str:
    return "\n".join(
        "｜".join(filter(None, (line["items"], line["function"], line["source"]))) for line in lines
    )


@enforces("CAT-12", what="清单纳入后，需求清单逐条转入需求对接")
def open_matters(context: Context, record: CatalogueList) -> list[Case]:
    """Each line of an adopted list becomes a 需求对接 of its own, as the body's filing; none without that procedure.

    The system files what the body has already said and signed, where the procedure has a filing step of the system;
    else the officer who reported the list is the one who raises it.
    """
    procedure = next((known for known in registry.all_procedures() if known.code == DEMAND), None)
    if procedure is None or not record.demands:
        return []
    step = next((one for one in procedure.filing_steps if one.by_system), procedure.filing_steps[0])
    by = SYSTEM if step.by_system else _reporter(context)
    return [
        file(
            procedure,
            by=by,
            at=context.at,
            step=step.code,
            facts=dict(line),
            subject=record,
            organisation=record.body,
            parent=context.case,
        )
        for line in record.demands
    ]


def _reporter(context: Context) -> Actor:
    reported = Act.objects.filter(case=context.case, step__in=("submit", "submit-to-merger")).latest("id")
    return Actor.of(reported.user, context.at)


@enforces("CAT-20", what="汇总：列出重复来源")
def double_sources(record: CatalogueList) -> str:
    """The data elements of the list that another list of the round or a published entry also calls its own."""
    own: dict[str, str] = {}
    for draft in held(record.case):
        own |= {item["element"]: draft.name for item in draft.content.get("items", ()) if item.get("element")}
    if not own:
        return ""
    lines = []
    others = Draft.objects.open().filter(case__catalogue_list__round=record.round).exclude(case=record.case)
    for draft in others.select_related("provider"):
        for item in draft.content.get("items", ()):
            if item.get("element") in own:
                lines.append((item["element"], draft.provider.short_name, draft.name))
    published = EntryItem.objects.filter(element__in=own, entry__status=Entry.Status.PUBLISHED)
    for item in published.exclude(entry__provider=record.body).select_related("entry__provider"):
        lines.append((item.element, item.entry.provider.short_name, item.entry.name))
    return "\n".join(
        f"{element}：“{own[element]}”与{body}“{name}”" for element, body, name in sorted(set(lines))
    )
