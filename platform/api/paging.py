"""Paging by a cursor that names the last row shown: rows added meanwhile neither repeat nor hide another.

A cursor is signed and means nothing to its holder; it is bound to the list and its order, not to the filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from api.problem import Problem

USUAL, LARGEST = 20, 100


@dataclass(frozen=True)
class Page:
    """Rows in order, and the cursor of the next page ("" at the end)."""

    rows: list[Any]
    next: str


def page(
    rows: QuerySet[Any], order: tuple[str, ...], *, name: str, cursor: str = "", limit: int = USUAL
) -> Page:
    """One page in one query.

    `order` names fields as `order_by` does and ends with a unique one; those that may be empty are ascending, the
    empty ones last. Raises Problem for a cursor that this list did not give out.
    """
    salt = f"api.cursor:{name}:{','.join(order)}"
    found = rows.order_by(*order)
    if cursor:
        found = found.filter(_after(order, _read(cursor, salt, len(order))))
    taken = list(found[: limit + 1])
    if len(taken) <= limit:
        return Page(taken, "")
    taken = taken[:limit]
    place = [_kept(_value(taken[-1], field.lstrip("-"))) for field in order]
    return Page(taken, signing.dumps(place, salt=salt))


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows behind the place: later in the first field, or equal there and later in the next, and so on."""
    behind, equal = Q(pk__in=[]), Q()
    for field, value in zip(order, values, strict=True):
        name, descending = field.lstrip("-"), field.startswith("-")
        if value is None:
            equal &= Q(**{f"{name}__isnull": True})
            continue
        later = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        if not descending:
            later |= Q(**{f"{name}__isnull": True})
        behind |= equal & later
        equal &= Q(**{name: value})
    return behind


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    return value


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value


def _read(cursor: str, salt: str, count: int) -> list[Any]:
    try:
        values = signing.loads(cursor, salt=salt)
    except (signing.BadSignature, ValueError):
        raise Problem(
            "cursor 不是这一列表上一页给出的值。去掉 cursor 从头读取，或者原样使用上一页的 next。",
            code="bad-cursor",
        ) from None
    return [_restored(value) for value in values[:count]]


def _restored(value: Any) -> Any:
    if isinstance(value, dict):
        return parse_datetime(value["t"]) if "t" in value else date.fromisoformat(value["d"])
    return value


def of_list(rows: Sequence[Any], key: str, *, name: str, cursor: str = "", limit: int = USUAL) -> Page:
    """One page of a fixed list in its own order; `key` names what is unique about a row."""
    keys = [getattr(row, key) for row in rows]
    start = 0
    if cursor:
        (last,) = _read(cursor, f"api.cursor:{name}:{key}", 1)
        start = keys.index(last) + 1 if last in keys else len(keys)
    taken = list(rows[start : start + limit])
    more = start + limit < len(rows)
    following = signing.dumps([keys[start + limit - 1]], salt=f"api.cursor:{name}:{key}") if more else ""
    return Page(taken, following)
