"""The words in which a rule of quality is declared, and the list of all rules.

A rule is declared once: what it looks at, how much it weighs, what it rests on, how to mend what it finds. Pages,
interface, history, ranking and tests read the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from statutes.law import cite

if TYPE_CHECKING:
    from catalog.quality.facts import Facts


class Dimension(StrEnum):
    """What quality is said to consist of; the names are those of GB/T 36344-2018."""

    COMPLETE = "complete"
    NORM = "norm"
    ACCURATE = "accurate"
    CONSISTENT = "consistent"
    TIMELY = "timely"
    ACCESSIBLE = "accessible"

    @property
    def label(self) -> str:
        return _DIMENSIONS[self][0]

    @property
    def asks(self) -> str:
        return _DIMENSIONS[self][1]


_DIMENSIONS = {
    Dimension.COMPLETE: ("完整性", "该写的写了，该有的值有"),
    Dimension.NORM: ("规范性", "代码、类型和名称合乎规范"),
    Dimension.ACCURATE: ("准确性", "值通过校验，没有已知的错误"),
    Dimension.CONSISTENT: ("一致性", "目录写的与汇聚的数据相符"),
    Dimension.TIMELY: ("时效性", "按承诺的周期更新"),
    Dimension.ACCESSIBLE: ("可访问性", "拿得到，问得到"),
}


class Weight(IntEnum):
    """How much a rule counts, and how urgent it is to mend what it finds. Defaults of the platform, not of a law."""

    MAY = 1  # harder to find or to understand
    SHOULD = 2  # whoever uses the data is misled or has to ask
    MUST = 3  # a legal duty is not done, or the data cannot be used

    @property
    def label(self) -> str:
        return {1: "建议改", 2: "应当改", 3: "必须改"}[self]


class Outcome(StrEnum):
    MET = "met"
    FAILS = "fails"
    NONE = "none"  # does not apply

    @property
    def label(self) -> str:
        return {"met": "符合", "fails": "不符", "none": "不适用"}[self]


@dataclass(frozen=True)
class Verdict:
    """What a rule says of an entry: the reason in a sentence, and the items or elements that it names.

    `waits`: what it looks at is still being counted; what was said before holds until then.
    """

    outcome: Outcome
    reason: str
    where: tuple[str, ...] = ()
    waits: bool = False


def met(reason: str) -> Verdict:
    return Verdict(Outcome.MET, reason)


def fails(reason: str, where: Iterable[str] = ()) -> Verdict:
    return Verdict(Outcome.FAILS, reason, tuple(where))


def none(reason: str) -> Verdict:
    return Verdict(Outcome.NONE, reason)


class Place(StrEnum):
    """Where it is mended."""

    ENTRY = "entry"  # a change of the entry; `Rule.element` names the field
    ITEMS = "items"  # a change of its items
    DATA = "data"  # a new version of the data
    CASE = "case"  # a matter that waits for an answer
    REGISTER = "register"  # the register of bodies


Look = Callable[["Facts"], Verdict]


@dataclass(frozen=True)
class Rule:
    """`asks` is the question for people, `mend` what to do about a failure; `traced` failures become 问题数据."""

    code: str
    dimension: Dimension
    label: str
    asks: str
    mend: str
    weight: Weight
    cites: tuple[str, ...]
    place: Place
    look: Look
    element: str = ""
    traced: bool = False

    @property
    def of_data(self) -> bool:
        """Whether it looks at the data and not only at what the entry says."""
        return self.place == Place.DATA


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    dimension: Dimension,
    label: str,
    *,
    asks: str,
    mend: str,
    weight: Weight,
    cites: tuple[str, ...],
    place: Place,
    element: str = "",
    traced: bool = False,
) -> Callable[[Look], Look]:
    """Declare the function as a rule. Raises for an article that does not exist or a code declared twice."""
    for text in cites:
        cite(text)
    if code in RULES:
        raise ValueError(f"the rule {code} is declared twice")

    def declare(look: Look) -> Look:
        RULES[code] = Rule(code, dimension, label, asks, mend, weight, cites, place, look, element, traced)
        return look

    return declare
