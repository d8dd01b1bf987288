"""问题数据: what the checks found in data, with source and responsible body, until a later version is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statutes.enforcement import enforces

from catalog.models import QualityProblem
from catalog.quality.declare import RULES, Outcome, Verdict
from catalog.quality.facts import Facts


@enforces("CAT-30", what="问题数据：质量检查发现的逐项登记来源和责任单位，改正后注明版本")
def trace(looked: Sequence[tuple[Facts, dict[str, Verdict]]], at: datetime) -> None:
    """Open a problem for each item that fails a traced rule, close those that fail no more.

    Three queries, however many problems there are.
    """
    codes = [code for code, rule in RULES.items() if rule.traced]
    stood: dict[int, list[QualityProblem]] = {}
    open_ = QualityProblem.objects.filter(
        entry__in=[facts.entry.pk for facts, _ in looked], source=QualityProblem.Source.CHECK, fixed_at=None
    )
    for problem in open_:
        stood.setdefault(problem.entry_id, []).append(problem)
    fresh: list[QualityProblem] = []
    mended: list[QualityProblem] = []
    for facts, verdicts in looked:
        known = {(p.rule, p.item): p for p in stood.get(facts.entry.pk, ())}
        by_name = {item["name"]: item["code"] for item in facts.items}
        for code in codes:
            verdict = verdicts[code]
            if verdict.waits:
                continue
            wrong = (
                {by_name.get(name, name) for name in verdict.where}
                if verdict.outcome == Outcome.FAILS
                else set()
            )
            for item in sorted(wrong - {item for rule, item in known if rule == code}):
                fresh.append(_problem(facts, code, item, verdict.reason, at))
            for (rule, item), problem in known.items():
                if rule == code and item not in wrong:
                    problem.fixed_at, problem.fixed_in = at, facts.latest
                    mended.append(problem)
    QualityProblem.objects.bulk_update(mended, ["fixed_at", "fixed_in"], batch_size=500)
    QualityProblem.objects.bulk_create(fresh, batch_size=500)


def _problem(facts: Facts, rule: str, item: str, reason: str, at: datetime) -> QualityProblem:
    entry = facts.entry
    return QualityProblem(
        holding=entry.holding,
        entry=entry,
        item=item,
        source=QualityProblem.Source.CHECK,
        rule=rule,
        body=entry.provider,
        unit=entry.division or entry.provider.name,
        cause=reason,
        found_at=at,
    )
