"""What entries are found by.

`catalog_fold` makes one of what people write differently without meaning it: width, case of Latin letters, blanks,
punctuation. `catalog_tokens` cuts folded text into what can be asked for: every two neighbouring characters, every
word of Latin letters and digits, and the last character of a run (so that one character is the beginning of some
token wherever it stands).

A document's vector holds each token under a mark, so that what is likely to be meant is found first and few are read
however common the token is:

    0 … 9   the token is in the name; the digit is the class of the name's length, the shortest first
    n       it is in the name, the names and codes of items, the keywords or the resource code
    s       it is anywhere else in the entry
    @1      the entry has the facet value 1
    =x      its resource code, folded

The documents lie in four lots drawn by the entry's key, each a partition: a has one in 512, a and b together one in
64, a to c one in 8. What a common word finds is counted in as many lots as are needed, never all through.

Triggers keep in `facetvalue` how many documents have each value, and what the bodies and districts among them are
called: an entry is found by its provider's name without having it in its document.
"""

from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.db import migrations, models

#: What divides words: everything that is no letter, digit or Chinese character. The same in `search.words`.
DIVIDES = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u2000-\u206f\u20a0-\u20cf\u2190-\u245f\u2500-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030"
    r"\u303d-\u303f\u30fb\ufe10-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)

FUNCTIONS = rf"""
CREATE FUNCTION catalog_fold(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(regexp_replace(
        lower(normalize(said, NFKC) COLLATE "C"), '(?<=[^\u0001-\u007f]) +| +(?=[^\u0001-\u007f])', '', 'g'
    ), '{DIVIDES}', ' ', 'g'))
$$;

CREATE FUNCTION catalog_tokens(folded text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    c text[] := string_to_array(folded || ' ', NULL);
BEGIN
    RETURN array(
        SELECT CASE WHEN b = ' ' THEN a ELSE a || b END
          FROM unnest(c[:cardinality(c) - 1], c[2:]) AS pair (a, b)
         WHERE a <> ' ' AND (a COLLATE "C" > 'z' OR b COLLATE "C" > 'z')
    ) || array(SELECT word FROM regexp_matches(folded, '[0-9a-z]+', 'g') AS found (words), unnest(words) AS word);
END $$;

CREATE FUNCTION catalog_lot(key bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN hashint8(key) & 511 = 0 THEN 'a' WHEN hashint8(key) & 63 = 0 THEN 'b'
                WHEN hashint8(key) & 7 = 0 THEN 'c' ELSE 'd' END
$$;

CREATE FUNCTION catalog_by_name(title text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN substr(convert_to(left(title, 20), 'GB18030'), 1, 24);
EXCEPTION WHEN untranslatable_character THEN
    RETURN substr(convert_to(left(title, 20), 'UTF8'), 1, 24);
END $$;

CREATE FUNCTION catalog_vector(code text, title text, named text, said text, facets integer[])
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    length_class text := width_bucket(length(title), ARRAY[5, 7, 9, 11, 13, 15, 18, 22, 29]);
    in_title text[] := catalog_tokens(title);
    in_names text[] := catalog_tokens(catalog_fold(named));
    in_text text[] := catalog_tokens(catalog_fold(said));
BEGIN
    RETURN array_to_tsvector(
        array(SELECT length_class || token FROM unnest(in_title) AS token)
        || array(SELECT 'n' || token FROM unnest(in_title || in_names) AS token)
        || array(SELECT 's' || token FROM unnest(in_text) AS token WHERE token <> ALL (in_title || in_names))
        || array(SELECT '@' || facet FROM unnest(facets) AS facet)
        || ARRAY['=' || lower(code COLLATE "C")]
    );
END $$;

-- The documents that the queries find, one query after another, each in its lot ('*': in all of them), and `most` of
-- them altogether; three times as many from lots, where a document that was found under a stronger mark is found again. Always by the index of the vectors, whatever the statistics make of
-- common words.
CREATE FUNCTION catalog_hits(
    queries tsquery[], lots text, most integer, everything boolean, own bigint[]
)
RETURNS TABLE (step integer, entry_id bigint, title text, facets integer[], has_data boolean,
               changed_at timestamptz, by_name bytea)
LANGUAGE plpgsql STABLE ROWS 1000
SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    found integer := 0;
    more integer;
BEGIN
    FOR turn IN 1 .. cardinality(queries) LOOP
        IF substr(lots, turn, 1) = '*' THEN
            RETURN QUERY
                SELECT turn, d.entry_id, d.title, d.facets, d.has_data, d.changed_at, d.by_name
                  FROM catalog_searchdocument d
                 WHERE d.vector @@ queries[turn] AND (d.published OR everything OR d.provider_id = ANY (own))
                 LIMIT most - found;
        ELSE
            RETURN QUERY
                SELECT turn, d.entry_id, d.title, d.facets, d.has_data, d.changed_at, d.by_name
                  FROM catalog_searchdocument d
                 WHERE d.vector @@ queries[turn] AND (d.published OR everything OR d.provider_id = ANY (own))
                   AND d.lot = substr(lots, turn, 1)
                 LIMIT 3 * most - found;
        END IF;
        GET DIAGNOSTICS more = ROW_COUNT;
        found := found + more;
        EXIT WHEN found >= most;
    END LOOP;
END $$;

-- How many documents the query finds and how many of them have each facet value, lot by lot until there are `enough`;
-- under the value 0 the documents themselves.
CREATE FUNCTION catalog_measure(query tsquery, enough integer, everything boolean, own bigint[])
RETURNS TABLE (place integer, id integer, n bigint)
LANGUAGE plpgsql STABLE ROWS 500
SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    found bigint := 0;
BEGIN
    FOR turn IN 1 .. 4 LOOP
        FOR id, n IN
            SELECT v.id, count(*)
              FROM (SELECT unnest(0 || d.facets) AS id FROM catalog_searchdocument d
                     WHERE d.vector @@ query AND (d.published OR everything OR d.provider_id = ANY (own))
                       AND d.lot = substr('abcd', turn, 1)) v
             GROUP BY v.id
        LOOP
            place := turn;
            found := found + CASE WHEN id = 0 THEN n ELSE 0 END;
            RETURN NEXT;
        END LOOP;
        EXIT WHEN found >= enough;
    END LOOP;
END $$;

-- The documents that a query finds (all of them without one), in an order that an index has: read along it until
-- there are enough. For what is so common that the first are near.
CREATE FUNCTION catalog_walk_changed(
    query tsquery, many integer, skipped integer, everything boolean, own bigint[]
)
RETURNS TABLE (entry_id bigint) LANGUAGE plpgsql STABLE ROWS 20
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
BEGIN
    RETURN QUERY
        SELECT d.entry_id FROM catalog_searchdocument d
         WHERE (d.published OR everything OR d.provider_id = ANY (own)) AND (query IS NULL OR d.vector @@ query)
         ORDER BY d.changed_at DESC, d.entry_id DESC LIMIT many OFFSET skipped;
END $$;

CREATE FUNCTION catalog_walk_name(
    query tsquery, many integer, skipped integer, everything boolean, own bigint[]
)
RETURNS TABLE (entry_id bigint) LANGUAGE plpgsql STABLE ROWS 20
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
BEGIN
    RETURN QUERY
        SELECT d.entry_id FROM catalog_searchdocument d
         WHERE (d.published OR everything OR d.provider_id = ANY (own)) AND (query IS NULL OR d.vector @@ query)
         ORDER BY d.by_name, d.entry_id LIMIT many OFFSET skipped;
END $$;

CREATE FUNCTION catalog_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'accounts_organisation' THEN
        UPDATE catalog_facetvalue SET label = NEW.short_name, names = catalog_fold(NEW.name || ' ' || NEW.short_name)
         WHERE facet = 'provider' AND value = NEW.code;
    ELSE
        UPDATE catalog_facetvalue SET label = NEW.name, names = catalog_fold(NEW.name)
         WHERE facet = 'district' AND value = NEW.code;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_count_facets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE catalog_facetvalue v SET published = v.published - n.published, withdrawn = v.withdrawn - n.withdrawn
          FROM (SELECT facet, count(*) FILTER (WHERE g.published) AS published,
                       count(*) FILTER (WHERE NOT g.published) AS withdrawn
                  FROM gone g, unnest(g.facets) AS facet GROUP BY facet) n
         WHERE v.id = n.facet;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE catalog_facetvalue v SET published = v.published + n.published, withdrawn = v.withdrawn + n.withdrawn
          FROM (SELECT facet, count(*) FILTER (WHERE c.published) AS published,
                       count(*) FILTER (WHERE NOT c.published) AS withdrawn
                  FROM come c, unnest(c.facets) AS facet GROUP BY facet) n
         WHERE v.id = n.facet;
    END IF;
    RETURN NULL;
END $$;
"""

TABLE = """
DROP TABLE catalog_searchdocument;
CREATE TABLE catalog_searchdocument (
    entry_id bigint NOT NULL REFERENCES catalog_entry ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    lot text NOT NULL,
    published boolean NOT NULL,
    has_data boolean NOT NULL,
    provider_id bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    facets integer[] NOT NULL,
    title text NOT NULL,
    by_name bytea NOT NULL,
    vector tsvector NOT NULL,
    PRIMARY KEY (entry_id, lot)
) PARTITION BY LIST (lot);
CREATE TABLE catalog_searchdocument_a PARTITION OF catalog_searchdocument FOR VALUES IN ('a');
CREATE TABLE catalog_searchdocument_b PARTITION OF catalog_searchdocument FOR VALUES IN ('b');
CREATE TABLE catalog_searchdocument_c PARTITION OF catalog_searchdocument FOR VALUES IN ('c');
CREATE TABLE catalog_searchdocument_d PARTITION OF catalog_searchdocument FOR VALUES IN ('d');
CREATE INDEX document_by_change ON catalog_searchdocument (changed_at DESC, entry_id DESC);
CREATE INDEX document_by_name ON catalog_searchdocument (by_name, entry_id);
CREATE INDEX document_withdrawn ON catalog_searchdocument (provider_id) WHERE NOT published;
CREATE INDEX document_vector ON catalog_searchdocument USING gin (vector);
CREATE INDEX facet_value_names ON catalog_facetvalue USING gin (array_to_tsvector(catalog_tokens(names)));
CREATE TRIGGER catalog_renamed AFTER UPDATE OF name, short_name ON accounts_organisation
    FOR EACH ROW EXECUTE FUNCTION catalog_renamed();
CREATE TRIGGER catalog_renamed AFTER UPDATE OF name ON accounts_district
    FOR EACH ROW EXECUTE FUNCTION catalog_renamed();
CREATE TRIGGER document_come AFTER INSERT ON catalog_searchdocument REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_count_facets();
CREATE TRIGGER document_changed AFTER UPDATE ON catalog_searchdocument
    REFERENCING OLD TABLE AS gone NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_count_facets();
CREATE TRIGGER document_gone AFTER DELETE ON catalog_searchdocument REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_count_facets();
"""

DROP_FUNCTIONS = """
DROP FUNCTION catalog_count_facets();
DROP FUNCTION catalog_renamed();
DROP FUNCTION catalog_walk_changed;
DROP FUNCTION catalog_walk_name;
DROP FUNCTION catalog_measure;
DROP FUNCTION catalog_hits;
DROP FUNCTION catalog_vector;
DROP FUNCTION catalog_by_name;
DROP FUNCTION catalog_lot;
DROP FUNCTION catalog_tokens;
DROP FUNCTION catalog_fold;
"""

OLD_TABLE = """
DROP TRIGGER catalog_renamed ON accounts_district;
DROP TRIGGER catalog_renamed ON accounts_organisation;
DROP INDEX facet_value_names;
DROP TABLE catalog_searchdocument;
CREATE TABLE catalog_searchdocument (
    entry_id bigint PRIMARY KEY REFERENCES catalog_entry DEFERRABLE INITIALLY DEFERRED, text text NOT NULL
);
CREATE INDEX catalog_document_text ON catalog_searchdocument USING gin (text gin_trgm_ops);
"""


def fill(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Entries that are there already are found at once."""
    from catalog.search.index import write

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id) FROM catalog_entry")
        write(cursor, cursor.fetchone()[0] or [])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_rounds_and_updates")]

    operations = [
        migrations.CreateModel(
            name="FacetValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facet", models.CharField(max_length=12, verbose_name="筛选项")),
                ("value", models.CharField(max_length=60, verbose_name="值")),
                ("label", models.CharField(blank=True, max_length=100, verbose_name="名称")),
                ("names", models.TextField(blank=True)),
                ("published", models.IntegerField(default=0, verbose_name="已发布")),
                ("withdrawn", models.IntegerField(default=0, verbose_name="已撤销")),
            ],
            options={"verbose_name": "筛选值", "verbose_name_plural": "筛选值"},
        ),
        migrations.AddConstraint(
            "facetvalue", models.UniqueConstraint(fields=["facet", "value"], name="facet_value_once")
        ),
        migrations.AddIndex(
            "facetvalue", models.Index(fields=["facet", "-published"], name="facet_value_by_count")
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(TABLE, OLD_TABLE)],
            [
                migrations.RemoveField("searchdocument", "text"),
                migrations.AddField("searchdocument", "lot", models.CharField(max_length=1)),
                migrations.AddField("searchdocument", "published", models.BooleanField()),
                migrations.AddField("searchdocument", "has_data", models.BooleanField()),
                migrations.AddField("searchdocument", "provider_id", models.BigIntegerField()),
                migrations.AddField("searchdocument", "changed_at", models.DateTimeField()),
                migrations.AddField(
                    "searchdocument",
                    "facets",
                    django.contrib.postgres.fields.ArrayField(models.IntegerField(), size=None),
                ),
                migrations.AddField("searchdocument", "title", models.TextField()),
                migrations.AddField("searchdocument", "by_name", models.BinaryField()),
                migrations.AddField(
                    "searchdocument", "vector", django.contrib.postgres.search.SearchVectorField()
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
