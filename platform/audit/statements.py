"""Statements composed once. An act reads and writes the same things every time, and composing SQL costs more than
the database's answer: `Ready` and `Among` read what a queryset would, `insert` and `update` write what saving would.

No signals are sent: nothing of this project rests on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.db.models import Field, Model, QuerySet, prefetch_related_objects
from django.db.models.query import get_related_populators

#: Stands for the number while the SQL is composed: no row has it, and no queryset says it otherwise.
_NUMBER = -909_090_909


class Ready:
    """What a queryset about one number gives, with its `select_related` and `prefetch_related`.

    Composed at the first use and from then on only executed:
    `PARTIES = Ready(lambda case: Party.objects.filter(case=case))`, then `PARTIES(7)`.
    """

    def __init__(self, ask: Callable[[int], QuerySet]) -> None:
        self._ask = ask

    def __call__(self, number: int) -> list[Any]:
        return self._read(number)

    @cached_property
    def _read(self) -> Callable[[Any], list[Any]]:
        return _composed(self._ask(_NUMBER))

    def one(self, number: int) -> Any:
        """The one row; raises its model's DoesNotExist when there is none."""
        for row in self(number):
            return row
        raise self._ask(number).model.DoesNotExist(number)


class Among:
    """The same of any of some numbers: `BODIES = Among(lambda keys: Organisation.objects.filter(pk__in=keys))`,
    then `BODIES({3, 7})`. None asked for: nothing is asked.
    """

    def __init__(self, ask: Callable[[list[int]], QuerySet]) -> None:
        self._ask = ask

    def __call__(self, numbers: Iterable[int]) -> list[Any]:
        wanted = list(numbers)
        return self._read(wanted) if wanted else []

    @cached_property
    def _read(self) -> Callable[[Any], list[Any]]:
        return _composed(self._ask([_NUMBER]), many=True)


def keep(instance: Model, relation: str, found: list[Any]) -> None:
    """Give an instance the rows of a relation, as prefetching does: `.all()` answers them and asks nothing.

    They are a list: what would narrow them further fails, where it would have asked the database again.
    """
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = found


def _composed(rows: QuerySet, *, many: bool = False) -> Callable[[Any], list[Any]]:
    """The reading of a queryset, as Django's `ModelIterable` does it, with all that can be done beforehand."""
    compiler = rows.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    if many:  # one statement for however many there are
        sql = sql.replace(" IN (%s)", " = ANY(%s)", 1)
    if values.count(_NUMBER) != 1:
        raise ValueError(f"not about one number: {sql}")
    place = values.index(_NUMBER)
    before, after = values[:place], values[place + 1 :]
    columns = [column for column, _, _ in compiler.select]
    converters = compiler.get_converters(columns)
    own = compiler.klass_info["select_fields"]
    first, last = own[0], own[-1] + 1
    names = [column.target.attname for column in columns[first:last]]
    # (The type stubs are those of a later Django.)
    joined = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]
    lookups = rows._prefetch_related_lookups

    def read(number: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, (*before, number, *after))
            found = cursor.fetchall()
        made = []
        for line in compiler.apply_converters(found, converters) if converters else found:
            row = rows.model.from_db(connection.alias, names, line[first:last])
            for populator in joined:
                populator.populate(line, row)
            made.append(row)
        if lookups:
            prefetch_related_objects(made, *lookups)
        return made

    return read


def insert(*rows: Model) -> None:
    """Write new rows of one model with one statement; they know their numbers afterwards. None: nothing is done."""
    if not rows:
        return
    sql, line, fields = _insertion(type(rows[0]))
    with connection.cursor() as cursor:
        cursor.execute(
            sql % ", ".join([line] * len(rows)), [_value(row, field) for row in rows for field in fields]
        )
        numbers = cursor.fetchall()
    for row, (number,) in zip(rows, numbers, strict=True):
        row.pk, row._state.adding, row._state.db = number, False, connection.alias


def update(row: Model, names: Sequence[str]) -> None:
    """Write these columns of a row that is there; raises its model's DoesNotExist when it is not."""
    sql, fields = _change(type(row), tuple(names))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(_value(row, field) for field in fields), row.pk])
        if cursor.rowcount != 1:
            raise type(row).DoesNotExist(row.pk)


def _value(row: Model, field: Field) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


@cache
def _insertion(model: type[Model]) -> tuple[str, str, list[Field]]:
    """The statement with a place for its lines, one line of places for values, and the fields that fill it."""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    columns = ", ".join(field.column for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {meta.db_table} ({columns}) VALUES %s RETURNING {meta.pk.column}", line, fields


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Field]]:
    meta = model._meta
    fields = [meta.get_field(name) for name in names]
    changed = ", ".join(f"{field.column} = %s" for field in fields)
    return f"UPDATE {meta.db_table} SET {changed} WHERE {meta.pk.column} = %s", fields
