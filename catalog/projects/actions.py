"""What is done about projects outside their cases; each leaves its trace in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.actors import Actor
from audit import trail
from clock import SHANGHAI
from django.db import transaction
from procedures.refusals import NoRight
from statutes.enforcement import enforces

from catalog.models import AuditFinding, LegacyStatus, LegacySystem
from catalog.projects.queries import enters_audits
from catalog.publishing import is_authority


@enforces("CAT-41", what="已建平台、共享系统、开放系统登记在册，写明整合状态")
def register_system(said: Mapping[str, Any], *, at: datetime, by: Actor) -> LegacySystem:
    """Put a system on the register, with how far it is today. Raises NoRight."""
    _require_authority(by)
    with transaction.atomic():
        system = LegacySystem.objects.create(
            owner=said["owner"],
            name=said["name"],
            kind=said["kind"],
            data=said["data"],
            merge_by=said["merge_by"],
        )
        _status(system, said["status"], at.astimezone(SHANGHAI).date(), "登记")
        _record("legacy:register", system, by, at, {"name": system.name, "status": said["status"]})
    return system


def move_system(
    system: LegacySystem, *, status: str, on: date, note: str, at: datetime, by: Actor
) -> LegacyStatus:
    """Note how far the system has come. Raises NoRight."""
    _require_authority(by)
    with transaction.atomic():
        row = _status(system, status, on, note)
        _record("legacy:move", system, by, at, {"status": status, "on": on.isoformat(), "note": note})
    return row


@enforces("CAT-39", what="审计结果录入，挂到单位和项目")
def enter_audit(said: Mapping[str, Any], *, at: datetime, by: Actor) -> AuditFinding:
    """Enter what auditors found. Raises NoRight for all but audit offices and the city data authority."""
    body = enters_audits(by)
    if body is None:
        raise NoRight("审计结果由审计机关录入，或者由市数据主管部门依审计文书录入。")
    with transaction.atomic():
        row = AuditFinding.objects.create(**said, entered_for=body, entered_at=at)
        trail.record(
            trail.Entry(
                action="audit-finding:enter",
                actor=by,
                organisation=body.name,
                object_kind="audit-finding",
                object_id=str(row.pk),
                at=at,
                after={"body": row.body.code, "document": row.document, "result": row.result},
                cites=("GOV19-49.2",),
            )
        )
    return row


def _status(system: LegacySystem, status: str, on: date, note: str) -> LegacyStatus:
    return LegacyStatus.objects.create(system=system, status=status, on=on, note=note)


def _require_authority(by: Actor) -> None:
    if not (by.is_system or is_authority(by)):
        raise NoRight("已建平台和系统由市数据主管部门登记。")


def _record(action: str, system: LegacySystem, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            organisation=system.owner.name,
            object_kind="legacy-system",
            object_id=str(system.pk),
            at=at,
            after=after,
            cites=("REG22-21.3",),
        )
    )
