"""The catalogue's own work, level-triggered: run twice, late or on ten workers, the outcome is the same."""

from __future__ import annotations

import clock
from celery import shared_task


@shared_task
def check_import(key: int) -> None:
    """The dry run of one file, and its marked workbook when there is anything to mark."""
    from catalog.exchange import marking, runs
    from catalog.models import ImportRun

    run = runs.check(ImportRun.objects.select_related("provider").get(pk=key), at=clock.now())
    if marking.is_wanted(run):
        marking.keep(run)


@shared_task
def check_imports() -> None:
    """Every half minute: files whose nudge was lost or whose worker died."""
    from catalog.exchange import runs

    for key in runs.waiting(clock.now()):
        check_import.delay(key)


@shared_task
def clear_imports() -> None:
    """Every ten minutes: what imports that have ended leave behind; those nobody decided on for a month."""
    from catalog.exchange import runs

    runs.clear(clock.now())


@shared_task
def file_lines(key: int) -> None:
    """The next needs of one adopted list; then those after them."""
    from catalog.demands import lines
    from catalog.models import CatalogueList

    if lines.file_next(CatalogueList.objects.get(pk=key), at=clock.now()):
        file_lines.delay(key)


@shared_task
def file_waiting_lines() -> None:
    """Every ten minutes: adopted lists whose nudge was lost or whose worker died."""
    from catalog.demands import lines

    for key in lines.waiting():
        file_lines.delay(key)


@shared_task
def keep_true() -> None:
    """Every hour: bodies that ended with a successor, types due for their yearly review, a round to be proposed."""
    from catalog import upkeep

    at = clock.now()
    upkeep.pass_functions(at)
    upkeep.review_types(at)
    upkeep.propose_round(at)


@shared_task
def look_at_quality() -> None:
    """After a publication or a load, and every ten minutes for a lost nudge: the entries that are due."""
    from catalog.quality import keeping

    report = keeping.look(clock.now(), most=QUALITY_BATCHES)
    for key in report.to_scan:
        count_in_data.delay(key)
    if report.more:
        look_at_quality.delay()


@shared_task
def count_in_data(key: int) -> None:
    """Count in one load of data, and look at its entry again."""
    from catalog.quality import keeping

    if keeping.count(key, clock.now()) is not None:
        look_at_quality.delay()


@shared_task
def sweep_quality() -> None:
    """Once a day: what changed unsaid, what time alone has changed, and the figures of all bodies."""
    from catalog.quality import keeping, months

    at = clock.now()
    keeping.note(at)
    months.keep_all(at)
    look_at_quality.delay()


#: So many batches of entries a task looks at; another goes on.
QUALITY_BATCHES = 100

SCHEDULE = {
    "catalog.look_at_quality": {"task": "catalog.tasks.look_at_quality", "schedule": 600.0},
    "catalog.sweep_quality": {"task": "catalog.tasks.sweep_quality", "schedule": 86400.0},
    "catalog.file_waiting_lines": {"task": "catalog.tasks.file_waiting_lines", "schedule": 600.0},
    "catalog.keep_true": {"task": "catalog.tasks.keep_true", "schedule": 3600.0},
    "catalog.check_imports": {"task": "catalog.tasks.check_imports", "schedule": 30.0},
    "catalog.clear_imports": {"task": "catalog.tasks.clear_imports", "schedule": 600.0},
}
