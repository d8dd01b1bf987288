"""What an entry still lacks before its data may be offered for authorised operation (AOP25-28).

One source, one standard, all of it gathered, nothing known to be wrong (一数一源一标准、归集到位).
Asked when a scope of operation is drawn up; the provider mends what is named, at its source.
"""

from __future__ import annotations

from datacentre import queries as holdings
from statutes.enforcement import enforces

from catalog import rules
from catalog.models import Entry, QualityProblem
from catalog.publishing import content_of


@enforces("CAT-31", what="纳入授权运营范围前核对一数一源一标准和归集情况")
def shortfalls(entry: Entry) -> list[str]:
    """Each shortfall in a sentence; empty for an entry that may be offered."""
    found = [*_source(entry), *_standard(entry), *_gathered(entry)]
    open_ = QualityProblem.objects.filter(entry=entry, fixed_at=None).count()
    if open_:
        found.append(f"有 {open_} 处已发现有误的数据还没有改正")
    return found


def _source(entry: Entry) -> list[str]:
    """One source: every item says of which data element the entry is the one source."""
    unnamed = [item.name for item in entry.items.all() if not item.element]
    return [f"没有写明数据元、不能认定唯一来源的信息项：{'、'.join(unnamed[:5])}"] if unnamed else []


def _standard(entry: Entry) -> list[str]:
    """One standard: published, and in order under the norm in force."""
    if entry.status != Entry.Status.PUBLISHED:
        return ["条目没有发布"]
    problems = rules.problems_of(content_of(entry), holding=entry.holding, provider_id=entry.provider_id)
    return [f"不符合现行目录编制规范：{problems[0].message}"] if problems else []


def _gathered(entry: Entry) -> list[str]:
    """All of its items are in the data centre."""
    if entry.holding is None or not holdings.ready(entry.holding, [item.code for item in entry.items.all()]):
        return ["数据没有完整归集到平台"]
    return []
