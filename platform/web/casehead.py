"""The head of the case page: where the case stands, whose turn it is, how long is left, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import clock
from accounts.models import Role
from deadlines.models import Deadline
from deadlines.workdays import Calendar
from procedures.declare import Step

from web import dates, diagram
from web.due import Due
from web.queries.case import Loaded


@dataclass
class Head:
    """The four answers at the top: where, whose turn, how long, what next; each with its small line."""

    step: str
    place: str
    turn: str
    turn_note: str
    mine: bool
    acting: bool
    due: Due | None
    last_day: date | None
    due_note: str
    next: str
    next_note: str


def of(loaded: Loaded, main: Deadline | None, passed: list[diagram.Passed], calendar: Calendar) -> Head:
    case, state = loaded.case, loaded.procedure.states[loaded.case.state]
    at, of = diagram.position(loaded.procedure, case.state, passed)
    turn, note, mine = _turn(loaded)
    following, following_note = _next(loaded)
    due = Due.of(main, clock.today(), calendar) if main else None
    return Head(
        step=state.label,
        place=state.hint or "已办结" if state.outcome else f"第 {at} 步，共 {of} 步",
        turn=turn,
        turn_note=note,
        mine=mine,
        acting=bool(loaded.turns),
        due=due,
        last_day=main.due_on if main else None,
        due_note=_due_note(main, loaded),
        next=following,
        next_note=following_note,
    )


def _due_note(main: Deadline | None, loaded: Loaded) -> str:
    if main is None:
        return "没有正在计算的期限"
    body = loaded.body(main.owed_by_id) if main.owed_by_id not in loaded.bodies else ""
    if main.outcome != Deadline.Outcome.OPEN:
        return f"{body}{main.label}"
    day = dates.day_week(main.due_on, clock.today())
    if main.on_pass == Deadline.OnPass.STEP:
        return f"{main.label}，{day}24:00 止"
    return f"{body}须在 {day}24:00 前{main.label}" if body else f"{day}24:00 前{main.label}"


def _turn(loaded: Loaded) -> tuple[str, str, bool]:
    """Whose turn, the small line, and whether it is the reader's."""
    state = loaded.procedure.states[loaded.case.state]
    if state.outcome:
        return "已办结", f"{dates.moment(loaded.case.closed_at, clock.today())}办结", False
    if not loaded.turns:
        return "不需要办理", state.hint or "由系统按期办理", False
    mine = next((turn for turn in loaded.turns if loaded.is_mine(turn)), None)
    if mine is not None:
        party = next(p for p in loaded.parties if p.organisation_id == mine.organisation_id)
        relation = loaded.procedure.relation(party.relation).label
        return "您", f"{party.organisation.short_name}{Role(mine.role).label}，{relation}", True
    names, notes = [], []
    for turn in loaded.turns:
        party = next(p for p in loaded.parties if p.organisation_id == turn.organisation_id)
        own = loaded.is_own(turn.organisation_id)
        handler = (
            f" {loaded.person(party.handler_id)}"
            if own and party.handler_id and turn.role == Role.OFFICER
            else ""
        )
        names.append(party.organisation.short_name)
        notes.append(f"{Role(turn.role).label}{handler}")
    note = "、".join(dict.fromkeys(notes))
    if loaded.barred:
        note = f"{note}；您办理过本件所涉的决定，须回避"
    return "、".join(dict.fromkeys(names)), note, False


def _next(loaded: Loaded) -> tuple[str, str]:
    """What the reader can do whose turn it is; when it is not, what the others can whose turn it is."""
    if loaded.case.closed_at is not None:
        return "没有", "本件已经办结"
    if loaded.draft is not None and not loaded.draft.urgent:
        return "签发", f"“{loaded.procedure.by_code[loaded.draft.step].label}”的文稿等待签发"
    turns = [turn for turn in loaded.turns if loaded.is_mine(turn)] or loaded.turns
    bodies = {turn.organisation_id for turn in turns}
    acting = {party.relation for party in loaded.parties if party.organisation_id in bodies}
    steps = [
        step
        for step in loaded.procedure.steps_from(loaded.case.state)
        if any(who.relation.code in acting for who in step.who) and not spent(step, loaded)
    ]
    if not steps:
        ahead = diagram.way_out(loaded.procedure, loaded.case.state)
        return (ahead[0].label if ahead else "等待"), "由系统按期办理"
    kept = [d for d in running(loaded) if d.owed_by_id in bodies]
    owed = min(kept, key=lambda d: d.due_at).label if kept else ""
    moving = [step.label for step in steps if step.to is not None] or [step.label for step in steps]
    first, ways = owed or moving[0], "、".join(step.label for step in steps)
    return first, ways if ways != first else ""


def running(loaded: Loaded) -> list[Deadline]:
    """The open limits that somebody has to keep; timers, which the system keeps, are none."""
    still = [d for d in loaded.deadlines if d.outcome == Deadline.Outcome.OPEN]
    return [d for d in still if d.on_pass != Deadline.OnPass.STEP]


def main_limit(loaded: Loaded) -> Deadline | None:
    """The reader's own nearest limit, else the nearest that anybody keeps, else a timer, else the one closed last.

    Whose turn it is keeps a timer too, at whose end the system moves the case on (as `procedures.turns`).
    """
    still = [d for d in loaded.deadlines if d.outcome == Deadline.Outcome.OPEN]
    owed = running(loaded)
    turn = any(turn.organisation_id in loaded.bodies for turn in loaded.turns)
    own = [d for d in owed if d.owed_by_id in loaded.bodies]
    own = own or [d for d in still if turn and d.owed_by_id in loaded.bodies]
    closed = [d for d in loaded.deadlines if d.closed_at]
    if still:
        return min(own or owed or still, key=lambda d: d.due_at)
    return max(closed, key=lambda d: d.closed_at) if closed else None


def passed_by(loaded: Loaded) -> list[diagram.Passed]:
    passed = []
    for act in loaded.all_acts:
        if act.from_state == act.to_state or act.step not in loaded.procedure.by_code:
            continue
        note = short_day(act.effective_at or act.at)
        passed.append(diagram.Passed(act.label, act.from_state, act.to_state, note))
    return passed


def short_day(moment: Any) -> str:
    """`9-21`, for the drawing's boxes."""
    day = dates.as_day(moment)
    return f"{day.month}-{day.day:02d}" if day.year == clock.today().year else day.isoformat()


def spent(step: Step, loaded: Loaded) -> bool:
    """Whether the step would extend a limit that has had its one extension: it can only be refused."""
    extends = step.extends
    return extends is not None and any(d.clock == extends.code and d.extensions for d in loaded.deadlines)
