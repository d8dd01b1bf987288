"""What the case page says, worked out before the template draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import clock
from accounts.models import Role
from deadlines.clocks import Clock
from deadlines.forecast import extension
from deadlines.models import Deadline
from deadlines.workdays import Calendar
from django.urls import NoReverseMatch, reverse
from procedures.declare import Onward, Step
from procedures.models import Turn
from procedures.refusals import Refused
from procedures.rights import post_for

from web import dates, diagram, history, stepforms
from web.due import Due, State
from web.queries.case import Loaded, people_of
from web.said import Said, in_full
from web.stepforms import StepForm


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


@dataclass(frozen=True)
class Other:
    """Another limit of the case, in one line; `late` when it was passed, whatever came after."""

    label: str
    body: str
    due_on: date
    due: Due
    late: bool


@dataclass
class Signing:
    """A draft that waits for a second person, for the people of the body that drafted it."""

    label: str
    drafted_by: str
    drafted_at: Any
    said: Said
    may_sign: bool
    may_recall: bool
    urgent: bool
    signer: str
    effects: list[str] = field(default_factory=list)
    cites: tuple[str, ...] = ()
    error: str = ""
    note: str = ""


@dataclass(frozen=True)
class PaperLine:
    """A paper as one line of the list."""

    title: str
    about: str
    code: str
    href: str


@dataclass
class CasePage:
    """All of the page. `refusal` is why the last attempt was not taken, `kept` what had been typed for it."""

    loaded: Loaded
    head: Head
    main: Deadline | None
    possible: Mapping[str, Any] | None
    others: list[Other]
    drawing: diagram.Drawing
    log: list[history.Entry]
    steps: list[StepForm]
    signing: Signing | None
    onward: list[tuple[str, str]]
    panels: list[tuple[str, str, dict[str, Any]]]
    people: list[Any]
    viewers: str
    strip: bool
    owed: bool
    parties: list[tuple[str, str, str]]
    owner: str
    papers: list[PaperLine]
    refusal: Refused | None = None
    kept: Said = field(default_factory=list)


def build(
    loaded: Loaded,
    calendar: Calendar,
    *,
    chosen: str = "",
    opened: StepForm | None = None,
    refusal: Refused | None = None,
    kept: Said | None = None,
) -> CasePage:
    """The page; `chosen` names the step to open, `opened` is one that came back with what was typed."""
    main = _main(loaded)
    passed = _passed(loaded)
    head = _head(loaded, main, passed, calendar)
    others = [
        Other(
            d.label,
            loaded.body(d.owed_by_id),
            d.due_on,
            Due.of(d, clock.today(), calendar),
            bool(d.breached_at),
        )
        for d in sorted(loaded.deadlines, key=lambda d: d.due_at)
        if d is not main
    ]
    return CasePage(
        loaded=loaded,
        head=head,
        main=main,
        possible=_possible(loaded, main),
        others=others,
        drawing=diagram.of_case(
            loaded.procedure,
            loaded.case.state,
            passed,
            now=_now(head),
            filed=_filed(loaded),
        ),
        log=history.of(loaded),
        steps=_steps(loaded, chosen, opened),
        signing=_signing(loaded),
        onward=_onward(loaded),
        panels=[(p.template, p.title, p.context(loaded.case)) for p in loaded.procedure.panels],
        people=people_of(loaded.led.organisation, loaded.at) if loaded.led else [],
        viewers=_viewers(loaded),
        parties=_parties(loaded),
        owner=loaded.body(main.owed_by_id) if main else "",
        papers=_papers(loaded),
        strip=main is not None and all(row["kind"] != "fold" for row in main.working.get("days", [])),
        owed=main is not None
        and main.outcome == Deadline.Outcome.OPEN
        and main.owed_by_id in loaded.bodies
        and main.on_pass != Deadline.OnPass.STEP,
        refusal=refusal,
        kept=kept or [],
    )


def _main(loaded: Loaded) -> Deadline | None:
    """The reader's own nearest limit, else the nearest that anybody keeps, else a timer, else the one closed last."""
    running = [d for d in loaded.deadlines if d.outcome == Deadline.Outcome.OPEN]
    owed = [d for d in running if d.on_pass != Deadline.OnPass.STEP]
    own = [d for d in owed if d.owed_by_id in loaded.bodies]
    closed = [d for d in loaded.deadlines if d.closed_at]
    if running:
        return min(own or owed or running, key=lambda d: d.due_at)
    return max(closed, key=lambda d: d.closed_at) if closed else None


def _possible(loaded: Loaded, main: Deadline | None) -> Mapping[str, Any] | None:
    """The working as it would be after the extension that the present state allows."""
    if main is None or main.outcome != Deadline.Outcome.OPEN or main.extensions or loaded.at >= main.due_at:
        return None
    for step in loaded.procedure.steps_from(loaded.case.state):
        if step.extends is not None and step.extends.code == main.clock:
            return _extended(main.pk, main.due_on, main.calendar_version, step.extends, loaded.at.date())
    return None


@lru_cache(maxsize=4096)
def _extended(key: int, due_on: date, calendar: int, extends: Clock, day: date) -> Mapping[str, Any]:
    """The working after an extension: the same for everybody who looks on that day, and costly to make."""
    deadline = Deadline.objects.select_related("term").get(pk=key)
    return extension(deadline, extends, at=datetime.combine(day, time(), tzinfo=clock.SHANGHAI)).working


def _passed(loaded: Loaded) -> list[diagram.Passed]:
    passed = []
    for act in loaded.acts:
        if act.from_state == act.to_state or act.step not in loaded.procedure.by_code:
            continue
        note = _short_day(act.effective_at or act.at)
        passed.append(diagram.Passed(act.label, act.from_state, act.to_state, note))
    return passed


def _filed(loaded: Loaded) -> str:
    """When and by whom the case was filed, as the drawing's first box says it."""
    filer = next((p for p in loaded.parties if p.organisation_id == loaded.case.filer_id), None)
    name = filer.organisation.short_name if filer else ""
    return f"{_short_day(loaded.case.received_at)} {name}".strip()


def _short_day(moment: Any) -> str:
    day = dates.as_day(moment)
    return f"{day.month}-{day.day:02d}" if day.year == clock.today().year else day.isoformat()


def _now(head: Head) -> str:
    turn = "轮到您" if head.mine else head.turn if head.acting else ""
    running = head.due is not None and head.due.state not in (State.MET, State.LATE, State.ENDED)
    return "，".join(filter(None, [turn, head.due.words if running and head.due else ""]))


def _head(loaded: Loaded, main: Deadline | None, passed: list[diagram.Passed], calendar: Calendar) -> Head:
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
    mine = next((turn for turn in loaded.turns if _is_mine(turn, loaded)), None)
    if mine is not None:
        party = next(p for p in loaded.parties if p.organisation_id == mine.organisation_id)
        relation = loaded.procedure.relation(party.relation).label
        return "您", f"{party.organisation.short_name}{Role(mine.role).label}，{relation}", True
    names, notes = [], []
    for turn in loaded.turns:
        party = next(p for p in loaded.parties if p.organisation_id == turn.organisation_id)
        own = turn.organisation_id in loaded.bodies or loaded.sees_all
        handler = (
            f" {loaded.person(party.handler_id)}"
            if own and party.handler_id and turn.role == Role.OFFICER
            else ""
        )
        names.append(party.organisation.short_name)
        notes.append(f"{Role(turn.role).label}{handler}")
    return "、".join(dict.fromkeys(names)), "、".join(dict.fromkeys(notes)), False


def _is_mine(turn: Turn, loaded: Loaded) -> bool:
    user = loaded.actor.user
    held = loaded.actor.post_in([turn.organisation_id], [Role(turn.role)]) is not None
    return held and (turn.handler_id is None or (user is not None and turn.handler_id == user.pk))


def _next(loaded: Loaded) -> tuple[str, str]:
    """What the ones whose turn it is can do."""
    if loaded.case.closed_at is not None:
        return "没有", "本件已经办结"
    if loaded.proposal is not None and not loaded.proposal.urgent and _drafted_here(loaded):
        return "签发", f"“{loaded.procedure.by_code[loaded.proposal.step].label}”的文稿等待签发"
    bodies = {turn.organisation_id for turn in loaded.turns}
    acting = {party.relation for party in loaded.parties if party.organisation_id in bodies}
    steps = [
        step
        for step in loaded.procedure.steps_from(loaded.case.state)
        if any(who.relation.code in acting for who in step.who) and not _spent(step, loaded)
    ]
    if not steps:
        ahead = diagram.way_out(loaded.procedure, loaded.case.state)
        return (ahead[0].label if ahead else "等待"), "由系统按期办理"
    owed = next((turn.clock for turn in loaded.turns if turn.clock), "")
    moving = [step.label for step in steps if step.to is not None] or [step.label for step in steps]
    first, ways = owed or moving[0], "、".join(step.label for step in steps)
    return first, ways if ways != first else ""


def _drafted_here(loaded: Loaded) -> bool:
    proposal = loaded.proposal
    return proposal is not None and (loaded.sees_all or proposal.drafted_for_id in loaded.bodies)


def _steps(loaded: Loaded, chosen: str, opened: StepForm | None) -> list[StepForm]:
    if loaded.case.closed_at is not None:
        return []
    takeable = [p.step for p in loaded.steps if not p.signing and not _spent(p.step, loaded)]
    # What ends the matter for somebody is not laid open before it is asked for.
    if (
        opened is None
        and not chosen
        and loaded.proposal is None
        and len(takeable) == 1
        and not takeable[0].negative
    ):
        chosen = takeable[0].code
    shown = []
    for step in takeable:
        if opened is not None and opened.code == step.code:
            shown.append(opened)
        elif opened is None and step.code == chosen:
            shown.append(stepforms.opened(loaded, step))
        else:
            shown.append(stepforms.closed(loaded, step))
    return shown


def _spent(step: Step, loaded: Loaded) -> bool:
    """Whether the step would extend a limit that has had its one extension: it can only be refused."""
    extends = step.extends
    return extends is not None and any(d.clock == extends.code and d.extensions for d in loaded.deadlines)


def _signing(loaded: Loaded) -> Signing | None:
    proposal = loaded.proposal
    if proposal is None or not _drafted_here(loaded):
        return None
    step = loaded.procedure.by_code[proposal.step]
    may_sign = any(possible.signing for possible in loaded.steps)
    shown = stepforms.opened(loaded, step, signing=True)
    second = step.consent or step.confirm
    user = loaded.actor.user
    return Signing(
        label=step.label,
        drafted_by=loaded.person(proposal.drafted_by_id),
        drafted_at=proposal.drafted_at,
        said=in_full(shown.form, proposal.facts),
        may_sign=may_sign,
        may_recall=not proposal.urgent and user is not None and proposal.drafted_by_id == user.pk,
        urgent=proposal.urgent,
        signer=str(Role(second.roles[0]).label),
        effects=[] if proposal.urgent else shown.effects,
        cites=step.cited,
    )


def _onward(loaded: Loaded) -> list[tuple[str, str]]:
    """The filings to which this case may lead, as (label, address), for those who may make them."""
    return [
        (onward.label, _address(onward, loaded))
        for onward in loaded.procedure.onward
        if any(state.code == loaded.case.state for state in onward.states)
        and post_for(onward.who, loaded.actor, loaded.organisations)[0] is not None
    ]


def _address(onward: Onward, loaded: Loaded) -> str:
    address = reverse("web:file", args=[onward.procedure, onward.key(loaded.record)])
    return f"{address}?previous={loaded.case.number}" if onward.again else address


def _parties(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Each part as (relation, body, handler); the handler is known to the own body only."""
    return [
        (
            loaded.procedure.relation(party.relation).label,
            party.organisation.short_name,
            loaded.person(party.handler_id) if party in loaded.own or loaded.sees_all else "",
        )
        for party in loaded.parties
    ]


def _papers(loaded: Loaded) -> list[PaperLine]:
    lines = []
    for paper in loaded.papers:
        told = f"{paper.number}，{dates.day(paper.issued_at, clock.today())}"
        ways = f"{loaded.body(paper.issuer_id)} → {loaded.body(paper.addressee_id)}"
        lines.append(PaperLine(paper.title, f"{told}，{ways}", paper.code, _paper_address(paper.number)))
    return lines


def _paper_address(number: str) -> str:
    try:
        return reverse("documents:paper", args=[number])
    except NoReverseMatch:
        return ""


def _viewers(loaded: Loaded) -> str:
    bodies = list(dict.fromkeys(party.organisation.short_name for party in loaded.parties))
    return f"{'、'.join(bodies)}的办理人员，审计管理员"
