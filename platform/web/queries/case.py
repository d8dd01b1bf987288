"""One case with all that its page shows, in a number of queries that does not grow with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation, Post, Role, User
from audit.statements import Among, Ready
from deadlines.models import Deadline
from django.http import Http404
from documents.models import Paper
from procedures import turns
from procedures.actions import CARRYING
from procedures.context import Context
from procedures.declare import Step
from procedures.models import Act, Attachment, Case, Party, Proposal, Turn
from procedures.queries import visible_to
from procedures.reading import Reading
from procedures.rights import post_for

_PARTIES = Ready(lambda case: Party.objects.filter(case=case).order_by("id"))
_ACTS = Ready(lambda case: Act.objects.filter(case=case).order_by("id"))
_DEADLINES = Ready(lambda case: Deadline.objects.filter(case=case).order_by("started_at", "id"))
_ATTACHMENTS = Ready(lambda case: Attachment.objects.filter(case=case).order_by("id"))
#: With what a line of the list of papers says.
_PAPERS = Ready(
    lambda case: (
        Paper.objects.filter(case=case)
        .order_by("-issued_at", "-id")
        .only("number", "title", "code", "issued_at", "issuer", "addressee", "addressee_name", "case")
    )
)
_BODIES = Among(lambda keys: Organisation.objects.filter(pk__in=keys))
_PEOPLE = Among(lambda keys: User.objects.filter(pk__in=keys).only("name"))
_CASES = Among(lambda keys: Case.objects.filter(pk__in=keys).only("number"))


def find(number: str, actor: Actor) -> Case:
    """The case for somebody who may see it (one query); Http404 for all others, whether it exists or not."""
    try:
        return visible_to(actor).get(number=number)
    except Case.DoesNotExist:
        raise Http404(number) from None


@dataclass
class Loaded(Reading):
    """A case as one person meets it on its page, with the rows read cheaply; the rules are those of `Reading`."""

    @cached_property
    def parties(self) -> list[Party]:
        """With their bodies, which are read together with all others that the page names."""
        for party in self._parts:
            party.organisation = self._bodies[party.organisation_id]
        return self._parts

    @cached_property
    def _parts(self) -> list[Party]:
        return _PARTIES(self.case.pk)

    @cached_property
    def all_acts(self) -> list[Act]:
        return _ACTS(self.case.pk)

    @cached_property
    def deadlines(self) -> list[Deadline]:
        """In the order in which they began."""
        return _DEADLINES(self.case.pk)

    @cached_property
    def proposal(self) -> Proposal | None:
        """Looked for only when the case says that there is one."""
        if not self.case.signing:
            return None
        return Proposal.objects.filter(case=self.case, closed_at__isnull=True).first()

    @cached_property
    def attachments(self) -> list[Attachment]:
        return _ATTACHMENTS(self.case.pk)

    @cached_property
    def papers(self) -> list[Paper]:
        """The newest first."""
        return _PAPERS(self.case.pk)

    @cached_property
    def turns(self) -> list[Turn]:
        """Whose turn it is, by the same derivation that the worklist stores."""
        return turns.derive(self.procedure, self.case, self.parties, self.deadlines, self.proposal, self.at)

    @cached_property
    def _bodies(self) -> dict[int, Organisation]:
        """The bodies named anywhere on the page, read once."""
        named = {party.organisation_id for party in self._parts} | {
            act.organisation_id for act in self.all_acts
        }
        named |= {d.owed_by_id for d in self.deadlines}
        named |= {key for paper in self.papers for key in (paper.issuer_id, paper.addressee_id)}
        return {body.pk: body for body in _BODIES(key for key in named if key is not None)}

    @cached_property
    def _people(self) -> dict[int, str]:
        """Names by key (one query), of those whom the reader may know by name."""
        keys = {key for act in self.acts for key in (act.user_id, act.signed_by_id)}
        keys |= {party.handler_id for party in self.parties}
        if self.proposal is not None:
            keys.add(self.proposal.drafted_by_id)
        return {user.pk: user.name for user in _PEOPLE(key for key in keys if key is not None)}

    def body(self, key: int | None) -> str:
        """The short name of a body."""
        return self._bodies[key].short_name if key in self._bodies else ""

    def person(self, key: int | None) -> str:
        return self._people.get(key, "") if key is not None else ""

    @cached_property
    def _numbers(self) -> dict[int, str]:
        """The numbers of the cases that the acts name (one query; none when they name none)."""
        named = {act.about_id for act in self.acts if act.about_id is not None}
        return {case.pk: case.number for case in _CASES(named)}

    def number(self, key: int) -> str:
        return self._numbers[key]

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

    @cached_property
    def panels(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The procedure's own parts of the page, as (template, title, context)."""
        return [(p.template, p.title, p.context(self.case)) for p in self.procedure.panels]

    @cached_property
    def record(self) -> Any:
        """The case's own facts: as a panel has read them, or read by themselves."""
        for _template, _title, context in self.panels:
            if "record" in context:
                return context["record"]
        return self.procedure.record._default_manager.get(case_id=self.case.pk)


def people_of(organisation: Organisation, at: datetime) -> list[User]:
    """Those who may be given a case: the body's officers (one query)."""
    posts = Post.objects.in_force(at.date()).filter(organisation=organisation, role__in=CARRYING)
    return list(
        dict.fromkeys(post.user for post in posts.select_related("user").order_by("user__name", "id"))
    )
