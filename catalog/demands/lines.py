"""需求清单: what a body needs from others, line by line, as it reports it with its list (GOV19-12.2)."""

from __future__ import annotations

import re

from accounts.actors import SYSTEM
from procedures import registry
from procedures.context import Context
from procedures.filing import file
from procedures.models import Case
from statutes.enforcement import enforces

from catalog.models import CatalogueList

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
    """Each line of an adopted list becomes a 需求对接 of its own: filed by the system, for the body has signed it.

    A district department's lines were merged up with its list, so all of them go to the city data authority at once.
    """
    procedure = registry.get(DEMAND)
    return [
        file(
            procedure,
            by=SYSTEM,
            at=context.at,
            step="raise-with-list",
            facts=dict(line),
            subject=record,
            parent=context.case,
        )
        for line in record.demands
    ]
