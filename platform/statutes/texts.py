"""What the law is made of, as values: instruments, articles, citations, duties and the lengths of limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from statutes.numerals import chinese


class Rank(StrEnum):
    """How high an instrument stands; the higher prevails."""

    LAW = "law"
    LOCAL_REGULATION = "local-regulation"
    GOVERNMENT_RULE = "government-rule"
    NORMATIVE_DOCUMENT = "normative-document"
    DRAFT = "draft"

    @property
    def label(self) -> str:
        return str(RANK_LABELS[self])


RANK_LABELS = {
    Rank.LAW: _("法律"),
    Rank.LOCAL_REGULATION: _("地方性法规"),
    Rank.GOVERNMENT_RULE: _("地方政府规章"),
    Rank.NORMATIVE_DOCUMENT: _("行政规范性文件"),
    Rank.DRAFT: _("草案"),
}


class Form(StrEnum):
    """How a duty is carried out on the platform."""

    PROCEDURE = "procedure"
    RULE = "rule"
    REGISTER = "register"
    PUBLICATION = "publication"
    SETTING = "setting"
    EVIDENCE = "evidence"
    LEAD = "lead"
    POLICY = "policy"
    OFF = "off"

    @property
    def label(self) -> str:
        return str(FORM_LABELS[self])


FORM_LABELS = {
    Form.PROCEDURE: _("办理程序"),
    Form.RULE: _("系统校验"),
    Form.REGISTER: _("台账"),
    Form.PUBLICATION: pgettext_lazy("form of a duty", "公开"),
    Form.SETTING: _("参数"),
    Form.EVIDENCE: _("留痕"),
    Form.LEAD: _("移送监督"),
    Form.POLICY: _("政策性规定"),
    Form.OFF: _("草案条款，不实施"),
}


@dataclass(frozen=True)
class Instrument:
    """A regulation, rule or document. `in_force_from` is None when it never came into force or the day is unknown."""

    code: str
    title: str
    short: str
    rank: Rank
    number: str
    issuer: str
    in_force_from: date | None
    in_force_to: date | None
    in_force_note: str
    has_force: bool
    text_note: str

    def in_force(self, on: date) -> bool:
        """Whether it binds on the day."""
        begun = self.in_force_from is not None and self.in_force_from <= on
        return self.has_force and begun and (self.in_force_to is None or on <= self.in_force_to)


@dataclass(frozen=True)
class Article:
    """One 条, or a fragment whose number is lost (`F1`), with its 款 counted.

    `items` pairs each 款 that has 项 with how many it has.
    """

    instrument: Instrument
    number: str
    caption: str
    summary: str
    chapter: str
    paragraphs: int
    items: tuple[tuple[int, int], ...]

    @property
    def code(self) -> str:
        return f"{self.instrument.code}-{self.number}"

    @property
    def is_fragment(self) -> bool:
        return not self.number.isdecimal()

    @property
    def place(self) -> str:
        """第二十六条, or 残段F1."""
        return f"残段{self.number}" if self.is_fragment else f"第{chinese(int(self.number))}条"

    @property
    def url(self) -> str:
        return reverse("statutes:article", args=[self.instrument.code, self.number])

    def codes(self) -> tuple[str, ...]:
        """Every way to write a citation within this article: what to look for among stored bases."""
        written = [self.code, *(f"{self.code}.{number}" for number in range(1, self.paragraphs + 1))]
        for paragraph, count in self.items:
            marks = [f"({chinese(number)})" for number in range(1, count + 1)]
            written += [f"{self.code}.{paragraph}{mark}" for mark in marks]
            written += [f"{self.code}{mark}" for mark in marks] if len(self.items) == 1 else []
        return tuple(written)


@dataclass(frozen=True)
class Citation:
    """A place in the law. `paragraph` is None for the whole article, and for an article of a single 款."""

    article: Article
    paragraph: int | None = None
    item: int | None = None

    @property
    def code(self) -> str:
        """The one way this place is written: REG22-26, REG22-26.1, REG22-8.2(四), REG22-56(五)."""
        paragraph = f".{self.paragraph}" if self.paragraph else ""
        return f"{self.article.code}{paragraph}{f'({chinese(self.item)})' if self.item else ''}"

    @property
    def place(self) -> str:
        """第八条第二款第（四）项."""
        paragraph = f"第{chinese(self.paragraph)}款" if self.paragraph else ""
        return f"{self.article.place}{paragraph}{f'第（{chinese(self.item)}）项' if self.item else ''}"

    @property
    def text(self) -> str:
        """《重庆市数据条例》第二十六条第一款."""
        return f"《{self.article.instrument.title}》{self.place}"

    @property
    def short(self) -> str:
        """数据条例第二十六条第一款."""
        return f"{self.article.instrument.short}{self.place}"

    @property
    def url(self) -> str:
        """The public page of the article."""
        return self.article.url

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class Duty:
    """One duty of the requirements matrix, in the project's words."""

    id: str
    app: str
    articles: tuple[Citation, ...]
    summary: str
    form: tuple[Form, ...]
    note: str

    @property
    def force(self) -> bool:
        """Whether any instrument in force asks for it; False when it rests on the draft alone."""
        return any(citation.article.instrument.has_force for citation in self.articles)


class Unit(StrEnum):
    """What a limit is counted in; the values of `deadlines.Term.Unit`."""

    WORKDAYS = "wd"
    DAYS = "cd"
    MONTHS = "month"
    YEARS = "year"
    UNTIL = "until"


class Standing(StrEnum):
    """How far a length binds; the values of `deadlines.Term.Standing`."""

    LAW = "law"
    DEFAULT = "default"
    SECOND_HAND = "second-hand"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class TermSeed:
    """The length of a limit as delivered: a row of `deadlines.Term` begins as this. `amount` is 0 for `until`."""

    code: str
    name: str
    amount: int
    unit: Unit
    basis: Citation
    standing: Standing
    valid_from: date
    valid_to: date | None
    reason: str
