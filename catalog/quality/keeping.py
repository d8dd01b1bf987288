"""Looking at entries and keeping what was found: how each stands now, every change of an outcome, what to trace.

Level-triggered: it takes what is due to be looked at, whenever it comes; looked at twice, nothing changes the second
time. An entry that cannot be looked at is set aside with its error and shown; it stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from clock import SHANGHAI
from datacentre.models import HoldingVersion
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from statutes.enforcement import enforces

from catalog.freshness import freshness
from catalog.models import Entry, EntryQuality, HoldingScan, QualityChange
from catalog.quality import months, rules, tracing  # noqa: F401 - the rules declare themselves
from catalog.quality.declare import RULES, Outcome, Verdict, Weight
from catalog.quality.facts import Facts, gather
from catalog.quality.scan import digest, scan

log = logging.getLogger(__name__)

#: Entries of one transaction; what is written down by hand is looked at again after so long at the latest.
BATCH = 200
AGAIN = timedelta(days=7)
#: After an error, and while the data is being counted.
RETRY, WAIT = timedelta(hours=6), timedelta(hours=1)

Judge = Callable[[Facts], dict[str, Verdict]]


@dataclass
class Report:
    """What a run did: `to_scan` loads to be counted, `failed` (resource code, error), `more` if it stopped early."""

    looked: int = 0
    changed: int = 0
    to_scan: list[int] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    more: bool = False
    bodies: set[int] = field(default_factory=set)


def judge(facts: Facts) -> dict[str, Verdict]:
    """What every rule says of an entry."""
    return {code: rule.look(facts) for code, rule in RULES.items()}


@enforces("CAT-30", what="质量检查：发布、载入后随即重算，每日巡检；结果和变化留存")
def look(at: datetime, *, judge: Judge = judge, most: int = 0) -> Report:
    """Look at all that is due at the instant (at most `most` batches), and keep the figures of the bodies concerned."""
    report = Report()
    batches = 0
    while _batch(at, judge, report):
        batches += 1
        if batches == most:
            report.more = True
            break
    if report.bodies:
        months.keep(report.bodies, at)
    return report


def settle(at: datetime) -> Report:
    """Look at all that is due and count all that has to be counted for it; for commands and demonstrations."""
    report = look(at)
    wanted = report.to_scan
    while wanted:
        for key in wanted:
            count(key, at)
        again = look(at)
        report.looked, report.changed = report.looked + again.looked, report.changed + again.changed
        report.failed += again.failed
        wanted = [key for key in again.to_scan if key not in wanted]
    return report


def _batch(at: datetime, judge: Judge, report: Report) -> int:
    """One transaction of looking; the number of rows it was done with."""
    with transaction.atomic():
        # With its entry, so that a publication that holds the entry is not waited for, nor waits for the row.
        due = (
            EntryQuality.objects.filter(next_look__lte=at)
            .select_related("entry")
            .select_for_update(skip_locked=True, of=("self", "entry"), no_key=True)
        )
        rows = {row.entry_id: row for row in due.order_by("next_look", "entry")[:BATCH]}
        if not rows:
            return 0
        facts = {one.entry.pk: one for one in gather(list(rows), at)}
        gone = [key for key in rows if key not in facts]
        report.bodies |= {rows[key].provider_id for key in rows}
        EntryQuality.objects.filter(entry__in=gone).delete()
        changes: list[QualityChange] = []
        kept = [row for key, row in rows.items() if key in facts]
        traced: list[tuple[Facts, dict[str, Verdict]]] = []
        for row in kept:
            one = facts[row.entry_id]
            row.provider_id = one.entry.provider_id
            try:
                verdicts = judge(one)
            except Exception as error:
                log.exception("quality: entry %s set aside", one.entry.code)
                row.error, row.next_look = f"{type(error).__name__}: {error}"[:500], at + RETRY
                report.failed.append((one.entry.code, row.error))
                continue
            changes += _write(row, one, verdicts)
            if one.scan_wanted and one.latest is not None:
                report.to_scan.append(one.latest.pk)
            traced.append((one, verdicts))
        EntryQuality.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["entry"], update_fields=_COLUMNS
        )
        QualityChange.objects.bulk_create(changes, batch_size=1000)
        tracing.trace(traced, at)
        report.bodies |= {row.provider_id for row in kept}
        report.looked += len(rows)
        report.changed += len(changes)
        return len(rows)


_COLUMNS = [
    "provider", "next_look", "looked_at", "entry_version", "data_version", "results", "met", "failing", "must",
    "should", "may", "mark", "error",
]  # fmt: skip


def _write(row: EntryQuality, facts: Facts, verdicts: dict[str, Verdict]) -> list[QualityChange]:
    """Put what was found into the row; the changes against what stood there."""
    changes, results = [], {}
    for code, verdict in verdicts.items():
        before = row.results.get(code)
        if verdict.waits:
            results |= {code: before} if before is not None else {}
            continue
        results[code] = [verdict.outcome.value, verdict.reason, list(verdict.where)]
        was = before[0] if before else ""
        if was != verdict.outcome and (was or verdict.outcome == Outcome.FAILS):
            changes.append(
                QualityChange(
                    entry=facts.entry,
                    body_id=facts.entry.provider_id,
                    rule=code,
                    at=facts.at,
                    before=was,
                    after=verdict.outcome.value,
                    reason=verdict.reason,
                    entry_version=facts.entry.version,
                    data_version=facts.data_version,
                )
            )
    row.looked_at, row.error = facts.at, ""
    row.entry_version, row.data_version = facts.entry.version, facts.data_version
    row.results = results
    row.met = [code for code, result in results.items() if result[0] == Outcome.MET]
    row.failing = sorted(
        (code for code, result in results.items() if result[0] == Outcome.FAILS),
        key=lambda code: (-RULES[code].weight, list(RULES).index(code)),
    )
    weights = [RULES[code].weight for code in row.failing]
    row.must, row.should, row.may = (weights.count(w) for w in (Weight.MUST, Weight.SHOULD, Weight.MAY))
    kept = sum(RULES[code].weight for code in row.met)
    row.mark = kept * 10_000 // (kept + sum(weights)) if kept + sum(weights) else 0
    row.next_look = _next_look(row, facts)
    return changes


def _next_look(row: EntryQuality, facts: Facts) -> datetime:
    """When time alone can change something: the day after the promise, each day past it; a week at the latest."""
    if facts.scan_wanted:
        return facts.at + WAIT
    tomorrow = datetime.combine(facts.on + timedelta(days=1), time(0, 5), SHANGHAI)
    if "timely" in row.failing or "answers" in row.failing:
        return tomorrow
    fresh = freshness(facts.said("update_cycle"), facts.latest.loaded_at if facts.latest else None, facts.at)
    if fresh.expected is None:
        return facts.at + AGAIN
    broken = datetime.combine(fresh.expected + timedelta(days=1), time(0, 5), SHANGHAI)
    return max(tomorrow, min(broken, facts.at + AGAIN))


# Counting in the data


def count(key: int, at: datetime, *, scan: Any = scan) -> HoldingScan | None:
    """Count in the load with this key, if it is still the latest of an entry that stands; then look at the entry again.

    A load that cannot be read is kept as such, with the reason.
    """
    version = HoldingVersion.objects.filter(pk=key).first()
    entry = (
        Entry.objects.published().filter(holding=version.holding_id).first() if version is not None else None
    )
    if version is None or entry is None:
        return None
    (facts,) = gather([entry.pk], at)
    declared = facts.declared
    if facts.latest != version or not facts.scan_wanted:
        return facts.scan
    said: dict[str, Any]
    try:
        scanned = scan(version, declared)
    except (OSError, EOFError, UnicodeError) as error:
        log.exception("quality: load %s cannot be read", version)
        said = {"error": f"{type(error).__name__}", "found": {}, "rows": 0, "repeats": 0, "whole": False}
    else:
        said = {
            "error": "",
            "found": scanned.found(),
            "rows": scanned.rows,
            "repeats": scanned.repeats,
            "whole": scanned.whole,
        }
    made, _ = HoldingScan.objects.update_or_create(
        version=version, defaults={"declared": digest(declared), "at": at, **said}
    )
    EntryQuality.objects.filter(entry=entry).update(next_look=at)
    return made


# What nobody said


def note(at: datetime, *, entries: Iterable[int] | None = None) -> int:
    """Find what has to be looked at although nobody said so: entries without a row, other versions, other loads.

    `entries`: all of these, whatever was found before. Returns how many are due now.
    """
    while _add_rows(at):
        pass
    if entries is not None:
        EntryQuality.objects.filter(entry__in=list(entries)).update(next_look=at)
    latest = (
        HoldingVersion.objects.filter(holding=OuterRef("entry__holding")).order_by("-number").values("number")
    )
    unread = HoldingScan.objects.filter(at__lt=at - RETRY).exclude(error="")
    broken = list(unread.values_list("version__holding", flat=True))
    unread.delete()
    stale = (
        EntryQuality.objects.exclude(looked_at=None)
        .annotate(load=Coalesce(Subquery(latest[:1]), 0))
        .filter(
            ~Q(entry_version=F("entry__version"))
            | ~Q(entry__status=Entry.Status.PUBLISHED)
            | ~Q(provider=F("entry__provider"))
            | ~Q(data_version=F("load"))
            | Q(entry__holding__in=broken)
        )
        .filter(next_look__gt=at)
    )
    EntryQuality.objects.filter(pk__in=stale.values("pk")).update(next_look=at)
    return EntryQuality.objects.filter(next_look__lte=at).count()


def _add_rows(at: datetime) -> int:
    """Rows for entries that have none, but for those that a publication holds just now: it writes them itself."""
    with transaction.atomic():
        missing = Entry.objects.published().filter(quality=None).order_by("pk")
        held = missing.select_for_update(skip_locked=True, of=("self",), no_key=True)[:2000]
        rows = [
            EntryQuality(entry_id=pk, provider_id=body, next_look=at)
            for pk, body in held.values_list("pk", "provider_id")
        ]
        EntryQuality.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)
