"""What the case page says, worked out before the template draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import clock
from deadlines.clocks import Clock
from deadlines.forecast import extension
from deadlines.models import Deadline
from deadlines.workdays import Calendar
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from procedures import urging
from procedures.declare import Onward
from procedures.queries import WORKING
from procedures.refusals import Refused
from procedures.rights import in_person, post_for

from web import casehead, dates, diagram, history
from web.caseacts import Signing, signing_for, steps_for
from web.casehead import Head, main_limit, passed_by, short_day
from web.due import Due, State
from web.queries.case import Loaded, people_of
from web.said import Said
from web.stepforms import StepForm


@dataclass(frozen=True)
class Other:
    """Another limit of the case, in one line; `late` when it was passed, whatever came after."""

    label: str
    body: str
    due_on: date
    due: Due
    late: bool


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
    log: SafeString
    steps: list[StepForm]
    signing: Signing | None
    onward: list[tuple[str, str]]
    panels: list[tuple[str, str, dict[str, Any]]]
    people: list[Any]
    urge: list[str]
    urged: bool
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
    give: bool = False,
    opened: StepForm | None = None,
    refusal: Refused | None = None,
    kept: Said | None = None,
) -> CasePage:
    """The page.

    `chosen` names the step to open, `give` unfolds 转办, `opened` is a step that came back with what was typed.
    """
    main = main_limit(loaded)
    passed = passed_by(loaded)
    head = casehead.of(loaded, main, passed, calendar)
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
        log=history.drawn(history.of(loaded)),
        steps=steps_for(loaded, chosen, opened),
        signing=signing_for(loaded),
        onward=_onward(loaded),
        panels=loaded.panels,
        people=people_of(loaded.led.organisation, loaded.at) if give and loaded.led else [],
        **_urging(loaded, calendar),
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


def _urging(loaded: Loaded, calendar: Calendar) -> dict[str, Any]:
    """Whom the reader may remind, by the names of their bodies, and whether that was done already."""
    if loaded.case.closed_at is not None or not loaded.own:
        return {"urge": [], "urged": False}
    own = {party.organisation_id for party in loaded.own}
    body = next(p.organisation for p in loaded.actor.posts if p.role in WORKING and p.organisation_id in own)
    names = [loaded.body(turn.organisation_id) for turn in urging.reached(loaded.turns, loaded.actor, body)]
    urged = urging.urged_lately(loaded.all_acts, body, loaded.at, calendar)
    return {"urge": list(dict.fromkeys(names)), "urged": urged}


def _filed(loaded: Loaded) -> str:
    """When and by whom the case was filed, as the drawing's first box says it."""
    filer = next((p for p in loaded.parties if p.organisation_id == loaded.case.filer_id), None)
    name = filer.organisation.short_name if filer else "本人" if loaded.in_person else ""
    return f"{short_day(loaded.case.received_at)} {name}".strip()


def _now(head: Head) -> str:
    turn = "轮到您" if head.mine else head.turn if head.acting else ""
    running = head.due is not None and head.due.state not in (State.MET, State.LATE, State.ENDED)
    return "，".join(filter(None, [turn, head.due.words if running and head.due else ""]))


def _onward(loaded: Loaded) -> list[tuple[str, str]]:
    """The filings to which this case may lead, as (label, address), for those who may make them."""
    return [
        (onward.label, _address(onward, loaded))
        for onward in loaded.procedure.onward
        if any(state.code == loaded.case.state for state in onward.states)
        and (
            post_for(onward.who, loaded.actor, loaded.organisations)[0] is not None
            or in_person(onward.who, loaded.case, loaded.actor) is not None
        )
        and onward.when(loaded.record)
    ]


def _address(onward: Onward, loaded: Loaded) -> str:
    address = reverse("web:file", args=[onward.procedure, onward.key(loaded.record)])
    return f"{address}?previous={loaded.case.number}" if onward.again else address


def _parties(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Each part as (relation, body, handler); the handler is known to the own body only."""
    personal = "、".join(loaded.procedure.relation(code).label for code in sorted(loaded.procedure.personal))
    person = [(personal, loaded.person(loaded.case.filed_by_id), "")] if loaded.by_person else []
    return person + [
        (
            loaded.procedure.relation(party.relation).label,
            party.organisation.short_name,
            loaded.person(party.handler_id) if loaded.is_own(party.organisation_id) else "",
        )
        for party in loaded.parties
    ]


def _papers(loaded: Loaded) -> list[PaperLine]:
    lines = []
    for paper in loaded.papers:
        told = f"{paper.number}，{dates.day(paper.issued_at, clock.today())}"
        ways = f"{loaded.body(paper.issuer_id)} → {loaded.body(paper.addressee_id) or paper.addressee_name}"
        lines.append(PaperLine(paper.title, f"{told}，{ways}", paper.code, _paper_address(paper.number)))
    return lines


def _paper_address(number: str) -> str:
    try:
        return reverse("documents:paper", args=[number])
    except NoReverseMatch:
        return ""


def _viewers(loaded: Loaded) -> str:
    bodies = list(dict.fromkeys(party.organisation.short_name for party in loaded.parties))
    own = "申请人本人，" if loaded.by_person else ""
    return f"{own}{'、'.join(bodies)}的办理人员，审计管理员"
