"""Plain reads whose SQL is written once and kept: the rows of a table by one column, as model instances.

The pages that everybody opens all day read half a dozen tables by one key each. Composing the same statement anew
for every request costs several times what the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
Convert = Callable[[Any], Any]


def rows(
    model: type[M], column: str, value: Any, *, only: tuple[str, ...] = (), but: tuple[str, ...] = ()
) -> list[M]:
    """The rows whose column has the value, in the order of their keys.

    `only` names the fields to read, `but` those to leave; one that was not read is read when asked for.
    """
    statement, names, converters = _statement(model, column, only, but, many=False)
    return _read(model, statement, value, names, converters)


def one(
    model: type[M], column: str, value: Any, *, only: tuple[str, ...] = (), but: tuple[str, ...] = ()
) -> M:
    """The row whose column, which is unique, has the value. Raises the model's DoesNotExist."""
    found = rows(model, column, value, only=only, but=but)
    if not found:
        raise model.DoesNotExist(f"{model.__name__} {column}={value}")
    return found[0]


def keep(instance: Model, relation: str, found: list[Any]) -> None:
    """Give an instance the rows of a relation, as prefetching does: `.all()` answers them and asks nothing.

    They are a list: what would narrow them further fails, where it would have asked the database again.
    """
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found


def rows_in(model: type[M], column: str, values: Iterable[Any], *, only: tuple[str, ...] = ()) -> list[M]:
    """The rows whose column has one of the values; no query for none."""
    wanted = list(values)
    if not wanted:
        return []
    statement, names, converters = _statement(model, column, only, (), many=True)
    return _read(model, statement, wanted, names, converters)


@cache
def _statement(
    model: type[Model], column: str, only: tuple[str, ...], but: tuple[str, ...], *, many: bool
) -> tuple[str, list[str], list[tuple[int, Convert]]]:
    meta, quote = model._meta, connection.ops.quote_name
    fields = [
        field
        for field in meta.concrete_fields
        if field.primary_key or (field.name not in but and (not only or field.name in only))
    ]
    names = ", ".join(quote(str(field.column)) for field in fields)
    found = quote(str(meta.get_field(column).column))
    test = f"{found} = ANY(%s)" if many else f"{found} = %s"
    key = quote(str(meta.pk.column))
    statement = f"SELECT {names} FROM {quote(meta.db_table)} WHERE {test} ORDER BY {key}"
    converters = [(place, convert) for place, field in enumerate(fields) if (convert := _converter(field))]
    return statement, [str(field.attname) for field in fields], converters


def _converter(field: Field[Any, Any]) -> Convert | None:
    """How the field reads what the driver gives (JSON comes as text)."""
    read = getattr(field, "from_db_value", None)
    return (lambda value: read(value, None, connection)) if read is not None else None


def _read(
    model: type[M], statement: str, value: Any, names: list[str], converters: list[tuple[int, Convert]]
) -> list[M]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        found = cursor.fetchall()
    if converters:
        found = [_converted(row, converters) for row in found]
    return [model.from_db(connection.alias, names, row) for row in found]


def _converted(row: tuple[Any, ...], converters: list[tuple[int, Convert]]) -> list[Any]:
    cells = list(row)
    for place, convert in converters:
        cells[place] = convert(cells[place])
    return cells
