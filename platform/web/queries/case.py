"""One case with all that its page shows, in a number of queries that does not grow with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation, Post, Role, User
from deadlines.models import Deadline
from django.http import Http404
from documents.models import Paper
from procedures import registry, turns
from procedures.context import Context
from procedures.declare import Procedure, Step
from procedures.models import Act, Attachment, Case, Party, Proposal, Turn
from procedures.queries import WORKING, Possible, deadlines_of, possible_steps, visible_to, working_bodies
from procedures.rights import post_for


def find(number: str, actor: Actor) -> Case:
    """The case for somebody who may see it (one query); Http404 for all others, whether it exists or not."""
    found = visible_to(actor).select_related("previous", "parent").filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


@dataclass
class Loaded:
    """A case as one person meets it at one moment; each part is read when first asked for."""

    case: Case
    actor: Actor
    at: datetime
    _record: Any = field(default=None, repr=False)

    @cached_property
    def procedure(self) -> Procedure:
        return registry.get(self.case.kind)

    @cached_property
    def parties(self) -> list[Party]:
        rows = Party.objects.filter(case=self.case).select_related("organisation", "handler")
        return list(rows.order_by("id"))

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        return {party.relation: party.organisation for party in self.parties}

    @cached_property
    def acts(self) -> list[Act]:
        """In the order in which they were taken."""
        people = ("user", "organisation", "signed_by", "about")
        return list(Act.objects.filter(case=self.case).select_related(*people).order_by("id"))

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return list(deadlines_of(self.case))

    @cached_property
    def proposal(self) -> Proposal | None:
        rows = Proposal.objects.filter(case=self.case, closed_at__isnull=True)
        return rows.select_related("drafted_by", "drafted_for").first()

    @cached_property
    def attachments(self) -> list[Attachment]:
        return list(Attachment.objects.filter(case=self.case).select_related("added_by").order_by("id"))

    @cached_property
    def papers(self) -> list[Paper]:
        rows = Paper.objects.filter(case=self.case).select_related("issuer", "addressee")
        return list(rows.order_by("-issued_at", "-id"))

    @cached_property
    def turns(self) -> list[Turn]:
        """Whose turn it is, by the same derivation that the worklist stores."""
        return turns.derive(self.procedure, self.case, self.parties, self.deadlines, self.proposal, self.at)

    @cached_property
    def bodies(self) -> frozenset[int]:
        """The bodies for which the person works."""
        return frozenset(working_bodies(self.actor))

    @cached_property
    def own(self) -> list[Party]:
        """The parts that the person's bodies have in the case."""
        return [party for party in self.parties if party.organisation_id in self.bodies]

    @cached_property
    def relations(self) -> frozenset[str]:
        return frozenset(party.relation for party in self.own)

    @property
    def sees_all(self) -> bool:
        """An auditor reads everything and takes part in nothing."""
        return self.actor.holds(Role.AUDITOR)

    @cached_property
    def steps(self) -> list[Possible]:
        return possible_steps(self.case, self.actor, self.organisations, self.proposal)

    @cached_property
    def led(self) -> Party | None:
        """The part whose body the person leads, while the case is open: it may be given to somebody."""
        if self.case.closed_at is not None:
            return None
        leading = {p.organisation_id for p in self.actor.posts if p.role in (Role.LEAD, Role.PRINCIPAL)}
        return next((party for party in self.parties if party.organisation_id in leading), None)

    def context(self, step: Step) -> Context:
        """The step as this person would take it; the record is read once for all."""
        _who, post = post_for(step.who, self.actor, self.organisations)
        made = Context(self.procedure, step, self.actor, self.at, post, self.case, parties=self.organisations)
        made.record = self.record
        return made

    @property
    def record(self) -> Any:
        if self._record is None:
            self._record = self.procedure.record._default_manager.get(case_id=self.case.pk)
        return self._record


def people_of(organisation: Organisation, at: datetime) -> list[User]:
    """Those who may be given a case: the body's people with a working post (one query)."""
    posts = Post.objects.in_force(at.date()).filter(organisation=organisation, role__in=WORKING)
    return list(
        dict.fromkeys(post.user for post in posts.select_related("user").order_by("user__name", "id"))
    )
