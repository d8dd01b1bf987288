"""Reading the catalogue: search with facets, and one entry with all that its page says. One door: `visible_to`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from datacentre.models import HoldingVersion
from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import QueryDict

from catalog.models import Entry, EntryItem, EntryVersion, SharingType
from catalog.norm import vocabularies

SIZE = 20
SORTS = {"relevance": "相关程度", "changed": "最近变更", "name": "名称"}
#: Terms of a search that are taken into account, and the longest of them.
TERMS, LONGEST = 8, 60


@dataclass(frozen=True)
class Search:
    """What was asked: terms, facets, order, page."""

    text: str = ""
    types: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()  # codes of bodies
    subjects: tuple[str, ...] = ()
    sort: str = "relevance"
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Search:
        """From an address; what cannot be understood is left out, as a person expects of an edited address."""
        page = query.get("page", "1")
        return cls(
            text=" ".join(query.get("q", "").split())[: TERMS * LONGEST],
            types=tuple(v for v in query.getlist("type") if v in SharingType.values),
            providers=_texts(query.getlist("provider")),
            subjects=_texts(query.getlist("subject")),
            sort=query.get("sort") if query.get("sort") in SORTS else "relevance",
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 1_000_000 else 1,
        )

    @property
    def terms(self) -> list[str]:
        return [term[:LONGEST].lower() for term in self.text.split()[:TERMS]]

    def query(self, **changes: Any) -> str:
        """The address's query with the changes, for links to pages and without filters."""
        search = replace(self, **{"page": 1, **changes})
        values = QueryDict(mutable=True)
        if search.text:
            values["q"] = search.text
        for name, chosen in (
            ("type", search.types),
            ("provider", search.providers),
            ("subject", search.subjects),
        ):
            values.setlist(name, list(chosen)) if chosen else None
        if search.sort != "relevance":
            values["sort"] = search.sort
        if search.page > 1:
            values["page"] = str(search.page)
        return values.urlencode()


@dataclass(frozen=True)
class Choice:
    """One line of a facet; `without` is the query that leaves the choice out."""

    value: str
    label: str
    count: int
    chosen: bool
    without: str


@dataclass(frozen=True)
class Result:
    entry: Entry
    matched: list[EntryItem]


@dataclass(frozen=True)
class Found:
    search: Search
    count: int
    results: list[Result]
    facets: Mapping[str, list[Choice]]
    pages: int
    chips: list[Choice] = field(default_factory=list)


def find(search: Search, actor: Actor | None) -> Found:
    """One page of results with the facets. Seven queries, however many entries there are."""
    visible = Entry.objects.visible_to(actor)
    matching = _matching(visible, search.terms)
    chosen = _narrow(matching, search)
    count = chosen.count()
    pages = max(1, -(-count // SIZE))
    page = min(search.page, pages)
    search = replace(search, page=page)
    entries = list(_ordered(with_latest(chosen), search)[(page - 1) * SIZE : page * SIZE])
    facets = _facets(matching, search)
    chips = [choice for choices in facets.values() for choice in choices if choice.chosen]
    return Found(search, count, _results(entries, search.terms), facets, pages, chips)


def matching(search: Search, actor: Actor | None) -> QuerySet[Entry]:
    """All entries that the actor may see and the search finds, in no order."""
    return _narrow(_matching(Entry.objects.visible_to(actor), search.terms), search)


def with_latest(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with provider, and with number, rows and time of the latest load of their data."""
    latest = HoldingVersion.objects.filter(holding=OuterRef("holding")).order_by("-number")
    return entries.select_related("provider").annotate(
        data_rows=Subquery(latest.values("rows")[:1]), data_at=Subquery(latest.values("loaded_at")[:1])
    )


@dataclass(frozen=True)
class EntryPage:
    """An entry as its page shows it."""

    entry: Entry
    versions: list[EntryVersion]
    data: list[HoldingVersion]
    reads: int

    @property
    def latest(self) -> HoldingVersion | None:
        return self.data[0] if self.data else None


def entry_page(code: str, actor: Actor | None) -> EntryPage:
    """The entry by its code, if the actor may see it (`Entry.DoesNotExist` otherwise). Six queries."""
    entry = (
        Entry.objects.visible_to(actor)
        .select_related("provider", "holding")
        .prefetch_related("items", "conditions", Prefetch("versions", EntryVersion.objects.defer("content")))
        .get(code=code)
    )
    data = list(HoldingVersion.objects.filter(holding=entry.holding_id).order_by("-number")[:5])
    return EntryPage(entry, list(entry.versions.all()), data, _rows_read(entry))


def _rows_read(entry: Entry) -> int:
    """How often the entry's data has been read under grants."""
    if entry.holding_id is None:
        return 0
    return entry.holding.grants.aggregate(n=Count("reads"))["n"]


def may_apply(entry: Entry, actor: Actor | None) -> bool:
    """Whether the actor's body may ask for the data: published, shareable, another body's, and no enterprise."""
    if (
        actor is None
        or entry.status != Entry.Status.PUBLISHED
        or entry.sharing_type == SharingType.NOT_SHARED
    ):
        return False
    outside = (Organisation.Kind.ENTERPRISE, Organisation.Kind.REGISTRY, Organisation.Kind.ASSOCIATION)
    return any(
        post.role == "officer"
        and post.organisation_id != entry.provider_id
        and post.organisation.kind not in outside
        for post in actor.posts
    )


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in values[:20] if value and len(value) <= 100)


def _matching(entries: QuerySet[Entry], terms: Sequence[str]) -> QuerySet[Entry]:
    """Every term must occur somewhere in what the entry is found by, as written (two characters are enough)."""
    for term in terms:
        entries = entries.filter(document__text__contains=term)
    return entries


def _narrow(entries: QuerySet[Entry], search: Search, leave: str = "") -> QuerySet[Entry]:
    """The facets' choices, but for the one left open so that its other values can be counted."""
    if search.types and leave != "type":
        entries = entries.filter(sharing_type__in=search.types)
    if search.providers and leave != "provider":
        entries = entries.filter(provider__code__in=search.providers)
    if search.subjects and leave != "subject":
        entries = entries.filter(subject__in=search.subjects)
    return entries


def _ordered(entries: QuerySet[Entry], search: Search) -> QuerySet[Entry]:
    if search.sort == "changed":
        return entries.order_by("-changed_at", "code")
    if search.sort == "name" or not search.terms:
        return entries.order_by("name", "code")
    in_name = [When(name__icontains=term, then=Value(1)) for term in search.terms]
    hits: Any = Value(0)
    for when in in_name:
        hits = hits + Case(when, default=Value(0), output_field=IntegerField())
    return entries.annotate(hits=hits).order_by("-hits", "name", "code")


def _results(entries: list[Entry], terms: Sequence[str]) -> list[Result]:
    """The entries, each with the items in which a term was found. One query for all items."""
    named = Q()
    for term in terms:
        named |= Q(name__icontains=term) | Q(code__icontains=term) | Q(description__icontains=term)
    matched: dict[int, list[EntryItem]] = {}
    if terms:
        for item in EntryItem.objects.filter(named, entry__in=entries):
            matched.setdefault(item.entry_id, []).append(item)
    return [Result(entry, matched.get(entry.pk, [])[:5]) for entry in entries]


def _facets(matching: QuerySet[Entry], search: Search) -> dict[str, list[Choice]]:
    """Three facets, each counted under the choices of the other two; a chosen value is listed even at none."""
    types = _counts(_narrow(matching, search, "type"), "sharing_type")
    subjects = _counts(_narrow(matching, search, "subject").exclude(subject=""), "subject")
    bodies = {
        row["provider__code"]: (row["provider__short_name"], row["n"])
        for row in _narrow(matching, search, "provider")
        .order_by()
        .values("provider__code", "provider__short_name")
        .annotate(n=Count("pk"))
    }
    return {
        "type": [
            _choice(search, "types", value, label, types.get(value, 0))
            for value, label in SharingType.choices
        ],
        "provider": sorted(
            (
                _choice(search, "providers", code, *bodies.get(code, (code, 0)))
                for code in {*bodies, *search.providers}
            ),
            key=lambda choice: (-choice.count, choice.label),
        ),
        "subject": sorted(
            (
                _choice(search, "subjects", name, vocabularies.label("subject", name), subjects.get(name, 0))
                for name in {*subjects, *search.subjects}
            ),
            key=lambda choice: (-choice.count, choice.label),
        ),
    }


def _counts(entries: QuerySet[Entry], name: str) -> dict[str, int]:
    return {row[name]: row["n"] for row in entries.order_by().values(name).annotate(n=Count("pk"))}


def _choice(search: Search, facet: str, value: str, label: str, count: int) -> Choice:
    chosen = getattr(search, facet)
    without = search.query(**{facet: tuple(v for v in chosen if v != value)})
    return Choice(value, str(label), count, value in chosen, without)
