"""One case hears of another: an act asks for a step on another case, which is taken once, after the act's transaction.

The row is the truth; taking it right after the commit is only haste. A step that is refused because the other case
has moved on is noted and not tried again; a fault of ours is tried again later and shown until then.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import clock
from accounts.actors import SYSTEM
from django.db import transaction

from procedures.models import Act, Case, Hearing
from procedures.refusals import Refused

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=5)


def ask(
    source: Act,
    case: Case,
    step: str,
    facts: Mapping[str, Any] | None = None,
    *,
    when: datetime | None = None,
) -> Hearing:
    """Ask that `case` take `step` because of `source`, at once or from `when`; part of the source's transaction."""
    hearing, _ = Hearing.objects.get_or_create(
        source=source,
        case=case,
        step=step,
        defaults={"facts": dict(facts or {}), "next_try": when or source.at},
    )
    return hearing


def nudge(case_id: int) -> None:
    """Right after a commit: take what the acts of this case asked of others."""
    deliver(clock.now(), source_case=case_id)


def deliver(at: datetime, *, source_case: int | None = None, limit: int = 200) -> int:
    """Take the asked steps that are due; returns how many were dealt with."""
    from procedures.perform import perform

    waiting = Hearing.objects.filter(next_try__lte=at).order_by("id")
    if source_case is not None:
        waiting = waiting.filter(source__case_id=source_case)
    dealt = 0
    for pk in waiting.values_list("pk", flat=True)[:limit]:
        with transaction.atomic():
            hearing = (
                Hearing.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("source__case", "case")
                .filter(pk=pk, next_try__isnull=False)
                .first()
            )
            if hearing is None:
                continue
            try:
                with transaction.atomic():
                    perform(
                        hearing.case,
                        hearing.step,
                        by=SYSTEM,
                        at=at,
                        facts=hearing.facts,
                        about=hearing.source.case,
                    )
                hearing.done_at, hearing.next_try, hearing.outcome = at, None, "taken"
            except Refused as refusal:
                hearing.done_at, hearing.next_try, hearing.outcome = (
                    at,
                    None,
                    f"{refusal.code}: {refusal.message}",
                )
            except Exception as fault:
                log.exception("hearing %s failed", pk)
                hearing.next_try, hearing.outcome = at + RETRY, f"fault: {fault}"
            hearing.save(update_fields=["done_at", "next_try", "outcome"])
            dealt += 1
    return dealt
