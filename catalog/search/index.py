"""The index: a document for each entry, derived from it by one statement, in the entry's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

#: The facet values of entries, as rows (entry_id, facet, value). `{entries}` narrows `catalog_entry e`.
FACETS = """
SELECT e.id AS entry_id, f.facet, f.value
  FROM catalog_entry e JOIN accounts_organisation o ON o.id = e.provider_id
  LEFT JOIN accounts_district d ON d.id = o.district_id
 CROSS JOIN LATERAL (
    VALUES ('entry', ''), ('provider', o.code), ('district', coalesce(d.code, 'city')), ('subject', e.subject),
           ('type', e.sharing_type), ('opening', e.opening_type), ('cycle', e.update_cycle),
           ('level', e.security_level)
    UNION SELECT 'format', jsonb_array_elements_text(e.formats)
 ) AS f (facet, value)
 WHERE (f.value <> '' OR f.facet = 'entry') AND {entries}
"""

#: The documents of entries, as their table has them.
DOCUMENTS = f"""
SELECT e.id AS entry_id, catalog_lot(e.id) AS lot, e.status = 'published' AS published, e.provider_id,
       e.holding_id IS NOT NULL AS has_data, e.changed_at, f.facets, catalog_fold(e.name) AS title,
       catalog_by_name(catalog_fold(e.name)) AS by_name,
       catalog_vector(e.code, catalog_fold(e.name), concat_ws(' ', k.words, i.names, e.code),
                      concat_ws(' ', e.summary, e.gathered, e.theme_database, e.system, i.said), f.facets) AS vector
  FROM catalog_entry e
  JOIN (SELECT x.entry_id, array_agg(v.id::integer ORDER BY v.id) AS facets
          FROM ({FACETS}) x JOIN catalog_facetvalue v USING (facet, value) GROUP BY x.entry_id) f
    ON f.entry_id = e.id
  LEFT JOIN LATERAL (SELECT string_agg(w, ' ') AS words FROM jsonb_array_elements_text(e.keywords) AS w) k ON true
  LEFT JOIN LATERAL (
       SELECT string_agg(i.name || ' ' || i.code, ' ') AS names, string_agg(i.description, ' ') AS said
         FROM catalog_entryitem i WHERE i.entry_id = e.id) i ON true
 WHERE {{entries}}
"""

_COLUMNS = (
    "entry_id", "lot", "published", "provider_id", "has_data", "changed_at", "facets", "title", "by_name",
    "vector",
)  # fmt: skip
_GIVEN = "e.id = ANY (%(keys)s)"

_VALUES = f"""
INSERT INTO catalog_facetvalue (facet, value, label, names, published, withdrawn)
SELECT x.facet, x.value, coalesce(o.short_name, d.name, ''),
       catalog_fold(coalesce(o.name || ' ' || o.short_name, d.name, '')), 0, 0
  FROM (SELECT DISTINCT facet, value FROM ({FACETS.format(entries=_GIVEN)}) given) x
  LEFT JOIN accounts_organisation o ON x.facet = 'provider' AND o.code = x.value
  LEFT JOIN accounts_district d ON x.facet = 'district' AND d.code = x.value
 WHERE NOT EXISTS (SELECT FROM catalog_facetvalue v WHERE v.facet = x.facet AND v.value = x.value)
ON CONFLICT DO NOTHING
"""
_WRITE = f"""
INSERT INTO catalog_searchdocument ({", ".join(_COLUMNS)})
SELECT {", ".join(_COLUMNS)} FROM ({DOCUMENTS.format(entries=_GIVEN)}) made
ON CONFLICT (entry_id, lot) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in _COLUMNS[2:])}
"""

#: Entries whose document is missing or says something else than the entry would be found by now.
_DRIFTED = f"""
SELECT e.id FROM catalog_entry e
  LEFT JOIN ({DOCUMENTS.format(entries="true")}) made ON made.entry_id = e.id
  LEFT JOIN catalog_searchdocument kept ON kept.entry_id = e.id
 WHERE kept.entry_id IS NULL OR ({", ".join(f"kept.{c}" for c in _COLUMNS)})
       IS DISTINCT FROM ({", ".join(f"made.{c}" for c in _COLUMNS)})
 ORDER BY e.id
"""
_MISCOUNTED = """
SELECT v.facet, v.value FROM catalog_facetvalue v
  LEFT JOIN (SELECT facet, count(*) FILTER (WHERE published) AS published,
                    count(*) FILTER (WHERE NOT published) AS withdrawn
               FROM catalog_searchdocument, unnest(facets) AS facet GROUP BY facet) n ON n.facet = v.id
 WHERE (v.published, v.withdrawn) IS DISTINCT FROM (coalesce(n.published, 0), coalesce(n.withdrawn, 0))
 ORDER BY v.id
"""
_RECOUNT = """
UPDATE catalog_facetvalue v SET published = coalesce(n.published, 0), withdrawn = coalesce(n.withdrawn, 0)
  FROM catalog_facetvalue all_values
  LEFT JOIN (SELECT facet, count(*) FILTER (WHERE published) AS published,
                    count(*) FILTER (WHERE NOT published) AS withdrawn
               FROM catalog_searchdocument, unnest(facets) AS facet GROUP BY facet) n ON n.facet = all_values.id
 WHERE v.id = all_values.id
"""


@dataclass(frozen=True)
class Drift:
    """What a check found: entries (by key) that are not found as they stand, and facet values counted wrongly."""

    entries: list[int]
    values: list[tuple[str, str]]


def index(entries: Sequence[int]) -> None:
    """Bring what the entries (by key) are found by up to date. Three statements, however many; same transaction."""
    with connection.cursor() as cursor:
        write(cursor, entries)


def write(cursor: CursorWrapper, entries: Sequence[int]) -> None:
    keys = {"keys": list(entries)}
    cursor.execute(_VALUES, keys)
    cursor.execute(_WRITE, keys)


def drift() -> Drift:
    """Compare every document with its entry, and every count with the documents."""
    with connection.cursor() as cursor:
        cursor.execute(_DRIFTED)
        entries = [row[0] for row in cursor.fetchall()]
        cursor.execute(_MISCOUNTED)
        return Drift(entries, cursor.fetchall())


def mend(found: Drift) -> None:
    """Write the drifted documents anew and count the facet values again. In one transaction of the caller's."""
    with connection.cursor() as cursor:
        write(cursor, found.entries)
        cursor.execute(_RECOUNT)
