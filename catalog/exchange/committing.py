"""A checked run becomes drafts, in a handful of statements however many rows; all of them or none."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from audit import trail
from django.db import IntegrityError, connection, transaction
from statutes.enforcement import enforces

from catalog.drafts import require_editor
from catalog.exchange.matching import BLANK
from catalog.exchange.refusals import Moved, NotReady
from catalog.exchange.runs import uncollected
from catalog.models import Draft, Entry, ImportRow, ImportRun

State, Outcome = ImportRun.State, ImportRow.Outcome
_AGAIN = "请重新核对，再导入"


@enforces("CAT-09", "CAT-20", what="批量导入：全部写入或者一条也不写，重复导入不产生重复")
def commit(run: ImportRun, *, at: datetime, by: Actor) -> ImportRun:
    """Write the drafts of a checked run without errors.

    Raises `NoRight`; `NotReady` when there is anything to mend, or the run was committed already; `Moved` when a draft
    or entry that the file was compared with has changed since.
    """
    require_editor(run.provider, by)
    with transaction.atomic(), uncollected():
        run = ImportRun.objects.select_for_update().select_related("provider").get(pk=run.pk)
        _require_ready(run)
        before = _locked(run)
        _require_unmoved(run, len(before))
        written = _insert(run, at, by) if _number(run, Outcome.ADD, Outcome.CHANGE) else {}
        if before:
            written |= _update(run, at, by)
        run.state, run.changed_at, run.committed_by = State.COMMITTED, at, by.user
        run.save(update_fields=["state", "changed_at", "committed_by"])
        _record(run, written, before, at, by)
    return run


def _require_ready(run: ImportRun) -> None:
    if run.state == State.COMMITTED:
        raise NotReady("这次导入已经完成，没有再写入一次")
    if run.state != State.CHECKED:
        raise NotReady(f"这次导入{run.get_state_display()}，核对以后才能导入")
    if blocking := run.counts.get("blocking", 0):
        raise NotReady(f"还有 {blocking:,} 处须改正，改正后重新上传才能导入")
    if not _number(run, *ImportRow.WRITTEN):
        raise NotReady("文件与现有目录相同，没有要导入的内容")


def _number(run: ImportRun, *outcomes: str) -> int:
    return sum(int(run.counts.get(outcome, 0)) for outcome in outcomes)


def _locked(run: ImportRun) -> dict[int, dict[str, Any]]:
    """The drafts that will be changed, locked, as they are: {key: name and content}. None that moved."""
    if not _number(run, Outcome.UPDATE):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT d.id, d.name, d.content::text FROM {_DRAFT} d
            JOIN {_ROWS} r ON r.draft_id = d.id AND r.run_id = %s AND r.outcome = 'update'
            WHERE d.stage = 'editing' AND d.case_id IS NULL AND d.changed_at = r.seen::timestamptz
            ORDER BY d.id FOR UPDATE OF d
            """,
            [run.pk],
        )
        return {key: {"name": name, "content": json.loads(content)} for key, name, content in cursor}


def _require_unmoved(run: ImportRun, locked: int) -> None:
    if moved := _number(run, Outcome.UPDATE) - locked:
        raise Moved(f"核对以后，有 {moved:,} 个编制中的条目改动过或者已经报送。{_AGAIN}")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*) FROM (
              SELECT e.id FROM {_ENTRY} e
              JOIN {_ROWS} r ON r.entry_id = e.id AND r.run_id = %s AND r.outcome = 'change'
              WHERE e.status = 'published' AND e.version = r.base_version AND e.provider_id = %s
              FOR SHARE OF e) unmoved
            """,
            [run.pk, run.provider_id],
        )
        if moved := _number(run, Outcome.CHANGE) - cursor.fetchone()[0]:
            raise Moved(f"核对以后，有 {moved:,} 个已发布的条目变更过。{_AGAIN}")
        if not _number(run, Outcome.ADD):
            return
        cursor.execute(
            f"""
            SELECT count(*) FROM {_ROWS} r JOIN {_ENTRY} e ON e.name = r.name
            WHERE r.run_id = %s AND r.outcome = 'add' AND e.provider_id = %s AND e.status = 'published'
            """,
            [run.pk, run.provider_id],
        )
        if taken := cursor.fetchone()[0]:
            raise Moved(f"核对以后，有 {taken:,} 个同名的条目已经发布。{_AGAIN}")


_DRAFT, _ENTRY, _ROWS = Draft._meta.db_table, Entry._meta.db_table, ImportRow._meta.db_table


def _insert(run: ImportRun, at: datetime, by: Actor) -> dict[int, str]:
    """The new drafts, written inside the database from the rows that the dry run kept: {key: name}."""
    blank = Draft(
        provider=run.provider,
        origin=_origin(run),
        changed_at=at,
        changed_by=by.user,
        stage=Draft.Stage.EDITING,
    )
    said = {
        "kind": "CASE WHEN r.outcome = 'change' THEN 'change' ELSE 'add' END",
        "entry_id": "NULLIF(r.entry_id, 0)",
        "base_version": "r.base_version",
        "name": "r.name",
        "content": "%s::jsonb || r.content::jsonb",
        "problems": "r.problems::jsonb",
        "source": "left(%s || '，' || r.place, 200)",
        "holding_id": "e.holding_id",
    }
    columns, values, parameters = [], [], []
    for field in Draft._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(field.column)
        values.append(said.get(field.attname, "%s"))
        if field.attname in ("source", "content"):
            parameters.append(run.name if field.attname == "source" else BLANK)
        elif field.attname not in said:
            parameters.append(field.get_db_prep_save(getattr(blank, field.attname), connection))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {_DRAFT} ({", ".join(columns)})
                SELECT {", ".join(values)} FROM {_ROWS} r LEFT JOIN {_ENTRY} e ON e.id = NULLIF(r.entry_id, 0)
                WHERE r.run_id = %s AND r.outcome IN ('add', 'change')
                RETURNING id, name
                """,
                [*parameters, run.pk],
            )
            return dict(cursor.fetchall())
    except IntegrityError as error:
        raise Moved(f"核对以后，文件里的一些条目已经有了编制中的同名条目。{_AGAIN}") from error


def _update(run: ImportRun, at: datetime, by: Actor) -> dict[int, str]:
    """The drafts that were there, changed: {key: name}."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"""
                UPDATE {_DRAFT} d SET name = r.name, content = %s::jsonb || r.content::jsonb,
                  problems = r.problems::jsonb, typed = '{{}}', origin = %s,
                  source = left(%s || '，' || r.place, 200), changed_at = %s, changed_by_id = %s
                FROM {_ROWS} r WHERE r.draft_id = d.id AND r.run_id = %s AND r.outcome = 'update'
                RETURNING d.id, d.name
                """,
                [BLANK, _origin(run), run.name, at, by.user.pk if by.user else None, run.pk],
            )
            return dict(cursor.fetchall())
    except IntegrityError as error:
        raise Moved(f"核对以后，文件里的一些名称已被使用。{_AGAIN}") from error


def _origin(run: ImportRun) -> str:
    return Draft.Origin.IMPORT if run.source == ImportRun.Source.NORM else Draft.Origin.OTHER


def _record(
    run: ImportRun, written: dict[int, str], before: dict[int, dict[str, Any]], at: datetime, by: Actor
) -> None:
    """One event for the run and one for each draft, complete in itself."""
    common = {"actor": by, "at": at, "organisation": run.provider.name, "cites": ("GOV19-12.1",)}
    after = {"file": run.name, "sm3": run.sm3, "source": run.source, "counts": run.counts}
    trail.record(
        trail.Entry("import:commit", object_kind="import", object_id=str(run.pk), after=after, **common)
    )
    rows = ImportRow.objects.filter(run=run, outcome__in=ImportRow.WRITTEN)
    said = {
        name: (entry, content) for name, entry, content in rows.values_list("name", "entry_id", "content")
    }
    trail.record_many(
        trail.Entry(
            "entry-draft:keep",
            object_kind="entry-draft",
            object_id=str(key),
            before=before.get(key, {}),
            after=_after(run, name, *said[name]),
            **common,
        )
        for key, name in written.items()
    )


def _after(run: ImportRun, name: str, entry: int, content: str) -> trail.Encoded:
    """What `drafts.keep` records, with the run; the content is as the dry run kept it, without what is empty."""
    kind = "change" if entry else "add"
    head = trail.encode({"name": name, "kind": kind, "import": run.pk})
    return trail.Encoded(f'{head[:-1]},"content":{content}}}')
