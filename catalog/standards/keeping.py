"""Writing standards down: by the city data authority, on the record (REG22-5.1, GOV19-6.1, GOV19-15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.actors import Actor
from audit import trail
from audit.sm3 import sm3
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from procedures.attachments import kind_of
from procedures.refusals import BadFacts, NoRight
from statutes.enforcement import enforces

from catalog.models import Standard
from catalog.publishing import is_authority

CITES = ("REG22-5", "GOV19-6")
#: What is written down of a standard besides its text and its end.
FACTS = (
    "kind", "level", "number", "title", "version", "scope", "region", "source", "joined", "body", "link", "since",
)  # fmt: skip


@enforces("CAT-35", "CAT-36", what="数据标准登记：编号、版本、适用范围和区域、起止日期、文本公开可查")
def register(
    facts: Mapping[str, Any], *, upload: UploadedFile | None = None, at: datetime, by: Actor
) -> Standard:
    """Write a standard, or the next version of one, down; the version before ends on the day that it begins.

    `facts` are those of `FACTS`. Raises NoRight, and BadFacts by field: the number and version are known already, the
    day lies before the present version's first, the file is of no kind that is taken, there is no text at all.
    """
    _require_authority(by)
    if upload is None and not facts.get("link"):
        raise BadFacts({"link": ["请填写文本的公开地址，或者上传文本文件"]})
    kind = kind_of(upload) if upload is not None else None
    made = Standard(
        **{name: facts.get(name) or ("" if name != "body" else None) for name in FACTS}, noted_at=at
    )
    with transaction.atomic():
        present = _present(made)
        _refuse_known(made, present)
        for row in present:
            row.until = made.since
            row.save(update_fields=["until"])
        if upload is not None and kind is not None:
            upload.seek(0)
            made.digest = sm3(upload.read()).hex()
            upload.seek(0)
            made.file_name, made.media_type = (upload.name or "")[-200:], kind.media_type
            made.file.save(f"{made.digest}{kind.endings[0]}", upload, save=False)
        made.save(force_insert=True)
        _record("standard:register", made, {}, at=at, by=by, ended=[str(row.pk) for row in present])
    return made


def end(standard: Standard, *, on: date, at: datetime, by: Actor) -> Standard:
    """The standard stands no longer from `on`. Raises NoRight, BadFacts where it ended or had not begun."""
    _require_authority(by)
    with transaction.atomic():
        row = Standard.objects.select_for_update(of=("self",)).select_related("body").get(pk=standard.pk)
        if row.until is not None or on < row.since:
            told = f"“{row.title}”已经停止施行，或者停止日早于施行日期 {row.since.isoformat()}"
            raise BadFacts({"until": [told]})
        before = _said(row)
        row.until = on
        row.save(update_fields=["until"])
        _record("standard:end", row, before, at=at, by=by)
    return row


@enforces("CAT-22", what="政务数据汇聚规范：登记现行版本，载入核对写明所依的版本")
def aggregation_norm(on: date) -> Standard | None:
    """The norm by which data is aggregated on the day (GOV19-15); at most one stands. One query."""
    return Standard.objects.standing(on).filter(kind=Standard.Kind.AGGREGATION).order_by("-since").first()


def named_norm(on: date) -> str:
    """How the aggregation norm of the day is cited; empty before one was written down."""
    found = aggregation_norm(on)
    return found.cited if found else ""


def _present(made: Standard) -> list[Standard]:
    """What the new row takes the place of: the version before, and the aggregation norm before."""
    rows = Standard.objects.select_for_update(of=("self",)).filter(until__isnull=True)
    found = list(rows.filter(number=made.number))
    if made.kind == Standard.Kind.AGGREGATION:
        found += rows.filter(kind=made.kind).exclude(number=made.number)
    return found


def _refuse_known(made: Standard, present: list[Standard]) -> None:
    if Standard.objects.filter(number=made.number, version=made.version).exists():
        raise BadFacts({"version": [f"{made.number} 的“{made.version}”已经登记，请填写新的版本"]})
    for row in present:
        if made.since < row.since:
            told = f"现行的{row.cited}自 {row.since.isoformat()} 起施行，新版本的施行日期不能早于这一天"
            raise BadFacts({"since": [told]})


def _require_authority(by: Actor) -> None:
    if not (by.is_system or is_authority(by)):
        raise NoRight("数据标准由市数据主管部门登记")


def _record(
    action: str,
    row: Standard,
    before: dict[str, Any],
    *,
    at: datetime,
    by: Actor,
    ended: list[str] | None = None,
) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="standard",
            object_id=str(row.pk),
            at=at,
            organisation=by.posts[0].organisation.name if by.posts else "",
            before=before,
            after={**_said(row), **({"ended": ended} if ended else {})},
            cites=(*CITES, "GOV19-15") if row.kind == Standard.Kind.AGGREGATION else CITES,
        )
    )


def _said(row: Standard) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FACTS if name not in ("body", "since")}
    return {
        **facts,
        "body": row.body.name if row.body else "",
        "file": row.file_name,
        "digest": row.digest,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }
