"""One case as one person may read it. The only place that says who sees which part of a case.

Which cases a person sees at all stands in `queries.visible_to`; what of such a case, here: the acts, what was said in
them, by whom, the draft that waits, the files. The case page and the interface both ask a `Reading`; the page reads
its rows in a cheaper way (`web.queries.case`), by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.actors import Actor
from accounts.models import Organisation, Role
from deadlines.models import Deadline
from django.db.models import Q, QuerySet
from documents.models import Paper

from procedures import drafts, registry
from procedures.declare import Procedure
from procedures.models import Act, Attachment, Case, Party, Proposal, Turn
from procedures.queries import Possible, deadlines_of, possible_steps, visible_to, working_bodies
from procedures.rights import filed_in_person

#: Acts inside one body: its drafts, who has them, its notes. Other bodies do not read them.
INTERNAL = ("note", "reassign", "propose:", "sent-back:", "recalled:")


def attachments_for(actor: Actor) -> QuerySet[Attachment]:
    """The files a person may read: those of the cases and of the drafts that the person may see."""
    seen = Q(case__in=visible_to(actor)) | Q(draft__in=drafts.visible_to(actor))
    return Attachment.objects.filter(seen)


@dataclass
class Reading:
    """A case that the reader may see, before that reader; each part is read when first asked for.

    What begins with `all_` is everything, for those who derive something from it; the others hold what may be shown.
    """

    case: Case
    actor: Actor
    at: datetime

    @cached_property
    def procedure(self) -> Procedure:
        return registry.get(self.case.kind)

    # the rules

    @cached_property
    def bodies(self) -> frozenset[int]:
        """The bodies for which the reader works."""
        return frozenset(working_bodies(self.actor))

    @property
    def sees_all(self) -> bool:
        """An auditor reads everything and takes part in nothing."""
        return self.actor.holds(Role.AUDITOR)

    @cached_property
    def own(self) -> list[Party]:
        """The parts that the reader's bodies have in the case."""
        return [party for party in self.parties if party.organisation_id in self.bodies]

    @cached_property
    def in_person(self) -> bool:
        """Whether the reader filed the case for oneself."""
        return filed_in_person(self.case, self.actor)

    @property
    def by_person(self) -> bool:
        """Whether a person filed the case, and no body."""
        return self.case.filer_id is None and self.case.filed_by_id is not None

    @cached_property
    def relations(self) -> frozenset[str]:
        own = frozenset(party.relation for party in self.own)
        return own | self.procedure.personal if self.in_person else own

    def is_own(self, organisation_id: int | None) -> bool:
        """Whether the reader belongs to the body, or reads everything: then its persons are named too."""
        return self.sees_all or organisation_id in self.bodies

    def did(self, act: Act) -> bool:
        """Whether the act is the reader's own or of the reader's body; its persons are named then."""
        user = self.actor.user
        return self.is_own(act.organisation_id) or (user is not None and act.user_id == user.pk)

    def may_know_of(self, act: Act) -> bool:
        """What happens inside a body, only the body reads; everything else, all who see the case."""
        return not act.step.startswith(INTERNAL) or self.is_own(act.organisation_id)

    def may_read_facts(self, act: Act) -> bool:
        """What was said in a step is for the body that said it and those who are told; a filing is for all parties."""
        if self.did(act):
            return True
        step = self.procedure.by_code.get(act.step)
        if step is None:
            return self.may_know_of(act)
        return step.files or bool(set(step.tells) & self.relations)

    def is_mine(self, turn: Turn) -> bool:
        """Whether a turn falls to the reader, by the rule of `queries.turns_of`."""
        user = self.actor.user
        if user is None or user.pk in turn.barred:
            return False
        held = self.actor.post_in([turn.organisation_id], [Role(turn.role)]) is not None
        return held and turn.handler_id in (None, user.pk)

    @cached_property
    def barred(self) -> bool:
        """Whether the reader's body has the turn and the reader may not decide the case (回避)."""
        user = self.actor.user
        return user is not None and any(
            user.pk in turn.barred and turn.organisation_id in self.bodies for turn in self.turns
        )

    # what may be shown

    @cached_property
    def acts(self) -> list[Act]:
        """The acts that the reader may know of, in the order in which they were taken."""
        return [act for act in self.all_acts if self.may_know_of(act)]

    @cached_property
    def told(self) -> frozenset[str]:
        """The steps of which the reader may read what was said."""
        return frozenset(act.step for act in self.acts if self.may_read_facts(act))

    @cached_property
    def draft(self) -> Proposal | None:
        """The draft that waits for a second person, for the people of the body that drafted it and of who signs."""
        proposal = self.proposal
        if proposal is None:
            return None
        step = self.procedure.by_code[proposal.step]
        second = step.consent or step.confirm
        signs = second is not None and second.relation.code in self.relations
        return proposal if signs or self.is_own(proposal.drafted_for_id) else None

    @cached_property
    def steps(self) -> list[Possible]:
        if self.case.closed_at is not None:
            return []
        return possible_steps(self.case, self.actor, self.organisations, self.proposal)

    # the rows

    @cached_property
    def parties(self) -> list[Party]:
        rows = Party.objects.filter(case=self.case).select_related("organisation", "handler")
        return list(rows.order_by("id"))

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        return {party.relation: party.organisation for party in self.parties}

    @cached_property
    def all_acts(self) -> list[Act]:
        people = ("user", "organisation", "signed_by", "about")
        return list(Act.objects.filter(case=self.case).select_related(*people).order_by("id"))

    @cached_property
    def turns(self) -> list[Turn]:
        return list(
            Turn.objects.filter(case=self.case).select_related("organisation", "handler").order_by("id")
        )

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return list(deadlines_of(self.case))

    @cached_property
    def proposal(self) -> Proposal | None:
        """The draft that waits, whoever looks: what can be done depends on it."""
        rows = Proposal.objects.filter(case=self.case, closed_at__isnull=True)
        return rows.select_related("drafted_by", "drafted_for").first()

    @cached_property
    def papers(self) -> list[Paper]:
        """All papers of the case: whoever sees it may read them."""
        rows = Paper.objects.filter(case=self.case).select_related("issuer", "addressee")
        return list(rows.order_by("issued_at", "id"))

    @cached_property
    def attachments(self) -> list[Attachment]:
        """All files of the case, by the same rule as `attachments_for`."""
        return list(Attachment.objects.filter(case=self.case).order_by("id"))

    # what may be done besides steps

    @property
    def actions(self) -> list[str]:
        """What the reader may do besides taking steps."""
        found = ["note", "attach"] if self.own else ["attach"] if self.in_person else []
        if self.case.closed_at is None and self._leads():
            found.append("reassign")
        signing = any(possible.signing for possible in self.steps)
        if signing:
            found.append("sign")
        if self.proposal is not None and not self.proposal.urgent and (signing or self._drafted_it()):
            found.append("send-back")
        return found

    def _leads(self) -> bool:
        led = {p.organisation_id for p in self.actor.posts if p.role in (Role.LEAD, Role.PRINCIPAL)}
        return any(party.organisation_id in led for party in self.parties)

    def _drafted_it(self) -> bool:
        user = self.actor.user
        return user is not None and self.proposal is not None and self.proposal.drafted_by_id == user.pk
