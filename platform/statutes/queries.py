"""What the public pages of the law show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from statutes import enforcement, law
from statutes.enforcement import Enforcer, Figure, Reference
from statutes.texts import Article, Duty, Instrument


@dataclass(frozen=True)
class Contents:
    """An instrument with its articles by chapter; `in_force` as of the day asked for."""

    instrument: Instrument
    in_force: bool
    chapters: list[tuple[str, list[Article]]]
    count: int


@dataclass(frozen=True)
class DutyRow:
    """A duty and what enforces it."""

    duty: Duty
    enforcers: tuple[Enforcer, ...]


@dataclass(frozen=True)
class ArticlePage:
    """All that the page of an article shows. `resting` groups references by kind."""

    article: Article
    in_force: bool
    duties: list[DutyRow]
    resting: list[tuple[str, list[Reference]]]
    figures: tuple[Figure, ...]
    previous: Article | None
    following: Article | None


@enforcement.enforces("SEC-36", "RGT-24", what="法规按效力位阶和施行日期公开")
def contents(on: date) -> list[Contents]:
    """Every instrument, the highest first."""
    found = []
    for instrument in law.instruments():
        articles = law.articles(instrument.code)
        chapters = [(name, list(group)) for name, group in groupby(articles, key=lambda one: one.chapter)]
        found.append(Contents(instrument, instrument.in_force(on), chapters, len(articles)))
    return found


def article_page(article: Article, *, at: datetime) -> ArticlePage:
    """The page of an article as of an instant."""
    kinds: dict[str, list[Reference]] = {}
    for reference in enforcement.references(article, at=at):
        kinds.setdefault(reference.kind, []).append(reference)
    neighbours = law.articles(article.instrument.code)
    place = neighbours.index(article)
    return ArticlePage(
        article=article,
        in_force=article.instrument.in_force(at.date()),
        duties=[DutyRow(duty, enforcement.enforcing(duty.id)) for duty in law.duties_on(article)],
        resting=list(kinds.items()),
        figures=enforcement.figures(article, at=at),
        previous=neighbours[place - 1] if place else None,
        following=neighbours[place + 1] if place + 1 < len(neighbours) else None,
    )
