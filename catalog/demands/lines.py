"""需求清单: what a body needs from others, line by line, as it reports it with its list (GOV19-12.2)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial

from accounts.actors import SYSTEM
from django.db import transaction
from django.db.models import Count, F, Func, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from procedures import registry
from procedures.context import Context
from procedures.filing import file
from procedures.models import Case
from statutes.enforcement import enforces

from catalog.models import CatalogueList

_BAR = re.compile(r"\s*[｜|]\s*")
MOST = 200
#: So many lines are filed in one transaction.
AT_ONCE = 20
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
    """Each line of an adopted list becomes a 需求对接 of its own; those that were filed at once.

    A district department's lines were merged up with its list, so all of them go to the city data authority. Filing
    one takes some twenty milliseconds and the series of numbers until the end: of a long list the first `AT_ONCE` are
    filed with the adoption, the others by tasks, so many in a transaction.
    """
    made = file_next(record, at=context.at)
    if len(made) < len(record.demands):
        transaction.on_commit(partial(_nudge, record.pk), robust=True)
    return made


def file_next(record: CatalogueList, *, at: datetime) -> list[Case]:
    """File the next lines that have no case yet, by the system, for the body has signed them. None where all have one.

    Lines are filed in their order under the list's lock, so as many have a case as the list has cases of this kind: run
    twice or on two workers, each line is filed once.
    """
    procedure = registry.get(DEMAND)
    with transaction.atomic():
        locked = (
            CatalogueList.objects.select_for_update(of=("self",)).select_related("case").get(pk=record.pk)
        )
        done = locked.case.children.filter(kind=DEMAND).count()
        return [
            file(
                procedure,
                by=SYSTEM,
                at=at,
                step="raise-with-list",
                facts=dict(line),
                subject=locked,
                parent=locked.case,
            )
            for line in locked.demands[done : done + AT_ONCE]
        ]


def waiting() -> list[int]:
    """The keys of the adopted lists of which lines have no case yet (one query)."""
    filed = Case.objects.filter(parent=OuterRef("case"), kind=DEMAND).order_by().values("parent")
    lists = CatalogueList.objects.filter(case__state="ADOPTED").annotate(
        lines=Func("demands", function="jsonb_array_length", output_field=IntegerField()),
        filed=Coalesce(Subquery(filed.annotate(n=Count("pk")).values("n")), 0),
    )
    return list(lists.filter(lines__gt=F("filed")).order_by("pk").values_list("pk", flat=True))


def _nudge(key: int) -> None:
    from catalog.tasks import file_lines

    file_lines.delay(key)
