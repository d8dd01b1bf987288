"""A search as somebody asks it, and the page of results that answers it. One door: what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import Any, Final

from accounts.actors import Actor
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils.safestring import SafeString
from web.templatetags.yushu import level

from catalog.models import Entry, EntryItem
from catalog.models.entries import Sight
from catalog.norm import vocabularies
from catalog.norm.content import CONTROL, without_controls
from catalog.queries import with_latest
from catalog.search import hits
from catalog.search.cards import SHOWN, Card
from catalog.search.hits import Counted, Measured
from catalog.search.words import Question, Term, cut, marked_words, parts, pieces, term, typed

SIZE = 20
#: Where fewer are found, long terms are read in pieces as well.
FEW = 10
#: So many pages can be turned; beyond, the search is to be narrowed.
PAGES = 50
SORTS = {"relevance": "相关程度", "changed": "最近变更", "name": "名称"}

#: The facets in the order of the page: name in an address, label, vocabulary of the values if they have one.
FACETS: Final[dict[str, tuple[str, str]]] = {
    "type": ("共享类型", "sharing-type"),
    "opening": ("开放类型", "opening-type"),
    "provider": ("提供单位", ""),
    "district": ("区县", ""),
    "subject": ("主题", "subject"),
    "cycle": ("更新周期", "update-cycle"),
    "format": ("格式", "format"),
    "level": ("安全级别", "security-level"),
}
#: Facets that are shown unfolded, values that are shown before the rest is folded, facets that have a disc.
OPEN, FIRST = frozenset({"type", "opening", "provider", "district", "subject"}), 8
_DISCS = {"type": "共享", "opening": "开放"}
#: The district of the bodies of the city itself.
CITY = "city"
#: Entries that may have come between counting and reading.
MARGIN = 1000
MOST_CHOSEN, LONGEST_VALUE, MOST_BODIES = 20, 60, 300


@dataclass(frozen=True)
class Search:
    """What was asked: text, facets (chosen values by facet), order, page."""

    text: str = ""
    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = "relevance"
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Search:
        """From an address; what cannot be understood is left out, as a person expects of an edited address."""
        page = query.get("page", "1")
        return cls.asking(
            query.get("q", ""),
            {name: query.getlist(name) for name in FACETS},
            sort=query.get("sort", ""),
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 1_000_000 else 1,
        )

    @classmethod
    def asking(cls, text: str = "", chosen: dict[str, Sequence[str]] | None = None, **more: Any) -> Search:
        """From a text and the values chosen by facet."""
        kept = {name: _texts(name, values) for name, values in (chosen or {}).items()}
        facets = tuple((name, kept[name]) for name in FACETS if kept.get(name))
        if more.get("sort") not in SORTS:
            more["sort"] = "relevance"
        return cls(" ".join(without_controls(text).split())[:200], facets, **more)

    @cached_property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        return dict(self.facets)

    def query(self, *, leave: tuple[str, str] | None = None, **changes: Any) -> str:
        """The address's query with the changes, for links to pages and without a choice (facet, value)."""
        search = replace(self, **{"page": 1, **changes})
        values = QueryDict(mutable=True)
        if search.text:
            values["q"] = search.text
        for name, chosen in search.facets:
            kept = [value for value in chosen if (name, value) != leave]
            if kept:
                values.setlist(name, kept)
        if search.sort != "relevance":
            values["sort"] = search.sort
        if search.page > 1:
            values["page"] = str(search.page)
        return values.urlencode()

    @property
    def without_facets(self) -> str:
        return self.query(facets=())


@dataclass(frozen=True)
class Choice:
    """One line of a facet; `without` is the query that leaves the choice out."""

    facet: str
    value: str
    label: str
    count: int
    chosen: bool
    without: str


@dataclass(frozen=True)
class Facet:
    """A facet with its values, drawn in Python: there are hundreds on a page."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def open(self) -> bool:
        return self.name in OPEN or any(choice.chosen for choice in self.choices)

    @property
    def first(self) -> SafeString:
        return self._lines(self.choices[:FIRST] + [c for c in self.choices[FIRST:] if c.chosen])

    @property
    def more(self) -> SafeString:
        return self._lines([c for c in self.choices[FIRST:] if not c.chosen])

    @property
    def rest(self) -> int:
        return sum(not c.chosen for c in self.choices[FIRST:])

    def _lines(self, choices: Sequence[Choice]) -> SafeString:
        disc = _DISCS.get(self.name)
        return SafeString(
            "".join(
                f'<li><label class="choice"><input type="checkbox" name="{self.name}" value="{escape(c.value)}"'
                f"{' checked' if c.chosen else ''}>{level(c.value, disc) if disc else escape(str(c.label))}"
                f'<span class="n">{c.count:,}</span></label></li>'
                for c in choices
            )
        )


@dataclass(frozen=True)
class Asked:
    """A search as it is put to the index.

    `dropped` are the terms that were left out because nothing has all of them, `cut` the terms that were read in
    pieces: (as typed, pieces). `whole` is how many have long terms in one piece, where few do and more were added.
    """

    question: Question
    measured: Measured
    dropped: tuple[str, ...] = ()
    cut: tuple[tuple[str, tuple[str, ...]], ...] = ()
    without_facets: Measured | None = None
    whole: int | None = None


@dataclass(frozen=True)
class Found:
    search: Search
    asked: Asked
    results: list[Card]
    facets: list[Facet]
    pages: int
    chips: list[Choice] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.asked.measured.count

    @property
    def exact(self) -> bool:
        return self.asked.measured.exact

    @property
    def sampled(self) -> bool:
        return self.asked.measured.sampled

    @property
    def shown_count(self) -> str:
        """43, or 约 13,000: a count of a sample is said with two figures."""
        return said(self.count, self.exact)

    @property
    def less(self) -> str:
        """What was left out or read in pieces because nothing has all that was asked."""
        if self.asked.whole is not None:
            texts = "”“".join(term.typed for term in self.asked.question.terms if term.cuts)
            return f"含有“{texts}”的有 {self.asked.whole} 条，另列出分别含有其中词语的。"
        told = [f"“{text}”分成“{'”“'.join(pieces)}”查找" for text, pieces in self.asked.cut]
        if self.asked.dropped:
            told.append(f"未考虑“{'”“'.join(self.asked.dropped)}”")
        return f"没有条目含有所写的全部文字，以下结果{'，'.join(told)}。" if told else ""

    @property
    def elsewhere(self) -> str:
        """How many there are without the facets, where there is none with them; else nothing."""
        return (
            said(self.asked.without_facets.count, self.asked.without_facets.exact)
            if self.asked.without_facets
            else ""
        )

    @property
    def last(self) -> bool:
        """Whether this is the last page that can be turned to though there is more."""
        return self.search.page == PAGES and self.count > PAGES * SIZE


def said(count: int, exact: bool) -> str:
    if exact:
        return f"{count:,}"
    step = 10 ** (len(str(count)) - 2)
    return f"约 {round(count / step) * step:,}"


def find(search: Search, actor: Actor | None) -> Found:
    """One page of results with the facets. A fixed number of queries, however many entries there are."""
    sight = Sight.of(actor)
    asked = ask(search, sight)
    pages = min(PAGES, max(1, -(-asked.measured.count // SIZE)))
    search = replace(search, page=min(search.page, pages))
    keys = keys_of(search, asked, sight, (search.page - 1) * SIZE, SIZE)
    seen = with_latest(Entry.objects.seen_with(sight)).only(*SHOWN)
    found = {entry.pk: entry for entry in seen.filter(pk__in=keys)}
    entries = [found[key] for key in keys if key in found]
    facets = _facets(search, asked.measured)
    chips = [choice for facet in facets for choice in facet.choices if choice.chosen]
    return Found(search, asked, _results(entries, asked.question.terms), facets, pages, chips)


def ask(search: Search, sight: Sight) -> Asked:
    """Put the search to the index; where nothing has all that is asked, ask for less and say so."""
    question = _question(search)
    measured = hits.measure(question, sight)
    if measured.count < FEW and question.terms:
        wider = replace(question, terms=tuple(cut(each) for each in question.terms))
        if wider != question:
            more = hits.measure(wider, sight)
            if more.count > measured.count:
                return Asked(wider, more, whole=measured.count)
    if measured.count or not (question.terms or question.facets):
        return Asked(question, measured)
    if question.facets:
        open_wide = hits.measure(replace(question, facets={}), sight)
        if open_wide.count:
            return Asked(question, measured, without_facets=open_wide)
    if not question.terms:
        return Asked(question, measured)
    return _ask_less(question, sight) or Asked(question, measured)


def ask_strictly(search: Search, sight: Sight) -> Asked:
    """Put the search to the index as it is, without asking for less where nothing has all of it."""
    question = _question(search)
    return Asked(question, hits.measure(question, sight))


def keys_of(search: Search, asked: Asked, sight: Sight, start: int, size: int) -> list[int]:
    """The keys of the entries from a place on, in the order of the search."""
    if not asked.measured.count:
        return []
    if search.sort == "relevance" and asked.question.terms:
        few = bool(asked.question.facets) and asked.measured.exact
        return hits.ranked(asked.question, sight, start, size, few=few)
    order = "name" if search.sort == "name" else "changed"
    return hits.ordered(asked.question, sight, start, size, order=order, count=asked.measured.count)


def matching(search: Search, actor: Actor | None) -> QuerySet[Entry]:
    """All entries that the actor may see and the search finds, in no order."""
    sight = Sight.of(actor)
    seen = Entry.objects.seen_with(sight)
    asked = ask(search, sight)
    query = asked.question.all()
    if not query:
        return seen
    if asked.measured.exact:
        return seen.filter(pk__in=hits.everything(asked.question, sight, asked.measured.count + MARGIN))
    found = "SELECT entry_id FROM catalog_searchdocument WHERE vector @@ %s::tsquery"
    return seen.filter(pk__in=RawSQL(found, [query]))


def likeliest(search: Search, actor: Actor | None, most: int) -> list[int]:
    """The keys of the first entries in the order of the search."""
    sight = Sight.of(actor)
    return keys_of(search, ask(search, sight), sight, 0, most)


def _question(search: Search) -> Question:
    """The terms with their other words and the bodies of that name; the choices as keys of facet values."""
    texts = typed(search.text)
    choices = [(name, value) for name, chosen in search.facets for value in chosen]
    if not texts and not choices:
        return Question()
    terms = [term(text) for text in texts]
    rows = hits.keys(choices, [each for each in terms if len(each.typed) > 1])
    wanted = set(choices)
    # A value that no entry has is asked for all the same: nothing has it.
    facets: dict[str, list[int]] = {name: [] for name, _chosen in search.facets}
    for facet, value, key, _names in rows:
        if (facet, value) in wanted:
            facets[facet].append(key)
    return Question(
        tuple(replace(each, bodies=_named_by(each.typed, rows)) for each in terms),
        {name: tuple(keys or [0]) for name, keys in facets.items()},
        search.text.strip().lower()[:60],
    )


def _named_by(text: str, rows: Sequence[tuple[str, str, int, str]]) -> tuple[int, ...]:
    """The providers whose name has the text in it, the districts whose name begins with it."""
    if len(text) < 2:
        return ()
    found = [
        key
        for facet, _value, key, names in rows
        if (facet == "provider" and text in names) or (facet == "district" and names.startswith(text))
    ]
    return tuple(found[:MOST_BODIES])


def _ask_less(question: Question, sight: Sight) -> Asked | None:
    """The question with long terms cut into what is known, then without one term after another."""
    whole = {text.typed: text for text in question.terms}
    wanted = list(dict.fromkeys(part for text in whole for part in [text, *parts(text)]))
    known = hits.known(wanted, sight)
    known.update({text: True for text, asked in whole.items() if asked.bodies})
    read: list[tuple[str, tuple[str, ...]]] = []
    dropped: list[str] = []
    terms: list[Term] = []
    for text, asked in whole.items():
        found = [text] if known.get(text) else pieces(text, known)
        if not found:
            dropped.append(text)
        elif found != [text]:
            read.append((text, tuple(found)))
        terms += [asked if piece == text else term(piece) for piece in found]
    while terms:
        less = replace(question, terms=tuple(dict.fromkeys(terms)), code="")
        measured = hits.measure(less, sight)
        if measured.count:
            return Asked(less, measured, tuple(dropped), tuple(read))
        if len(terms) == 1:
            break
        shortest = min(terms, key=lambda each: len(each.typed))
        terms.remove(shortest)
        dropped.append(shortest.typed)
    return None


def _facets(search: Search, measured: Measured) -> list[Facet]:
    """Every facet with its values, the most frequent first; a chosen value is listed even at none."""
    by_facet: dict[str, list[Counted]] = {name: [] for name in FACETS}
    for counted in measured.values:
        by_facet[counted.facet].append(counted)
    made = []
    for name, (label, vocabulary) in FACETS.items():
        chosen = search.chosen.get(name, ())
        values = {counted.value: (counted.label, counted.count) for counted in by_facet[name]}
        values |= {value: ("", 0) for value in chosen if value not in values}
        choices = [
            Choice(
                name, value, shown or _label(name, vocabulary, value), count, value in chosen,
                search.query(leave=(name, value)) if value in chosen else "",
            )
            for value, (shown, count) in values.items()
        ]  # fmt: skip
        choices.sort(key=lambda choice: (-choice.count, choice.label))
        if choices:
            made.append(Facet(name, label, choices))
    return made


def _label(name: str, vocabulary: str, value: str) -> str:
    if vocabulary:
        return vocabularies.label(vocabulary, value)
    return "市级" if (name, value) == ("district", CITY) else value


def _results(entries: list[Entry], terms: Sequence[Term]) -> list[Card]:
    """The entries with what was found marked. One query for all items."""
    words = marked_words(terms)
    named = Q()
    for word in words[:24]:
        named |= Q(name__icontains=word) | Q(code__icontains=word)
    matched: dict[int, list[str]] = {}
    if named and entries:
        rows = EntryItem.objects.filter(named, entry__in=entries).order_by("entry_id", "position")
        for entry, name in rows.values_list("entry_id", "name"):
            matched.setdefault(entry, []).append(name)
    return [Card(entry, words, matched.get(entry.pk, [])) for entry in entries]


def _texts(facet: str, values: Sequence[str]) -> tuple[str, ...]:
    """The values that can be meant: of a vocabulary those it has."""
    vocabulary = FACETS[facet][1]
    listed = vocabularies.vocabulary(vocabulary).by_code if vocabulary else None
    kept = (
        value
        for value in values
        if value
        and len(value) <= LONGEST_VALUE
        and not CONTROL.search(value)
        and (listed is None or value in listed)
    )
    return tuple(dict.fromkeys(kept))[:MOST_CHOSEN]
