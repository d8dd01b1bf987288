"""Making a holding, and loading its versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import BinaryIO

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from clock import SHANGHAI
from django.db import transaction

from datacentre import listeners, store, tables
from datacentre.models import Holding, HoldingItem, HoldingPart, HoldingVersion
from datacentre.models.holdings import WORKING
from datacentre.refusals import NotYours


@dataclass(frozen=True)
class ItemSpec:
    """A column to be made; the fields are those of `HoldingItem`."""

    code: str
    name: str
    type: str = HoldingItem.Type.TEXT
    required: bool = False
    identifier: str = ""
    kind: str = ""
    issuer_item: str = ""
    issued_item: str = ""


def create_holding(
    *,
    code: str,
    name: str,
    owner: Organisation,
    items: Sequence[ItemSpec],
    source: str = "",
    licence: str = "",
    at: datetime,
    by: Actor,
) -> Holding:
    """A holding with its items, still without data. Raises `ValidationError` on a field that does not fit."""
    holding = Holding(code=code, name=name, owner=owner, source=source, licence=licence)
    with transaction.atomic():
        holding.full_clean()
        holding.save()
        rows = [HoldingItem(holding=holding, position=i, **asdict(spec)) for i, spec in enumerate(items)]
        for row in rows:
            row.full_clean(validate_unique=False)
        HoldingItem.objects.bulk_create(rows)
        _record(
            holding, "holding:create", at=at, by=by, after={"name": name, "items": [i.code for i in items]}
        )
    return holding


def load_version(
    holding: Holding,
    *,
    file: BinaryIO | None = None,
    rows: Iterable[Mapping[str, str]] | None = None,
    note: str = "",
    at: datetime,
    by: Actor,
) -> HoldingVersion:
    """Load a CSV file, or rows given by item code, as the next version.

    1. Refuse who may not (`NotYours`) and what may not (`NotAdmitted`: nothing without a catalogue entry, REG22-22).
    2. Check every cell; one bad cell and nothing is kept (`BadTable` names row, column and reason, all at once).
    3. Keep the rows, the version with its digests and the audit event together, or none of them.
    4. After the transaction, tell the listeners.
    """
    if (file is None) == (rows is None):
        raise TypeError("load_version() takes either a file or rows")
    if not by.is_system and by.post_in([holding.owner_id], WORKING) is None:
        raise NotYours(f"本数据由{holding.owner.name}提供，只有该单位的人员可以载入")
    listeners.require_admission(holding)
    items = list(holding.items.all())
    received = tables.Digesting(file) if file is not None else None
    lines = tables.from_csv(received) if received else tables.from_mappings(items, rows or ())
    writer = store.Writer(items, store.new_folder(holding.code))
    try:
        for values in tables.read(items, lines):
            writer.add(values)
        writer.close()
        return _keep(holding, items, writer, received.sm3 if received else "", note=note, at=at, by=by)
    except BaseException:
        writer.discard()
        raise


def _keep(
    holding: Holding,
    items: Sequence[HoldingItem],
    writer: store.Writer,
    received_sm3: str,
    *,
    note: str,
    at: datetime,
    by: Actor,
) -> HoldingVersion:
    """Write the version over blocks that are already stored."""
    with transaction.atomic():
        Holding.objects.select_for_update().get(pk=holding.pk)
        before = holding.latest()
        version = HoldingVersion.objects.create(
            holding=holding,
            number=before.number + 1 if before else 1,
            loaded_at=at,
            loaded_by=by.user,
            items=[item.code for item in items],
            rows=writer.rows,
            size=writer.size,
            sm3=writer.sm3,
            sha256=writer.sha256,
            received_sm3=received_sm3,
            note=note,
        )
        for part in writer.parts:
            part.version = version
        HoldingPart.objects.bulk_create(writer.parts)
        _record(
            holding,
            "holding:load",
            at=at,
            by=by,
            before={"version": before.number, "rows": before.rows, "sm3": before.sm3} if before else {},
            after={
                "version": version.number,
                "rows": version.rows,
                "sm3": version.sm3,
                "received_sm3": received_sm3,
                "note": note,
                "norm": listeners.norm(at.astimezone(SHANGHAI).date()),
            },
        )
        listeners.announce(version)
    return version


def _record(
    holding: Holding,
    action: str,
    *,
    at: datetime,
    by: Actor,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="holding",
            object_id=holding.code,
            at=at,
            organisation=holding.owner.name,
            before=before or {},
            after=after,
            cites=("REG22-22",),
        )
    )
