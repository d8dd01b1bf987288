"""What PostgreSQL is asked: how many there are and of which kinds, and which come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from catalog.models.entries import Sight
from catalog.search.words import LOTS, NAMES, ONE_IN, TITLES, Question, Term, Word

#: Lots are read until so many documents are counted: the sum is then right to some six in a hundred. Fewer do for
#: what the other values of a chosen facet would find.
ENOUGH, ENOUGH_BESIDE = 250, 60
#: So many documents are put in order at a time, in the order in which the steps of the question find them.
BLOCK = 100
#: So many documents are sorted when they are asked for in an order of their own.
SORTABLE = 10_000
FACETS = ("type", "opening", "provider", "district", "subject", "cycle", "format", "level")
#: The most values of a facet that are listed, the most frequent first.
LISTED = 40

_COUNTED = """
SELECT asked.scope, CASE hit.id WHEN 0 THEN -hit.place ELSE hit.id END AS id, hit.n
  FROM (VALUES {scopes}) AS asked (scope, query, enough),
       LATERAL catalog_measure(query, enough, %(everything)s, %(own)s) AS hit
"""
#: Without any question the counts are there already; only the withdrawn entries of one's own body are counted.
_KEPT = """
SELECT %(open)s AS scope, v.id, v.published + CASE WHEN %(everything)s THEN v.withdrawn ELSE 0 END AS n
  FROM unnest(%(facets)s::text[]) AS asked (facet),
       LATERAL (SELECT * FROM catalog_facetvalue v WHERE v.facet = asked.facet
                 ORDER BY v.published DESC LIMIT %(listed)s) v
"""
_OWN = """
SELECT %(open)s AS scope, facet AS id, count(*) AS n FROM catalog_searchdocument, unnest(facets) AS facet
 WHERE NOT published AND provider_id = ANY (%(own)s) GROUP BY facet
"""
_LABELLED = """
WITH counted AS MATERIALIZED ({counted})
SELECT scope, '' AS facet, '' AS value, id, n, '' AS label FROM counted WHERE id < 0
 UNION ALL
SELECT scope, facet, value, id, n, label FROM (
    SELECT c.scope, v.facet, v.value, v.id, c.n, v.label,
           row_number() OVER (PARTITION BY v.facet ORDER BY c.n DESC, v.value) AS place
      FROM (SELECT scope, id, sum(n)::bigint AS n FROM counted WHERE id > 0 GROUP BY 1, 2) c
      JOIN catalog_facetvalue v USING (id)
     WHERE c.n > 0 AND (v.facet <> 'entry' OR NOT %(asked)s)
       AND c.scope = CASE WHEN v.facet = ANY (%(narrowed)s) THEN v.facet ELSE '' END
) AS placed WHERE place <= %(listed)s OR id = ANY (%(chosen)s)
"""

_RANKED = """
SELECT entry_id FROM (
    SELECT *, (row_number() OVER (ORDER BY place) - 1) / %(block)s AS block FROM (
        SELECT DISTINCT ON (entry_id) *
          FROM (SELECT row_number() OVER () AS place, *
                  FROM catalog_hits(%(steps)s::tsquery[], %(lots)s, %(most)s, %(everything)s, %(own)s)) found
         ORDER BY entry_id, place) once
) hit ORDER BY step > 1, block, {score} DESC, changed_at DESC, entry_id LIMIT %(limit)s OFFSET %(offset)s
"""

#: Of a set that fits into memory, or through an index that has the order where the set is so large that its first
#: rows are near.
_SORTED = """
SELECT entry_id FROM catalog_hits(ARRAY[%(query)s]::tsquery[], '*', NULL, %(everything)s, %(own)s)
 ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""
_WALKED = """
SELECT entry_id FROM catalog_walk_{order}(%(query)s::tsquery, %(limit)s, %(offset)s, %(everything)s, %(own)s)
"""
_ORDERS = {"changed": "changed_at DESC, entry_id DESC", "name": "by_name, entry_id"}

_ALL = """
SELECT entry_id FROM catalog_hits(ARRAY[%(query)s]::tsquery[], '*', %(most)s, %(everything)s, %(own)s)
"""

_KNOWN = """
SELECT part, EXISTS (SELECT FROM catalog_hits(ARRAY[query], '*', 1, %(everything)s, %(own)s))
  FROM unnest(%(parts)s::text[], %(queries)s::tsquery[]) AS asked (part, query)
"""

_KEYS = """
SELECT facet, value, id, names FROM catalog_facetvalue
 WHERE (facet, value) IN (SELECT * FROM unnest(%(facets)s::text[], %(values)s::text[]))
 UNION
SELECT facet, value, id, names FROM catalog_facetvalue
 WHERE array_to_tsvector(catalog_tokens(names)) @@ %(names)s::tsquery
"""


@dataclass(frozen=True)
class Counted:
    """One facet value and how many of what was found have it."""

    facet: str
    value: str
    key: int
    count: int
    label: str


@dataclass(frozen=True)
class Measured:
    """How many documents there are. Exact when `one_in` is 1, else counted among one in so many and multiplied.

    `sampled` is whether any count by facet value was multiplied.
    """

    count: int = 0
    one_in: int = 1
    sampled: bool = False
    values: list[Counted] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        return self.one_in == 1


def measure(question: Question, sight: Sight) -> Measured:
    """How many the question finds and which facet values they have, each facet under the choices in the others.

    One statement; what it costs does not grow with what is found.
    """
    params: dict[str, Any] = {
        "narrowed": list(question.facets),
        "chosen": [key for keys in question.facets.values() for key in keys],
        "listed": LISTED,
        **_sight(sight),
    }
    queries = {"": question.all()} | {facet: question.all(leave=facet) for facet in question.facets}
    asked = [scope for scope, query in queries.items() if query]
    params["asked"] = bool(queries[""])
    counted = []
    for number, scope in enumerate(asked):
        params |= {f"s{number}": scope, f"q{number}": queries[scope], f"e{number}": _enough(scope)}
    if asked:
        scopes = ", ".join(f"(%(s{n})s, %(q{n})s::tsquery, %(e{n})s)" for n in range(len(asked)))
        counted.append(_COUNTED.format(scopes=scopes))
    if len(asked) < len(queries):  # one facet left open where nothing else is asked
        params["open"] = next(scope for scope in queries if scope not in asked)
        params["facets"] = [params["open"]] if asked else [*FACETS, "entry"]
        counted += [_KEPT, _OWN] if sight.own else [_KEPT]
    rows = _rows(_LABELLED.format(counted=" UNION ALL ".join(f"({each})" for each in counted)), params)
    read = {scope: _read(rows, scope) for scope in asked}
    everything = sum(row[4] for row in rows if row[1] == "entry")
    total, one_in = read.get("", (everything, 1))
    times = {scope: read.get(scope, (0, 1))[1] for scope in queries}
    return Measured(total, one_in, any(n > 1 for n in times.values()), _values(rows, times))


def _enough(scope: str) -> int:
    return ENOUGH_BESIDE if scope else ENOUGH


def _read(rows: Sequence[tuple[Any, ...]], scope: str) -> tuple[int, int]:
    """(how many, one in so many read) of a scope, from its counts by lot: rows under -1 … -4."""
    lots = {row[3]: row[4] for row in rows if row[3] < 0 and row[0] == scope}
    total = 0
    for place in range(len(ONE_IN)):
        total += lots.get(-place - 1, 0)
        if total >= _enough(scope):
            break
    return total * ONE_IN[place], ONE_IN[place]


def _values(rows: Sequence[tuple[Any, ...]], times: Mapping[str, int]) -> list[Counted]:
    return [
        Counted(facet, value, key, n * times[scope], label)
        for scope, facet, value, key, n, label in rows
        if key > 0 and facet != "entry"
    ]


def ranked(question: Question, sight: Sight, start: int, size: int, *, few: bool = False) -> list[int]:
    """The keys of the entries from a place on, the likeliest first.

    They are put in order block by block, so that a page stays what it is while others are looked at. `few` says that
    all of them fit into one block: they are then found by one query, which is less where choices narrow common words.
    """
    steps, lots = question.steps()
    block = BLOCK
    if few:
        steps, lots, block = [steps[0], question.all()], "**", SORTABLE
    score, params = _score(question.terms)
    blocks = (start + size - 1) // block + 1
    params |= {
        "steps": steps, "lots": lots, "block": block, "most": blocks * block, "limit": size, "offset": start,
        **_sight(sight),
    }  # fmt: skip
    return [row[0] for row in _rows(_RANKED.format(score=score), params)]


#: By the step that found the document: one for the code, those for the name, those for names of items, the rest.
_ELSEWHERE = (
    f"WHEN step <= {1 + len(TITLES)} THEN 0.6 WHEN step <= {1 + len(TITLES) + len(LOTS)} THEN 0.4 ELSE 0.2"
)


def _score(terms: Sequence[Term]) -> tuple[str, dict[str, Any]]:
    """How well a document says what was asked, as SQL over a hit.

    Each term counts by where it stands: as typed in the name, by another word in the name, as the provider's name, in
    pieces in the name, among the items, elsewhere. Then by how much of the name it makes up; a name that is the text
    itself or begins with it comes before; data that is there, before a promise.
    """
    params: dict[str, Any] = {}
    parts: list[str] = []
    for number, term in enumerate(terms):
        places, shares = [], []
        for place, word in enumerate(term.words):
            name = f"w{number}_{place}"
            params[name] = word.text
            places.append(f"WHEN strpos(title, %({name})s) > 0 THEN {1.0 if place == 0 else 0.85}")
            share = len(word.text) if place == 0 else 0.7 * len(word.text)
            shares.append(f"WHEN strpos(title, %({name})s) > 0 THEN {share}")
        for place, cut in enumerate(term.cuts):
            here = []
            for part, piece in enumerate(cut):
                names = [f"c{number}_{place}_{part}_{way}" for way in range(len(piece.words))]
                params |= {name: word.text for name, word in zip(names, piece.words, strict=True)}
                here.append("(" + " OR ".join(f"strpos(title, %({name})s) > 0" for name in names) + ")")
            places.append(f"WHEN {' AND '.join(here)} THEN 0.7")
            shares.append(f"WHEN {' AND '.join(here)} THEN {0.8 * len(term.typed)}")
        if term.bodies:
            params[f"p{number}"] = list(term.bodies)
            places.append(f"WHEN facets && %(p{number})s THEN 0.7")
        parts.append(f"(CASE {' '.join(places)} {_ELSEWHERE} END) / {len(terms)}")
        parts.append(f"0.6 * (CASE {' '.join(shares)} ELSE 0 END) / length(title)")
    params["whole"] = " ".join(term.typed for term in terms)
    params["first"] = terms[0].typed
    parts.append(
        "CASE WHEN title = %(whole)s THEN 0.5 WHEN starts_with(title, %(first)s) THEN 0.1 ELSE 0 END"
    )
    parts.append("CASE WHEN has_data THEN 0.03 ELSE 0 END")
    return "(" + " + ".join(parts) + ")", params


def ordered(question: Question, sight: Sight, start: int, size: int, *, order: str, count: int) -> list[int]:
    """The keys of the entries from a place on, by latest change or by name; `count` is how many there are about."""
    params = {"query": question.all() or None, "limit": size, "offset": start, **_sight(sight)}
    # Sorting costs by what is found; walking by how far apart the found ones lie in the order.
    walk = not params["query"] or count > SORTABLE
    sql = _WALKED.format(order=order) if walk else _SORTED.format(order=_ORDERS[order])
    return [row[0] for row in _rows(sql, params)]


def everything(question: Question, sight: Sight, most: int) -> list[int]:
    """The keys of all entries that the question finds, in no order, up to `most`."""
    params = {"query": question.all(), "most": most, **_sight(sight)}
    return [row[0] for row in _rows(_ALL, params)]


def known(parts: Sequence[str], sight: Sight) -> dict[str, bool]:
    """Which of the words are found in the names of anything."""
    queries = [Term(part, (Word(part),)).query(NAMES) for part in parts]
    return dict(_rows(_KNOWN, {"parts": list(parts), "queries": queries, **_sight(sight)}))


def keys(choices: Sequence[tuple[str, str]], terms: Sequence[Term]) -> list[tuple[str, str, int, str]]:
    """(facet, value, key, names) of the chosen facet values, and of the bodies and districts a term may name."""
    named = " | ".join(replace(term, words=term.words[:1]).query("", False) for term in terms)
    params = {"facets": [f for f, _ in choices], "values": [v for _, v in choices], "names": named}
    return _rows(_KEYS, params)


def _sight(sight: Sight) -> dict[str, Any]:
    return {"everything": sight.everything, "own": sorted(sight.own)}


def _rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
