"""Finding entries: the index, kept in the transaction of the entry, and the question asked of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

_INDEX = """
INSERT INTO catalog_searchdocument (entry_id, text)
SELECT e.id, lower(concat_ws(E'\\n', e.name, e.code, e.summary, o.name, o.short_name, e.subject,
       (SELECT string_agg(concat_ws(' ', i.name, i.code, i.description), E'\\n' ORDER BY i.position)
          FROM catalog_entryitem i WHERE i.entry_id = e.id)))
  FROM catalog_entry e JOIN accounts_organisation o ON o.id = e.provider_id
 WHERE e.id = ANY(%s)
ON CONFLICT (entry_id) DO UPDATE SET text = excluded.text
"""


def index(entries: Sequence[int]) -> None:
    """Bring what the entries (by key) are found by up to date. One statement; same transaction as the entries."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [list(entries)])
