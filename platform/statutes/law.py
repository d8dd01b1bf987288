"""The law, ready to be cited: `cite("REG22-26.1")`, `duty("SHA-05")`, `articles("REG22")`, `terms()`.

Read from `data/` on first use and kept; needs no database. A declaration that cites an article which does not exist
fails where it stands, when it is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from statutes import loading
from statutes.numerals import arabic, chinese
from statutes.texts import Article, Citation, Duty, Form, Instrument, Rank, Standing, TermSeed, Unit

__all__ = [
    "Article",
    "Citation",
    "Duty",
    "Form",
    "Instrument",
    "Rank",
    "Standing",
    "TermSeed",
    "Unit",
    "UnknownArticle",
    "UnknownDuty",
    "article",
    "articles",
    "cite",
    "duties",
    "duties_on",
    "duty",
    "instrument",
    "instruments",
    "terms",
]

CITATION = re.compile(
    r"(?P<instrument>[A-Z]+\d*)-(?P<number>F?\d+)(?:\.(?P<paragraph>\d+))?(?:\((?P<item>[一二三四五六七八九十]+)\))?",
    re.ASCII,
)
NEAREST = 4


class UnknownArticle(LookupError):
    """A citation of nothing. The message names the citation and the closest places that exist."""


class UnknownDuty(KeyError):
    """An id that no duty has."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def _articles() -> dict[str, Article]:
    return {found.code: found for found in loading.articles()}


@cache
def _duties() -> dict[str, Duty]:
    return {found.id: found for found in loading.duties(cite)}


@cache
def instruments() -> tuple[Instrument, ...]:
    """Every instrument, the highest rank first, then the older first."""
    ranks = list(Rank)
    found = dict.fromkeys(article.instrument for article in _articles().values())
    return tuple(sorted(found, key=lambda one: (ranks.index(one.rank), str(one.in_force_from))))


def instrument(code: str) -> Instrument:
    """The instrument of that code. Raises UnknownArticle."""
    for found in instruments():
        if found.code == code:
            return found
    raise UnknownArticle(f"没有代号为“{code}”的法规。现有：{_listed(one.code for one in instruments())}。")


@cache
def articles(code: str) -> tuple[Article, ...]:
    """The articles of an instrument in the order of the text. Raises UnknownArticle for an unknown code."""
    wanted = instrument(code)
    return tuple(found for found in _articles().values() if found.instrument is wanted)


def article(code: str, number: str) -> Article:
    """One article by instrument and number ("26", "F1"). Raises UnknownArticle."""
    return cite(f"{code}-{number}").article


@cache
def cite(code: str) -> Citation:
    """The place that a citation names (forms: data/FORMAT.md).

    Raises UnknownArticle when the form is wrong, or the article, paragraph or item does not exist. An item may leave
    out its paragraph when one paragraph alone has items; the single paragraph of an article is not named.
    """
    match = CITATION.fullmatch(code)
    if match is None:
        raise UnknownArticle(f"引用“{code}”的写法不对。应为 REG22-26、REG22-26.1 或 REG22-8.2(四) 的形式。")
    try:
        home = instrument(match["instrument"])
    except UnknownArticle as error:
        raise UnknownArticle(f"引用“{code}”没有对应的条文：{error}") from None
    found = _articles().get(f"{home.code}-{match['number']}")
    if found is None:
        near = _listed(one.code for one in _nearest(home, match["number"]))
        raise UnknownArticle(f"引用“{code}”没有对应的条文：《{home.title}》没有这一条。最接近的有：{near}。")
    paragraph = int(match["paragraph"]) if match["paragraph"] else None
    item = _numeral(code, match["item"])
    if paragraph is not None and not 1 <= paragraph <= found.paragraphs:
        near = _listed(f"{found.code}.{number}" for number in range(1, found.paragraphs + 1))
        raise UnknownArticle(
            f"引用“{code}”没有对应的条文：{found.place}共{found.paragraphs}款。现有：{near}。"
        )
    if item is not None:
        paragraph = paragraph or (found.items[0][0] if len(found.items) == 1 else None)
        if item > dict(found.items).get(paragraph or 0, 0):
            raise UnknownArticle(f"引用“{code}”没有对应的条文：没有这一项。{_items(found)}")
    return Citation(found, None if found.paragraphs == 1 else paragraph, item)


def _numeral(code: str, written: str | None) -> int | None:
    if written is None:
        return None
    try:
        return arabic(written)
    except ValueError as error:
        raise UnknownArticle(f"引用“{code}”的项号写法不对：{error}。") from None


def _nearest(home: Instrument, number: str) -> list[Article]:
    """The articles nearest by number; all fragments when a fragment was asked for."""
    if number.startswith("F"):
        return [one for one in articles(home.code) if one.is_fragment] or list(articles(home.code)[:1])
    numbered = [one for one in articles(home.code) if not one.is_fragment]
    near = sorted(numbered, key=lambda one: abs(int(one.number) - int(number)))[:NEAREST]
    return sorted(near, key=lambda one: int(one.number))


def _items(found: Article) -> str:
    spans = [
        f"{found.code}.{paragraph}(一) 至 {found.code}.{paragraph}({chinese(count)})"
        for paragraph, count in found.items
    ]
    return f"现有：{_listed(spans)}。" if spans else f"{found.place}不分项，可写 {found.code}。"


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)


def duty(duty_id: str) -> Duty:
    """The duty of that id ("SHA-05"). Raises UnknownDuty."""
    try:
        return _duties()[duty_id]
    except KeyError:
        raise UnknownDuty(
            f"没有编号为“{duty_id}”的职责。编号见 platform/statutes/data/duties-*.toml。"
        ) from None


def duties() -> tuple[Duty, ...]:
    """All duties, by app in the order catalog, sharing, opening, registry, operations, security."""
    return tuple(_duties().values())


@cache
def duties_on(found: Article) -> tuple[Duty, ...]:
    """The duties that rest on an article, whole or in part."""
    return tuple(one for one in duties() if any(citation.article is found for citation in one.articles))


@cache
def terms() -> tuple[TermSeed, ...]:
    """The lengths of limits as delivered, by code and first day: the seed of `deadlines.Term`."""
    return tuple(loading.terms(cite))
