"""The paged query: granted items, filters on them, and a cursor that stays in the version it began in."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from django.db import transaction

from datacentre import proofs, store
from datacentre.delivery import Delivery, open_read
from datacentre.models import Grant, HoldingItem, HoldingVersion, Read
from datacentre.refusals import BadQuery, ItemNotGranted
from datacentre.values import ORDERED, BadValue, canonical, shown

#: Rows on a page, at most and when nothing is said.
LARGEST, USUAL = 1_000, 100
#: Rows looked at for one page. A query that finds little returns a shorter page and a cursor to look on from.
LOOKED_AT = 100_000

OPERATORS = ("gt", "gte", "lt", "lte")


@dataclass(frozen=True)
class Page:
    """`rows` are in the order of `items` (with the proof columns behind them where there are any)."""

    read: Read
    items: list[HoldingItem]
    rows: list[list[str]]
    next: str
    proven: bool


def page(
    grant: Grant,
    *,
    actor: Actor,
    at: datetime,
    tick: Callable[[], datetime],
    cursor: str = "",
    limit: int | None = None,
    filters: Mapping[str, str] | None = None,
    items: Sequence[str] | None = None,
    way: str = Read.Way.API,
) -> Page:
    """One page of rows. `filters` maps `item` (equals) or `item__gt`, `__gte`, `__lt`, `__lte` to a value.

    Raises the refusals of `open_read`, and `BadQuery` for a cursor, limit or filter that cannot be understood.
    A refused or misunderstood call leaves no read behind; an answered one leaves exactly one.
    """
    size = _size(limit)
    with transaction.atomic():
        version, start = _place(grant, cursor)
        delivery = open_read(grant, actor=actor, at=at, way=way, items=items, tick=tick, version=version)
        asked = _filters(delivery.grant, filters or {})
        rows, following = _collect(delivery, start, size, asked)
        read = delivery.read
        read.filters = [{"item": f.item.code, "op": f.op, "value": f.value} for f in asked]
        read.rows, read.finished, read.ended_at = len(rows), True, at
        read.save(update_fields=["filters", "rows", "finished", "ended_at"])
    return Page(
        read=read,
        items=delivery.items,
        rows=rows,
        next=encode(delivery.version.number, following) if following is not None else "",
        proven=delivery.proven,
    )


def encode(version: int, row: int) -> str:
    return base64.urlsafe_b64encode(f"{version}:{row}".encode()).decode().rstrip("=")


def _collect(
    delivery: Delivery, start: int, size: int, asked: Sequence[store.Filter]
) -> tuple[list[list[str]], int | None]:
    """Up to `size` answers from row `start` on, and the row to look on from (None at the end)."""
    version = delivery.version
    pick = [version.items.index(item.code) for item in delivery.items]
    proof = proofs.columns(delivery.grant.holding, version, delivery.items)
    found: list[list[str]] = []
    for looked, (number, row) in enumerate(store.scan(version, start=start, filters=asked), 1):
        if row is not None:
            found.append([row[i] for i in pick] + (proof(number, row) if proof else []))
        if len(found) == size or looked == LOOKED_AT:
            following = number + 1
            return found, following if following < version.rows else None
    return found, None


def _size(limit: int | None) -> int:
    if limit is None:
        return USUAL
    if not 1 <= limit <= LARGEST:
        raise BadQuery(f"limit 应在 1 到 {LARGEST} 之间，现在是 {limit}")
    return limit


def _place(grant: Grant, cursor: str) -> tuple[HoldingVersion | None, int]:
    """Where the cursor stands: a version of this holding and a row in it."""
    if not cursor:
        return None, 0
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        text = ""
    match = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,15})", text)
    version = match and grant.holding.versions.filter(number=int(match[1])).first()
    if not match or version is None:
        raise BadQuery("cursor 不是上一页给出的值。去掉 cursor 从头读取，或者原样使用上一页的 next")
    return version, int(match[2])


def _filters(grant: Grant, filters: Mapping[str, str]) -> list[store.Filter]:
    """The questions, on granted items only: an item that may not be read may not be guessed at either."""
    known = {item.code: item for item in grant.holding.items.all()}
    asked = []
    for name, text in filters.items():
        code, _, op = name.rpartition("__") if name.rpartition("__")[2] in OPERATORS else (name, "", "eq")
        item = known.get(code)
        if item is None:
            raise BadQuery(f"没有信息项“{shown(code)}”")
        if code not in grant.items:
            raise ItemNotGranted(f"授权不包括信息项：{code}，不能用它筛选")
        if op != "eq" and item.type not in ORDERED:
            raise BadQuery(f"“{item.name}”是文本，只能按相等筛选")
        if op != "eq" and not text:
            raise BadQuery(f"“{name}”缺少值")
        try:
            asked.append(store.Filter(item, op, canonical(item.type, text) if text else ""))
        except BadValue as error:
            raise BadQuery(f"“{name}”{error}") from None
    return asked
