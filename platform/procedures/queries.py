"""Reading cases. `visible_to` is the one door: every page, API method, count and export starts from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Organisation, Role
from deadlines.models import Deadline
from django.db.models import Exists, OuterRef, Q, QuerySet

from procedures import registry, rights
from procedures.declare import Step
from procedures.models import Case, Done, Party, Proposal, Turn
from procedures.refusals import NoRight

#: Roles that work on cases; administrators of the system have no part in them (三员分立).
WORKING = frozenset({Role.OFFICER, Role.LEAD, Role.PRINCIPAL, Role.REGISTRAR})


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases a person may see: those of the bodies where the person works, one's own, and all for an auditor."""
    if actor.is_system or actor.holds(Role.AUDITOR):
        return Case.objects.all()
    if actor.user is None:
        return Case.objects.none()
    bodies = working_bodies(actor)
    part = Party.objects.filter(case=OuterRef("pk"), organisation__in=bodies)
    own = Q(filed_by=actor.user, filer__isnull=True)
    return Case.objects.filter(Exists(part) | own) if bodies else Case.objects.filter(own)


def own_filing(actor: Actor) -> Q:
    """What the person filed, for oneself or as one of the body's people."""
    own = Q(filer__in=working_bodies(actor))
    return own if actor.user is None else own | Q(filed_by=actor.user, filer__isnull=True)


def working_bodies(actor: Actor) -> list[int]:
    return sorted({post.organisation_id for post in actor.posts if post.role in WORKING})


def turns_of(actor: Actor) -> list[QuerySet[Turn]]:
    """轮到我: the turns that fall to the posts a person holds, unless they were given to somebody else by name, or the
    person may not decide the case.

    In parts, of which each is one range of the index `turn_worklist` in the order of its limits; together they are
    all, and no turn is in two. A list reads so many rows of each part and merges them.
    """
    if actor.user is None:
        return []
    held = dict.fromkeys((p.organisation_id, p.role) for p in actor.posts if p.role in WORKING)
    parts = []
    for organisation, role in held:
        of_post = Turn.objects.filter(organisation=organisation, role=role).exclude(
            barred__contains=[actor.user.pk]
        )
        parts += [of_post.filter(handler__isnull=True), of_post.filter(handler=actor.user)]
    return parts


def turns_of_bodies(actor: Actor) -> list[QuerySet[Turn]]:
    """本处全部: every turn of the bodies where the person works, whoever has it, in parts like `turns_of`."""
    return [Turn.objects.filter(organisation=body) for body in working_bodies(actor)]


def waits_of(actor: Actor) -> list[QuerySet[Party]]:
    """等对方: the parts that the person's bodies have in cases where another body has the turn and none of those has.

    In parts like `turns_of`: together they are all, and no case is in two.
    """
    bodies, parts = working_bodies(actor), []
    for number, body in enumerate(bodies):
        rows = Party.objects.filter(organisation=body, waits=True)
        if len(bodies) > 1:
            same = Party.objects.filter(case=OuterRef("case"), waits=True, organisation__in=bodies[:number])
            own_turn = Turn.objects.filter(case=OuterRef("case"), organisation__in=bodies)
            rows = rows.filter(~Exists(same), ~Exists(own_turn))
        parts.append(rows)
    return parts


def waiting_for_others(actor: Actor) -> QuerySet[Case]:
    """The cases of `waits_of`."""
    waiting = Q(pk__in=[])
    for part in waits_of(actor):
        waiting |= Q(pk__in=part.values("case"))
    return visible_to(actor).filter(waiting)


def done_by(actor: Actor) -> QuerySet[Done]:
    """我办结的: ended cases in which the person took or signed a step, as far as the person may still see them."""
    visible = visible_to(actor).filter(pk=OuterRef("case"))
    return Done.objects.filter(Exists(visible), user=actor.user)


@dataclass(frozen=True)
class Possible:
    """A step that a person may take on a case now; `signing` when it is the signature of a draft that waits."""

    step: Step
    signing: bool = False


def possible_steps(
    case: Case, actor: Actor, parties: Mapping[str, Organisation], proposal: Proposal | None
) -> list[Possible]:
    """The steps a person has a right to, in the state the case is in. Guards may still refuse, with their reason.

    While a draft waits for its signature only its signing is offered, and what neither moves the case nor needs a
    second person; an urgent step has been taken already, so all others go on beside its confirmation.
    """
    procedure = registry.get(case.kind)
    plain = [
        Possible(step)
        for step in procedure.steps_from(case.state)
        if not step.by_system and _allowed(rights.require, procedure, step, case, actor, parties)
    ]
    if proposal is None:
        return plain
    drafted = procedure.by_code[proposal.step]
    signing = _allowed(rights.require_second, procedure, drafted, case, actor, parties, proposal)
    beside = plain if proposal.urgent else [p for p in plain if not rights.competes(p.step)]
    return [*([Possible(drafted, signing=True)] if signing else []), *beside]


def _allowed(rule: Callable[..., object], *arguments: object) -> bool:
    try:
        rule(*arguments)
    except NoRight:
        return False
    return True


def deadlines_of(case: Case) -> QuerySet[Deadline]:
    return Deadline.objects.filter(case=case).select_related("owed_by", "term").order_by("started_at", "id")
