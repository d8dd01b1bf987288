"""我的申请: the cases of somebody who asks and does not handle: a citizen, an enterprise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from accounts.models import Organisation
from procedures import registry
from procedures.models import Case, Party
from procedures.queries import WORKING, turns_of, visible_to, working_bodies

MOST = 100
ASKING = frozenset({Organisation.Kind.ENTERPRISE, Organisation.Kind.ASSOCIATION})


def handles_cases(actor: Actor) -> bool:
    """Whether the person works on cases at a body that answers them, and so has a worklist."""
    return any(p.role in WORKING and p.organisation.kind not in ASKING for p in actor.posts)


@dataclass(frozen=True)
class Application:
    """One case as the one who asked reads it in a list. `due_at` is the limit that others keep, or oneself."""

    number: str
    title: str
    kind: str
    state: str
    received_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    provisional: bool
    mine: bool


def applications(actor: Actor) -> list[Application]:
    """The newest cases of the person, and of the bodies for which the person only asks (four queries at most).

    What the body of somebody who handles cases has filed stands in its worklist.
    """
    if actor.user is None:
        return []
    bodies = [] if handles_cases(actor) else working_bodies(actor)
    parts = Party.objects.filter(organisation__in=bodies).order_by("-case")
    own = Case.objects.filter(filed_by=actor.user, filer__isnull=True).order_by("-pk")
    keys = {*parts.values_list("case", flat=True)[:MOST], *own.values_list("pk", flat=True)[:MOST]}
    found = visible_to(actor).filter(pk__in=keys).order_by("-received_at", "-pk")[:MOST]
    cases = list(found)
    mine = _mine(actor, cases)
    return [_line(case, case.pk in mine) for case in cases]


def _mine(actor: Actor, cases: list[Case]) -> set[int]:
    """Those in which it is the person's turn (one query; none for somebody without a post)."""
    parts = [part.filter(case__in=cases).values_list("case", flat=True) for part in turns_of(actor)]
    if not parts or not cases:
        return set()
    return set(parts[0].union(*parts[1:]))


def _line(case: Case, mine: bool) -> Application:
    procedure = registry.get(case.kind)
    return Application(
        case.number,
        case.title,
        procedure.label,
        procedure.states[case.state].label,
        case.received_at,
        case.closed_at,
        case.due_at,
        case.provisional,
        mine,
    )
