"""Who leads a database: written down by the city data authority with the relevant bodies (REG22-21, GOV19-17.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from django.db import transaction
from procedures.refusals import BadFacts, NoRight

from catalog.models import Database
from catalog.norm.vocabularies import vocabulary
from catalog.publishing import is_authority

CITES = ("REG22-21", "GOV19-17")


def lead(
    kind: str,
    *,
    code: str = "",
    name: str = "",
    lead: Organisation,
    basic_items: Sequence[str] = (),
    since: date,
    at: datetime,
    by: Actor,
) -> Database:
    """From `since` the body leads the database with these basic items; what was said before ends on that day.

    Raises NoRight, and BadFacts where the day lies before the present row's first, or the name is missing.
    """
    _require_authority(by)
    if kind == Database.Kind.BASE:
        name = vocabulary("database").label_of(code)
        if code not in vocabulary("database").by_code:
            raise BadFacts({"code": ["请选择基础数据库"]})
    elif not name.strip():
        raise BadFacts({"name": ["请填写“名称”"]})
    else:
        code, name = "", " ".join(name.split())
    items = list(dict.fromkeys(item.strip() for item in basic_items if item.strip()))
    with transaction.atomic():
        present = (
            Database.objects.select_for_update().filter(kind=kind, name=name, until__isnull=True).first()
        )
        if present is not None:
            if since < present.since:
                told = f"现在的牵头部门自 {present.since.isoformat()} 起，新的起始日不能早于这一天"
                raise BadFacts({"since": [told]})
            present.until = since
            present.save(update_fields=["until"])
        made = Database.objects.create(
            kind=kind, code=code, name=name, lead=lead, basic_items=items, since=since
        )
        _record("database:lead", made, present, at=at, by=by)
    return made


def end(database: Database, *, on: date, at: datetime, by: Actor) -> Database:
    """The theme database stands no longer from `on`; base databases are named by the regulation and stay."""
    _require_authority(by)
    if database.kind == Database.Kind.BASE:
        raise BadFacts({"until": ["基础数据库由《重庆市数据条例》规定，只能更换牵头部门"]})
    with transaction.atomic():
        row = Database.objects.select_for_update(of=("self",)).select_related("lead").get(pk=database.pk)
        if row.until is not None or on < row.since:
            raise BadFacts({"until": [f"“{row.name}”已经停用，或者停用日早于起始日 {row.since.isoformat()}"]})
        row.until = on
        row.save(update_fields=["until"])
        _record("database:end", row, database, at=at, by=by)
    return row


def _require_authority(by: Actor) -> None:
    if not (by.is_system or is_authority(by)):
        raise NoRight("基础数据库和主题数据库的牵头部门由市数据主管部门登记")


def _record(action: str, row: Database, before: Database | None, *, at: datetime, by: Actor) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="database",
            object_id=row.name,
            at=at,
            organisation=row.lead.name,
            before=_said(before) if before else {},
            after=_said(row),
            cites=CITES,
        )
    )


def _said(row: Database) -> dict[str, object]:
    return {
        "kind": row.kind,
        "name": row.name,
        "lead": row.lead.name,
        "basic_items": row.basic_items,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }
