"""Who asks: the body that leads a need and those that follow it, each with the person who writes its request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from accounts.models import Organisation, Post, Role, User
from procedures.models import Act, Case, Party

from catalog.demands.relations import follower
from catalog.models import Demand


@dataclass(frozen=True)
class Asker:
    """`officer` is who raised the need for the body, else one of its officers; None where it has none on the day."""

    body: Organisation
    officer: User | None


def followers(case: Case) -> list[Organisation]:
    """The bodies whose needs were joined into the case, in that order (one query)."""
    rows = Party.objects.filter(case=case, relation=follower.code).select_related("organisation")
    return [row.organisation for row in rows.order_by("id")]


def askers(demand: Demand, at: datetime) -> list[Asker]:
    """All of them, the one that leads first."""
    bodies = list(dict.fromkeys([demand.asker, *followers(demand.case)]))
    joined = Demand.objects.filter(carrier=demand.case_id).select_related("case__filed_by")
    cases = [demand.case, *(one.case for one in joined)]
    return [Asker(body, _officer(body, cases, at)) for body in bodies]


def _officer(body: Organisation, cases: Iterable[Case], at: datetime) -> User | None:
    """Who filed for the body, or reported the list in which the need stood, as long as the post is held."""
    own = [case for case in cases if case.filer_id == body.pk and case.filed_by is not None]
    by = [case.filed_by for case in own]
    lists = [case.parent_id for case in cases if case.parent_id is not None]
    reported = Act.objects.filter(
        case__in=lists, organisation=body, step__in=("submit", "submit-to-merger")
    ).select_related("user")
    by += [act.user for act in reported.order_by("-id")]
    for user in by:
        if user is not None and Actor.of(user, at).post_in([body.pk], [Role.OFFICER]) is not None:
            return user
    posts = Post.objects.in_force(at.date()).filter(organisation=body, role=Role.OFFICER)
    found = posts.select_related("user").order_by("pk").first()
    return found.user if found is not None else None
