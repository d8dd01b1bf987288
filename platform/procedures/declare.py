"""The words in which a procedure is declared. Everything else reads the declaration.

    REQUEST = Procedure("sharing-request", "共享申请", prefix="GX", record=SharingRequest, steps=[
        Step("submit", "提交申请", START, ANSWERING, by=requester.officer, facts=Application,
             cites="REG22-25.2", starts=[ANSWER]),
        ...
    ])

A declaration checks itself when it is built (`procedures.selfcheck`): what it cannot mean, it cannot say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from accounts.models import Organisation, Role
from audit.statements import Ready
from deadlines.clocks import Clock
from django.db.models import Model
from statutes.law import Citation, cite

from procedures.facts import Facts, NoFacts

if TYPE_CHECKING:
    from accounts.actors import Actor

    from procedures.context import Context
    from procedures.models import Case


@dataclass(frozen=True)
class State:
    """Where a case stands. An outcome ends it.

    `turn` names the relation that has to act when no running clock says so already; `instead` the one that has to in
    its place once it stands in the case; `waits_on` names the kind of case whose event the state waits for.
    """

    code: str
    label: str
    turn: Relation | None = None
    instead: Relation | None = None
    waits_on: str = ""
    outcome: bool = False
    hint: str = ""


def Outcome(code: str, label: str, hint: str = "") -> State:
    """A state that ends the case."""
    return State(code, label, outcome=True, hint=hint)


#: ∅ of the step tables: the case begins here. A draft before it is the filer's own paper.
START = State("START", "尚未提交")


@dataclass(frozen=True)
class Relation:
    """A body's part in a case, by which rights are given: 数据使用部门, 数据提供部门, 市数据主管部门 …"""

    code: str
    label: str

    @property
    def officer(self) -> Who:
        return Who(self, (Role.OFFICER,))

    @property
    def lead(self) -> Who:
        return Who(self, (Role.LEAD,))

    @property
    def principal(self) -> Who:
        return Who(self, (Role.PRINCIPAL,))

    @property
    def anyone(self) -> Who:
        """A body's officer, or a person for oneself: 公民、法人和其他组织."""
        return Who(self, (Role.OFFICER,), person=True)


@dataclass(frozen=True)
class Who:
    """Those who may take a step: holders of a role at the bodies that stand in a relation to the case.

    With `person` also somebody without a body: who is identified may file for oneself, and then takes the steps of
    the relation on that case.
    """

    relation: Relation
    roles: tuple[Role, ...]
    person: bool = False

    @property
    def label(self) -> str:
        if self.person:
            return f"{self.relation.label}（本人或者单位经办人）"
        return f"{self.relation.label}{'、'.join(str(Role(role).label) for role in self.roles)}"

    def __or__(self, other: Who) -> Anyone:
        return Anyone((self, other))


@dataclass(frozen=True)
class Anyone:
    """One of several."""

    options: tuple[Who, ...]

    @property
    def label(self) -> str:
        return "或".join(option.label for option in self.options)

    def __or__(self, other: Who) -> Anyone:
        return Anyone((*self.options, other))


@dataclass(frozen=True)
class TheSystem:
    """No person: the sweep, another case, or the arrival in a state."""

    label: str = "系统"
    options: tuple[Who, ...] = ()


SYSTEM = TheSystem()


@dataclass(frozen=True)
class Guard:
    """A precondition with its article: `check` answers None, or the sentence of refusal; `says` is what must hold.

    One that does not look at the facts is told before they are filled in, instead of the form.
    """

    check: Callable[[Context], str | None]
    cites: str
    needs_facts: bool = False
    says: str = ""


def guard(
    cites: str, says: str = "", *, needs_facts: bool = False
) -> Callable[[Callable[[Context], str | None]], Guard]:
    """Make a function of the context into a guard that rests on an article (checked now).

    `says` is what must hold, in words for people: 目录条目已经发布.
    """
    cite(cites)
    return lambda check: Guard(check, cites, needs_facts, says)


@dataclass(frozen=True)
class Beginning:
    """How a clock begins that does not simply run from the act: from an earlier event, to a given day, or not binding.

    `since` is the event whose day the law counts from (the day of change, not the day it was noted); `last_day` is the
    day a fact gives; not `binding`, the number is no law for this body and passing it only reminds.
    """

    since: datetime | None = None
    last_day: date | None = None
    binding: bool = True


@dataclass(frozen=True)
class PaperKind:
    """A paper that a step makes: who issues it to whom, and its text from the facts.

    `content` returns {"salutation", "body": [{"h"|"p"|"list"}], "attachments"} in the words of the letter; `series`
    is the issuer's mark in the number, as in 渝数共答〔2026〕1号. `matrix` is its number in the list of documents.
    """

    code: str
    title: str
    matrix: str
    series: str
    issuer: str
    to: str
    content: Callable[[Context], dict[str, Any]]
    copies: tuple[str, ...] = ()
    version: str = "1"


def _nothing(context: Context) -> None:
    return None


@dataclass(frozen=True)
class Step:
    """One lawful act on a case.

    `consent` makes it two-person: the act of `by` waits, and the consent of another person performs it (⟶).
    `confirm` makes it urgent: it takes effect at once and another person confirms it afterwards (⚡).
    `auto` is for system steps that are taken on arrival in a state when the predicate holds.
    `begins` says for each of `starts` how it begins in this taking, or None when it does not begin at all.
    `joins` adds bodies to the case; `hands_over` puts a body in the place of the one that stood in a relation, which
    leaves the case with its running limits. `extends_by` gives less than the whole extension that the term allows.
    `default` marks a product decision that rests on the article without being written in it.
    """

    code: str
    label: str
    source: State | tuple[State, ...]
    to: State | None  # None: the state stays (↺)
    by: Who | Anyone | TheSystem
    cites: str | tuple[str, ...]
    facts: type[Facts] = NoFacts
    duties: tuple[str, ...] = ()
    starts: tuple[Clock, ...] = ()
    meets: tuple[Clock, ...] = ()
    ends: tuple[Clock, ...] = ()
    extends: Clock | None = None
    consent: Who | None = None
    confirm: Who | None = None
    guards: tuple[Guard, ...] = ()
    effect: Callable[[Context], None] = _nothing
    last_day: Callable[[Context, Clock], date] | None = None
    begins: Callable[[Context, Clock], Beginning | None] | None = None
    auto: Callable[[Context], bool] | None = None
    papers: tuple[PaperKind, ...] = ()
    tells: tuple[str, ...] = ()
    joins: Callable[[Context], dict[str, Organisation]] | None = None
    hands_over: Callable[[Context], dict[str, Organisation]] | None = None
    extends_by: Callable[[Context], int] | None = None
    default: bool = False
    negative: bool = False
    button: str = ""
    explain: str = ""
    consequence: Callable[[Context], list[str]] | None = None

    @property
    def sources(self) -> tuple[State, ...]:
        return self.source if isinstance(self.source, tuple) else (self.source,)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(cite(text) for text in self.cited)

    @property
    def cited(self) -> tuple[str, ...]:
        return (self.cites,) if isinstance(self.cites, str) else self.cites

    @property
    def by_system(self) -> bool:
        return isinstance(self.by, TheSystem)

    @property
    def who(self) -> tuple[Who, ...]:
        return (self.by,) if isinstance(self.by, Who) else self.by.options

    @property
    def files(self) -> bool:
        """Whether the step begins a case."""
        return START in self.sources

    @property
    def verb(self) -> str:
        return self.button or self.label

    def target(self, state: State) -> State:
        return self.to or state


@dataclass(frozen=True)
class Procedure:
    """A kind of case: its states (read from the steps), its steps, and the record that holds its own facts.

    `parties` gives, at filing, the bodies in each relation; `title` the line by which people know the case;
    `subject` turns the key in an address or an API call into what the filing is about (an entry, a case, a grant) and
    finds, for the person who asks, only what that person may know of;
    `opens` says, of several filing steps that people take, which one it is for the body that files, by its code;
    `instead` names other filings about the same subject, as (procedure, label); `barred` the people, by their keys, who
    may not decide a case (回避), whose turn it therefore never is.
    """

    code: str
    label: str
    prefix: str
    app: str
    record: type[Model]
    steps: tuple[Step, ...]
    relations: tuple[Relation, ...]
    parties: Callable[[Context], dict[str, Organisation]]
    title: Callable[[Context], str]
    cites: tuple[str, ...]
    subject: Callable[[str, Actor], Any] | None = None
    opens: Callable[[Context], str] | None = None
    may_file: Callable[[Organisation], str | None] = lambda organisation: None
    barred: Callable[[Case], list[int]] = lambda case: []
    panels: tuple[Panel, ...] = ()
    filing_panels: tuple[Panel, ...] = ()
    onward: tuple[Onward, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()
    description: str = ""
    states: dict[str, State] = field(init=False)
    by_code: dict[str, Step] = field(init=False)

    def __post_init__(self) -> None:
        from procedures.selfcheck import check

        states: dict[str, State] = {}
        for step in self.steps:
            for state in (*step.sources, *((step.to,) if step.to else ())):
                if state is not START:
                    states.setdefault(state.code, state)
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "by_code", {step.code: step for step in self.steps})
        check(self)

    @cached_property
    def records(self) -> Ready:
        """Finds the own facts of a case of this kind by the case's number."""
        return Ready(lambda case: self.record._default_manager.filter(case_id=case))

    @cached_property
    def personal(self) -> frozenset[str]:
        """The relations in which a person may stand without a body."""
        return frozenset(who.relation.code for step in self.steps for who in step.who if who.person)

    @property
    def filing_steps(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.files)

    @property
    def clocks(self) -> dict[str, Clock]:
        found: dict[str, Clock] = {}
        for step in self.steps:
            for clock in (*step.starts, *step.meets, *step.ends, *((step.extends,) if step.extends else ())):
                found[clock.code] = clock
        return found

    def steps_from(self, state: State | str) -> tuple[Step, ...]:
        code = state if isinstance(state, str) else state.code
        return tuple(step for step in self.steps if any(source.code == code for source in step.sources))

    def relation(self, code: str) -> Relation:
        return next(relation for relation in self.relations if relation.code == code)


@dataclass(frozen=True)
class Panel:
    """A part of the page that only this kind of case has: a template and what it needs.

    On the case page `context` is given the case, on the filing page the subject.
    """

    template: str
    context: Callable[[Any], dict[str, Any]]
    title: str


@dataclass(frozen=True)
class Onward:
    """A filing to which a case may lead: an objection to its answer, the same again after its return.

    Offered on the case page in `states` to those who are `by`, where `when` holds of the case's record; `key` finds the
    subject by it. With `again` the new filing begins with what was said in this one, and names it as the one before.
    """

    procedure: str
    label: str
    states: tuple[State, ...]
    by: Who | Anyone
    key: Callable[[Any], str]
    again: bool = False
    when: Callable[[Any], bool] = lambda record: True

    @property
    def who(self) -> tuple[Who, ...]:
        return (self.by,) if isinstance(self.by, Who) else self.by.options


def variant(steps: Sequence[Step], **rows: dict[str, Any]) -> tuple[Step, ...]:
    """A block of steps with rows replaced by name: `variant(CORE, grant={"to": AGREED})`.

    Raises KeyError for a row that the block does not have.
    """
    known = {step.code for step in steps}
    missing = set(rows) - known
    if missing:
        raise KeyError(f"the block has no step named {', '.join(sorted(missing))}")
    return tuple(replace(step, **rows[step.code]) if step.code in rows else step for step in steps)
