"""What can be read of bodies, people and posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Appointment, Organisation, Post, Role, SignedInSession, Token, User
from accounts.refusals import require

#: Who may look at the list of people: those who keep it and those who check it.
PEOPLE_SEEN_BY = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


def organisations(*, text: str = "", kind: str = "") -> QuerySet[Organisation]:
    """The public register, those in being first; `text` is part of a name, or the start of a code."""
    found = Organisation.objects.select_related("district", "successor").order_by("valid_to", "kind", "code")
    if text:
        found = found.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(code__istartswith=text)
            | Q(uscc__istartswith=text)
            | Q(district__code=text)
        )
    return found.filter(kind=kind) if kind else found


def successor_of(organisation: Organisation, on: date) -> Organisation | None:
    """The body that holds this one's tasks on the day: itself while it lives, else the first in the chain that does.

    None when the chain ends before the day, or when nobody has been named.
    """
    seen: set[int] = set()
    body: Organisation | None = organisation
    while body is not None and body.pk not in seen:
        if body.in_being(on):
            return body
        seen.add(body.pk)
        body = body.successor if body.valid_to is not None and body.valid_to <= on else None
    return None


def succession(organisation: Organisation) -> list[Organisation]:
    """The bodies that followed, one after the other."""
    chain: list[Organisation] = []
    body = organisation.successor
    while body is not None and body not in chain and body != organisation:
        chain.append(body)
        body = body.successor
    return chain


@dataclass(frozen=True)
class Responsibility:
    """What GOV19-7 asks each body to name (CAT-03): by role, never by person."""

    principal: bool
    dedicated_unit: str
    staff: int
    counts: tuple[tuple[str, int], ...]


def responsibility(organisation: Organisation, on: date) -> Responsibility:
    """Who answers for the body's data on the day, counted by role."""
    counts = dict(
        Post.objects.in_force(on)
        .filter(organisation=organisation)
        .values_list("role")
        .annotate(n=Count("user", distinct=True))
    )
    return Responsibility(
        principal=bool(counts.get(Role.PRINCIPAL)),
        dedicated_unit=organisation.dedicated_unit,
        staff=counts.get(Role.OFFICER, 0) + counts.get(Role.REGISTRAR, 0),
        counts=tuple((str(role.label), counts[role]) for role in Role if role in counts),
    )


def posts_of(user: User) -> QuerySet[Post]:
    """All posts of a person, present and past, the newest first."""
    return Post.objects.filter(user=user).select_related("organisation").order_by("-valid_from", "-pk")


def sessions_of(user: User, at: datetime) -> QuerySet[SignedInSession]:
    """The person's sessions that still open something at the instant, the newest first.

    A browser that was simply closed leaves its row open; it is over when the limits say so.
    """
    return SignedInSession.objects.filter(
        user=user,
        ended_at__isnull=True,
        seen_at__gt=at - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        started_at__gt=at - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    ).order_by("-started_at")


def tokens_of(user: User) -> QuerySet[Token]:
    return Token.objects.filter(user=user)


def people(by: Actor, *, text: str = "") -> QuerySet[User]:
    """The accounts, for administrators and auditors. Raises NoRight for everybody else."""
    require(by, *PEOPLE_SEEN_BY, to="查看人员名册")
    found = User.objects.order_by("username")
    if text:
        found = found.filter(
            Q(username__icontains=text)
            | Q(name__icontains=text)
            | Q(posts__organisation__name__icontains=text)
        ).distinct()
    return found


def open_appointments(by: Actor) -> QuerySet[Appointment]:
    """Posts proposed and not yet decided, the oldest first. Raises NoRight as `people` does."""
    require(by, *PEOPLE_SEEN_BY, to="查看任职审核")
    return (
        Appointment.objects.filter(decided_at__isnull=True)
        .select_related("user", "organisation", "proposed_by")
        .order_by("proposed_at")
    )
