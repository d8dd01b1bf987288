"""A run from its file to its drafts: `start`, `check`, `commit`, `discard`, `check_again`. All or nothing.

The dry run compares the file with what stands and keeps what would come of it; `commit` writes exactly that, and
refuses when anything it was compared with has moved since. Rights are asked at both.
"""

from __future__ import annotations

import gc
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import BinaryIO

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from audit.copying import copy_rows
from audit.sm3 import sm3
from clock import SHANGHAI
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q
from statutes.enforcement import enforces

from catalog import rules
from catalog.drafts import require_editor
from catalog.exchange import adapters
from catalog.exchange.findings import Finding
from catalog.exchange.matching import Planned, plan, problems_json, said_json
from catalog.exchange.reading import read_rows
from catalog.exchange.refusals import BadFile, NotReady
from catalog.exchange.safety import MEGABYTE, MOST_BYTES
from catalog.exchange.tables import read_file
from catalog.models import ImportProblem, ImportRow, ImportRun

State, Source = ImportRun.State, ImportRun.Source
#: Files up to this size are checked while the person waits (about a second); larger ones by the worker.
AT_ONCE = 256 * 1024
#: How long a run may lie without a decision, and how long one may be at work before it is taken up again.
KEPT_DAYS = 30
STALE = timedelta(minutes=15)
#: Problems that are kept one by one; further ones are counted.
MOST_PROBLEMS = 50_000


def start(
    provider: Organisation, upload: UploadedFile, *, source: str = Source.NORM, at: datetime, by: Actor
) -> ImportRun:
    """Keep an uploaded file as a run that waits to be checked. Raises `NoRight`, `BadFile`."""
    require_editor(provider, by)
    if upload.size is None or upload.size > MOST_BYTES:
        raise BadFile(
            f"文件 {(upload.size or 0) / MEGABYTE:.1f} MB，最多 {MOST_BYTES // MEGABYTE} MB，请分成几个文件"
        )
    if upload.size == 0:
        raise BadFile("文件是空的，请重新选择")
    digest = sm3(upload.read()).hex()
    upload.seek(0)
    with transaction.atomic():
        run = ImportRun(
            provider=provider,
            source=source,
            name=(upload.name or "")[-200:],
            size=upload.size,
            sm3=digest,
            created_at=at,
            created_by=by.user,
            changed_at=at,
        )
        run.file.save(digest, upload, save=False)
        run.save()
        _record(run, "import:upload", at=at, by=by)
    return run


def is_small(run: ImportRun) -> bool:
    """Whether the person may wait for the dry run."""
    return run.source == Source.NORM and run.size <= AT_ONCE


@enforces("CAT-09", what="批量导入：先核对，逐行逐格说明，全部合格才导入")
def check(run: ImportRun, *, at: datetime) -> ImportRun:
    """The dry run: what each row is to become and what is wrong. Writes no draft. Run twice, it says the same."""
    claimed = ImportRun.objects.filter(
        Q(state=State.WAITING) | Q(state=State.CHECKING, changed_at__lte=at - STALE), pk=run.pk
    ).update(state=State.CHECKING, changed_at=at, done=0, total=0)
    run.refresh_from_db()
    if not claimed:
        return run
    try:
        with opened(run) as file, uncollected():
            if run.source == Source.NORM:
                _check(run, file, at)
            else:
                adapters.check(run, file, at, save=_save)
    except (BadFile, rules.SecretMatter) as refusal:
        _refuse(run, refusal.message, at)
    except Exception:
        ImportRun.objects.filter(pk=run.pk).update(state=State.FAILED, changed_at=at)
        raise
    run.refresh_from_db()
    return run


def _check(run: ImportRun, file: BinaryIO, at: datetime) -> None:
    read = read_file(file, run.name)
    total = sum(len(table.rows) for table in read.tables)
    report = _teller(run, total)
    rows = read_rows(read, run.provider, at.astimezone(SHANGHAI).date(), report)
    planned = plan(rows, run.provider)
    if not planned and not rows.findings:
        raise BadFile("表头以下没有内容。请填写以后再上传")
    run.format, run.notes, run.total, run.done = read.format, read.notes, total, total
    _save(run, planned, rows.findings, at)


def _teller(run: ImportRun, total: int) -> object:
    """Progress for whoever looks at the page; outside the transaction that keeps the result."""
    if is_small(run):
        return None

    def tell(done: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(done=done, total=total)

    return tell


def _save(run: ImportRun, planned: Sequence[Planned], findings: Sequence[Finding], at: datetime) -> None:
    """Keep the result of the dry run, in place of an earlier one."""
    findings = sorted(findings, key=lambda found: not found.blocking)
    blocking = sum(found.blocking for found in findings)
    counts = Counter(one.outcome for one in planned)
    with transaction.atomic():
        run.rows.all().delete()
        run.problems.all().delete()
        copy_rows("catalog_importrow", _ROW, _rows(run, planned))
        copy_rows("catalog_importproblem", _PROBLEM, _problems(run, findings))
        run.counts = {**counts, "blocking": blocking, "rules": len(findings) - blocking}
        run.state, run.changed_at, run.refusal = State.CHECKED, at, ""
        run.save()


_ROW = (
    "run_id", "position", "place", "outcome", "name", "content", "problems", "draft_id", "entry_id",
    "base_version", "seen",
)  # fmt: skip
_PROBLEM = (
    "run_id", "position", "sheet", "line", "col", "place", "label", "kind", "blocking", "value", "message", "cites",
)  # fmt: skip


def _rows(run: ImportRun, planned: Sequence[Planned]) -> Iterator[tuple[str, ...]]:
    """Only what is to be written keeps its content."""
    key = str(run.pk)
    for position, one in enumerate(planned):
        writes = one.outcome in ImportRow.WRITTEN
        yield (
            key,
            str(position),
            one.row.place[:80],
            str(one.outcome.value),
            (one.content.name or one.row.code)[:200],
            said_json(one.content) if writes else "",
            problems_json(one) if writes else "[]",
            str(one.draft.pk) if one.draft is not None else "0",
            str(one.entry.pk) if one.entry is not None else "0",
            str(one.entry.version) if one.entry is not None else "0",
            one.draft.changed_at.isoformat() if one.draft is not None else "",
        )


def _problems(run: ImportRun, findings: Sequence[Finding]) -> Iterator[tuple[str, ...]]:
    key = str(run.pk)
    for position, found in enumerate(findings[:MOST_PROBLEMS]):
        yield (
            key,
            str(position),
            found.sheet[:60],
            str(found.line),
            str(found.column),
            found.place[:80],
            found.label,
            found.kind,
            "t" if found.blocking else "f",
            _storable(found.value),
            _storable(found.message),
            " ".join(found.cites)[:100],
        )


def _storable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


def _refuse(run: ImportRun, reason: str, at: datetime) -> None:
    """The file cannot be used; it is not kept either."""
    with transaction.atomic():
        run.rows.all().delete()
        run.problems.all().delete()
        run.state, run.refusal, run.changed_at, run.counts = State.REFUSED, reason, at, {}
        run.save()
        forget_files(run)


def check_again(run: ImportRun, *, at: datetime, by: Actor) -> ImportRun:
    """Compare the kept file anew with what stands now."""
    require_editor(run.provider, by)
    changed = ImportRun.objects.filter(pk=run.pk, state__in=(State.CHECKED, State.FAILED)).update(
        state=State.WAITING, changed_at=at
    )
    run.refresh_from_db()
    if not changed:
        raise NotReady(f"这次导入{run.get_state_display()}，不能重新核对")
    return run


def discard(run: ImportRun, *, at: datetime, by: Actor) -> None:
    """End a run without importing; the file goes, what was counted stays."""
    require_editor(run.provider, by)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state not in ImportRun.OPEN:
            raise NotReady(f"这次导入{run.get_state_display()}，不用再放弃")
        _end(run, at)
        _record(run, "import:discard", at=at, by=by)


def _end(run: ImportRun, at: datetime) -> None:
    run.rows.all().delete()
    run.problems.all().delete()
    run.state, run.changed_at = State.ENDED, at
    forget_files(run)
    run.save()


def clear(at: datetime) -> int:
    """End what nobody decided on for KEPT_DAYS, and empty what was committed; returns how many runs."""
    cleared = 0
    idle = Q(state__in=(State.CHECKED, State.FAILED), changed_at__lte=at - timedelta(days=KEPT_DAYS))
    for key in ImportRun.objects.filter(idle | Q(state=State.COMMITTED) & ~Q(file="")).values_list(
        "pk", flat=True
    )[:200]:
        with transaction.atomic():
            run = ImportRun.objects.select_for_update(skip_locked=True).filter(pk=key).first()
            if run is None:
                continue
            if run.state == State.COMMITTED:
                run.rows.all().delete()
                run.problems.all().delete()
                forget_files(run)
                run.save()
            else:
                _end(run, at)
            cleared += 1
    return cleared


def forget_files(run: ImportRun) -> None:
    """Take the files out of the store once the transaction stands."""
    for field in (run.file, run.marked):
        if field:
            storage, name = field.storage, field.name
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
    run.file = run.marked = ""
    ImportRun.objects.filter(pk=run.pk).update(file="", marked="")


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for cycles among the hundreds of thousands of values of a file: there are none, and the search
    costs a quarter of the reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def opened(run: ImportRun) -> Iterator[BinaryIO]:
    """The run's file, on disk and seekable wherever the store is."""
    with run.file.open("rb") as stored, tempfile.TemporaryFile() as file:
        for chunk in stored.chunks():
            file.write(chunk)
        file.seek(0)
        yield file


def waiting(at: datetime) -> list[int]:
    """Runs that nobody is checking: those whose nudge was lost, and those whose worker died."""
    return list(
        ImportRun.objects.filter(
            Q(state=State.WAITING) | Q(state=State.CHECKING, changed_at__lte=at - STALE)
        ).values_list("pk", flat=True)[:20]
    )


def problem_counts(run: ImportRun) -> list[dict[str, object]]:
    """How often each kind occurs, those that block first."""
    return list(
        ImportProblem.objects.filter(run=run)
        .values("kind", "blocking")
        .annotate(number=Count("pk"))
        .order_by("-blocking", "-number")
    )


def _record(run: ImportRun, action: str, *, at: datetime, by: Actor) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="import",
            object_id=str(run.pk),
            at=at,
            organisation=run.provider.name,
            after={
                "file": run.name,
                "sm3": run.sm3,
                "size": run.size,
                "source": run.source,
                "counts": run.counts,
            },
            cites=("GOV19-12.1",),
        )
    )
