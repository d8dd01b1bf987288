"""Querysets composed once: an act always asks the same, and composing the SQL costs more than the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import get_related_populators

#: Stands for the number while the SQL is composed: no row has it, and no queryset says it otherwise.
_NUMBER = -909_090_909


class Ready:
    """What a queryset about one number gives, with its `select_related` and `prefetch_related`.

    Django composes the SQL of a queryset anew whenever it is read. Here it is composed at the first use, and from
    then on only executed: `PARTIES = Ready(lambda case: Party.objects.filter(case_id=case))`, `PARTIES(7)`.
    """

    def __init__(self, ask: Callable[[int], QuerySet]) -> None:
        self._ask = ask
        self._read: Callable[[int], list[Any]] | None = None

    def __call__(self, number: int) -> list[Any]:
        if self._read is None:
            self._read = _composed(self._ask(_NUMBER))
        return self._read(number)

    def one(self, number: int) -> Any:
        """The one row; raises its model's DoesNotExist when there is none."""
        for row in self(number):
            return row
        raise self._ask(number).model.DoesNotExist(number)


def _composed(rows: QuerySet) -> Callable[[int], list[Any]]:
    """The reading of a queryset, as `ModelIterable` does it, with everything done beforehand that can be."""
    compiler = rows.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    assert values.count(_NUMBER) == 1, sql
    place = values.index(_NUMBER)
    before, after = values[:place], values[place + 1 :]
    columns = [column for column, _, _ in compiler.select]
    converters = compiler.get_converters(columns)
    own = compiler.klass_info["select_fields"]
    first, last = own[0], own[-1] + 1
    names = [column.target.attname for column in columns[first:last]]
    joined = get_related_populators(compiler.klass_info, compiler.select, connection.alias)
    lookups = rows._prefetch_related_lookups

    def read(number: int) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, (*before, number, *after))
            found = cursor.fetchall()
        made = []
        for line in compiler.apply_converters(found, converters) if converters else found:
            row = rows.model.from_db(connection.alias, names, line[first:last])
            for populator in joined:
                populator.populate(line, row)
            made.append(row)
        prefetch_related_objects(made, *lookups)
        return made

    return read
