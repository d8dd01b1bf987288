"""What the public page of a procedure says: read from its declaration, with the lengths of limits in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deadlines.clocks import Clock
from deadlines.lawpages import length
from deadlines.models import Deadline, Term
from deadlines.queries import terms_on
from procedures.declare import Procedure, Step
from procedures.lawpages import who
from statutes.law import cite, duty
from statutes.texts import Duty

from web import diagram


@dataclass(frozen=True)
class StepRow:
    """One row of the table: what it needs, what must hold before, which limits it touches, on what it rests."""

    step: Step
    who: str
    way: str
    needs: list[str]
    holds: list[str]
    clocks: list[str]
    duties: list[Duty]


@dataclass(frozen=True)
class ClockRow:
    """One limit. `standing` is empty when its last day is given by an order or a grant."""

    clock: Clock
    owed_by: str
    length: str
    standing: str
    passing: str


@dataclass(frozen=True)
class ProcedurePage:
    procedure: Procedure
    filers: str
    drawing: diagram.Drawing
    states: list[dict[str, str]]
    steps: list[StepRow]
    clocks: list[ClockRow]


def build(procedure: Procedure, on: date) -> ProcedurePage:
    """The page as of a day (one query); limits of several parties stand in one row."""
    page = of(procedure, _terms(procedure, on))
    return replace(page, clocks=_merged(page.clocks))


def of(procedure: Procedure, terms: Mapping[str, Term]) -> ProcedurePage:
    """The page with the lengths of limits by the code of their term."""
    drawing = diagram.of_procedure(procedure)
    return ProcedurePage(
        procedure=procedure,
        filers=filers(procedure),
        drawing=drawing,
        states=_states(drawing),
        steps=[_step(procedure, step) for step in procedure.steps],
        clocks=[_clock(procedure, clock, terms) for clock in procedure.clocks.values()],
    )


def contents(procedures: tuple[Procedure, ...]) -> list[dict[str, Any]]:
    """All procedures for the list: the label, what it is, who may file."""
    return [
        {
            "procedure": procedure,
            "filers": filers(procedure),
            "limits": len({(clock.label, clock.term) for clock in procedure.clocks.values()}),
        }
        for procedure in procedures
    ]


def filers(procedure: Procedure) -> str:
    return "；".join(dict.fromkeys(who(step) for step in procedure.filing_steps))


def _states(drawing: diagram.Drawing) -> list[dict[str, str]]:
    """The boxes of the drawing as a list, in the order in which a case may come to them."""
    nodes = sorted(drawing.nodes, key=lambda node: (node.column, node.row))
    return [{"label": n.state.label, "state": n.standing, "note": n.note} for n in nodes]


def _terms(procedure: Procedure, on: date) -> dict[str, Term]:
    wanted = {code for clock in procedure.clocks.values() for code in (clock.term, clock.extension) if code}
    return {term.code: term for term in terms_on(on).filter(code__in=wanted).order_by("valid_from")}


def _step(procedure: Procedure, step: Step) -> StepRow:
    sources = "、".join(dict.fromkeys(state.label for state in step.sources))
    target = "状态不变" if step.to is None else step.to.label
    marked = (
        *((f"起算“{clock.label}”") for clock in step.starts),
        *((f"完成“{clock.label}”") for clock in step.meets),
        *((f"终止“{clock.label}”") for clock in step.ends),
        *((f"延长“{clock.label}”",) if (clock := step.extends) else ()),
    )
    return StepRow(
        step=step,
        who=who(step),
        way=f"{sources} → {target}",
        needs=[] if step.by_system else [str(field.label) for field in step.facts.base_fields.values()],
        holds=[f"{guard.says}（{cite(guard.cites).short}）" for guard in step.guards],
        clocks=list(dict.fromkeys(str(words) for words in marked)),
        duties=[duty(number) for number in step.duties],
    )


def _clock(procedure: Procedure, clock: Clock, terms: Mapping[str, Term]) -> ClockRow:
    term, more = terms.get(clock.term or ""), terms.get(clock.extension or "")
    if clock.term is None:
        words, standing = "至指定的日期", ""
    elif term is None:
        words, standing = "没有有效的期限条款", ""
    else:
        words, standing = length(term), term.get_standing_display()
    if more is not None:
        words += f"，可延长一次 {length(more)}"
    return ClockRow(
        clock, procedure.relation(clock.owed_by).label, words, standing, _passing(procedure, clock, term)
    )


def _merged(rows: list[ClockRow]) -> list[ClockRow]:
    """One row for limits that differ only in who owes them: those of the parties to a joint step."""
    merged: dict[tuple[str, ...], ClockRow] = {}
    for row in rows:
        key = (str(row.clock.label), row.length, row.standing, row.passing, row.clock.cites)
        known = merged.get(key)
        merged[key] = row if known is None else replace(known, owed_by=f"{known.owed_by}、{row.owed_by}")
    return list(merged.values())


def _passing(procedure: Procedure, clock: Clock, term: Term | None) -> str:
    """What happens when it passes; a number that is not law never makes a breach."""
    step = procedure.by_code.get(clock.step)
    then = f"，系统办理“{step.label}”" if step is not None else ""
    if clock.on_pass == Deadline.OnPass.STEP and step is not None:
        return f"系统办理“{step.label}”"
    if clock.on_pass == Deadline.OnPass.BREACH and (term is None or term.standing == Term.Standing.LAW):
        return f"记为逾期，成为监督线索{then}"
    return f"提醒，不记逾期{then}"
