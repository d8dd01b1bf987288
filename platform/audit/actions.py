"""What is done with the trail, each recorded in the trail itself. Nothing here changes what is already there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from accounts.actors import Actor
from django.core.exceptions import PermissionDenied

from audit import export as archive
from audit import queries, trail, verification
from audit.export import Exported
from audit.models import Event
from audit.trail import Entry
from audit.verification import Report


class TooMuch(Exception):
    """More events than one page request may carry."""


def search(
    actor: Actor, asked: queries.Search, *, at: datetime, before: tuple[datetime, int] | None = None
) -> queries.Page:
    """A page of the trail; that it was read, and by which questions, is recorded."""
    _require(actor)
    page = queries.search(actor, asked, before=before)
    _record(actor, "audit:search", "trail", at, {"asked": asked.facts(), "shown": len(page.events)})
    return page


def note_read(actor: Actor, event: Event, *, at: datetime) -> None:
    """Record that the event was looked at whole."""
    _record(actor, "audit:read", str(event.pk), at, {})


def note_seals_taken(actor: Actor, *, at: datetime) -> None:
    """Record that the seal book was taken out."""
    _record(actor, "audit:seals", "seals", at, {})


def check(
    actor: Actor,
    start: datetime | None,
    end: datetime | None,
    *,
    at: datetime,
    kept: Path | None = None,
    limit: int | None = None,
) -> Report:
    """Verify what was sealed in [start, end); the outcome is recorded. Raises TooMuch above `limit` events."""
    _require(actor)
    _require_size(start, end, limit)
    report = verification.verify(start, end, kept=kept)
    after = {
        "range": _range(start, end),
        "first": report.first,
        "last": report.last,
        "count": report.count,
        "newest": report.newest,
        "ok": report.ok,
        "findings": [f"{position} {what}" for position, what in report.findings[:100]],
        "found": len(report.findings),
    }
    _record(actor, "audit:verify", "trail", at, after)
    return report


def export(
    actor: Actor,
    file: BinaryIO,
    start: datetime | None,
    end: datetime | None,
    *,
    at: datetime,
    limit: int | None = None,
) -> Exported:
    """Write what was sealed in [start, end) as an archive; who took it, and its digest, is recorded.

    Raises NothingSealed, and TooMuch above `limit` events.
    """
    _require(actor)
    _require_size(start, end, limit)
    made = archive.write(file, start, end)
    after = {
        "range": _range(start, end),
        "first": made.first,
        "last": made.last,
        "count": made.count,
        "digest": made.digest,
    }
    _record(actor, "audit:export", made.name, at, after)
    return made


def _require(actor: Actor) -> None:
    # The system itself is the command line of who runs the machine, and the nightly check.
    if not (actor.is_system or queries.may_audit(actor)):
        raise PermissionDenied("审计轨迹只供审计管理员查阅。")


def _require_size(start: datetime | None, end: datetime | None, limit: int | None) -> None:
    if limit is not None and (size := archive.size_of(start, end)) > limit:
        raise TooMuch(
            f"一次最多 {limit:,} 条，这段时间有 {size:,} 条。请缩短时间，或者请系统管理员用 manage.py audit 办理。"
        )


def _range(start: datetime | None, end: datetime | None) -> list[str]:
    return [start.isoformat() if start else "", end.isoformat() if end else ""]


def _record(actor: Actor, action: str, object_id: str, at: datetime, after: dict[str, Any]) -> None:
    organisation = actor.posts[0].organisation.name if actor.posts else ""
    trail.record(Entry(action, actor, "audit", object_id, at, organisation=organisation, after=after))
