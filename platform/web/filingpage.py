"""What a filing page says: the form, what it is about, how long the answer takes, what comes next."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from deadlines.forecast import beginning
from deadlines.models import Deadline
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, QueryDict
from django.urls import reverse
from procedures import registry
from procedures.context import Context
from procedures.declare import START, Procedure
from procedures.facts import Facts, Setting
from procedures.filing import admits_persons, prepare
from procedures.models import Act, Attachment, Case, Draft
from procedures.queries import own_filing, visible_to
from procedures.refusals import BadFacts, NoRight, Refused

from web import consequences, diagram
from web.said import Said, in_full, posted


@dataclass
class FilingPage:
    """A filing as one person meets it. `barred` stands in place of the form when it could not be filed."""

    procedure: Procedure
    key: str
    title: str
    organisation: Organisation | None
    bodies: list[Organisation]
    panels: list[tuple[str, str, dict[str, Any]]]
    form: Facts | None = None
    limit: Deadline | None = None
    answers: str = ""
    effects: list[str] = field(default_factory=list)
    steps: list[dict[str, str]] = field(default_factory=list)
    draft: Draft | None = None
    files: list[Attachment] = field(default_factory=list)
    previous: Case | None = None
    once: str = ""
    barred: Refused | None = None
    refusal: Refused | None = None
    kept: Said = field(default_factory=list)
    instead: list[tuple[str, str]] = field(default_factory=list)
    file_errors: list[str] = field(default_factory=list)
    personally: bool = False
    may_personally: bool = False

    @property
    def ways(self) -> int:
        """In how many names the person may file."""
        return len(self.bodies) + self.may_personally

    @property
    def consent(self) -> str:
        """Who signs the filing, when it needs a second person."""
        step = self.procedure.filing_steps[0]
        return step.consent.label if step.consent else ""


@dataclass(frozen=True)
class About:
    """What an address names: the procedure and its subject."""

    procedure: Procedure
    key: str
    subject: Any


def about(code: str, key: str, actor: Actor) -> About:
    """Raises Http404 for a kind of case or a subject that does not exist, or that the person may not see."""
    known = {procedure.code: procedure for procedure in registry.all_procedures()}
    procedure = known.get(code)
    if procedure is None or procedure.subject is None or procedure.filing_steps[0].by_system:
        raise Http404(code)
    try:
        subject = procedure.subject(key, actor)
    except (ObjectDoesNotExist, ValueError):
        raise Http404(key) from None
    return About(procedure, key, subject)


def body_of(actor: Actor, code: str) -> Organisation | None:
    """The body for which the person wants to file, among the person's own."""
    return next((post.organisation for post in actor.posts if post.organisation.code == code), None)


def before(about: About, actor: Actor, number: str) -> Case | None:
    """The returned case after which the person files again; None when there is no such case of the person's body."""
    states = {s.code for o in about.procedure.onward if o.again for s in o.states}
    if not number or not states:
        return None
    rows = visible_to(actor).filter(number=number, kind=about.procedure.code, state__in=states)
    found: Case | None = rows.filter(own_filing(actor)).first()
    return found


def said_before(previous: Case) -> dict[str, Any]:
    """The facts with which the earlier case was filed."""
    first = Act.objects.filter(case=previous, from_state=START.code).order_by("id").first()
    return dict(first.facts) if first else {}


def given(about: About, query: QueryDict) -> dict[str, Any]:
    """What the address already says of the facts: `?items=…` fills in the field of that name."""
    fields = about.procedure.filing_steps[0].facts.base_fields
    return {name: query[name] for name in fields if name in query}


def setting_of(context: Context) -> Setting:
    return Setting(context.at, context.actor, context.post, subject=context.subject)


def typed(about: About, context: Context, data: Any) -> dict[str, Any]:
    return posted(context.step.facts(setting=setting_of(context)), data)


def build(
    about: About,
    actor: Actor,
    at: datetime,
    *,
    organisation: Organisation | None = None,
    initial: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    once: str = "",
    draft: Draft | None = None,
    previous: Case | None = None,
    refusal: Refused | None = None,
    personally: bool = False,
) -> FilingPage:
    """The page: empty, with what was typed (`initial`), or with its errors (`data`); or why nothing can be filed."""
    procedure = about.procedure
    page = FilingPage(
        procedure,
        about.key,
        procedure.label,
        organisation,
        _bodies(actor, procedure),
        [],
        draft=draft,
        files=list(draft.attachments.order_by("id")) if draft else [],
        previous=previous,
        once=once or uuid.uuid4().hex,
        refusal=None if isinstance(refusal, BadFacts) else refusal,
        instead=[(label, reverse("web:file", args=[code, about.key])) for code, label in procedure.instead],
    )
    try:
        context = prepare(
            procedure,
            by=actor,
            at=at,
            subject=about.subject,
            organisation=organisation,
            personally=personally,
        )
    except Refused as barred:
        page.barred = barred
        if isinstance(barred, NoRight):
            page.instead = []
        else:
            page.panels = _panels(about)
        return page
    page.title = procedure.title(context)
    page.organisation = context.post.organisation if context.post else None
    page.personally, page.may_personally = context.post is None, admits_persons(procedure)
    page.panels = _panels(about)
    page.form = context.step.facts(data, setting=setting_of(context), initial=initial, label_suffix="")
    _say_what_follows(page, context, at)
    return page


def _panels(about: About) -> list[tuple[str, str, dict[str, Any]]]:
    return [(p.template, p.title, p.context(about.subject)) for p in about.procedure.filing_panels]


def _bodies(actor: Actor, procedure: Procedure) -> list[Organisation]:
    roles = {role for who in procedure.filing_steps[0].who for role in who.roles}
    bodies = {p.organisation_id: p.organisation for p in actor.posts if p.role in roles}
    return list(bodies.values())


def _say_what_follows(page: FilingPage, context: Context, at: datetime) -> None:
    step = context.step
    counted = step.starts if step.begins is None else ()  # else it depends on what is still to be said
    clock = next((one for one in counted if one.term is not None), None)
    if clock is not None:
        page.limit = beginning(clock, rules_on=at.date(), at=at)
        owed = context.parties.get(clock.owed_by)
        page.answers = f"{owed.short_name if owed else ''}{clock.label}"
    page.effects = consequences.of(step, context)
    ahead = diagram.way_out(page.procedure, step.to.code)
    page.steps = [{"label": step.label, "state": "now"}]
    page.steps += [{"label": state.label, "state": "later"} for state in (step.to, *(s.to for s in ahead))]


def keep_typed(page: FilingPage, values: Mapping[str, Any]) -> None:
    """What was typed for a filing that can no longer be made, to be read and copied."""
    step = page.procedure.filing_steps[0]
    page.kept = [
        (str(field.label), values[name]) for name, field in step.facts.base_fields.items() if values.get(name)
    ]


def draft_said(draft: Draft, about: About, at: datetime) -> Said:
    """A draft in words, as its signer reads it."""
    owner = Actor.of(draft.owner, at)
    post = next((p for p in owner.posts if p.organisation_id == draft.organisation_id), None)
    step = about.procedure.filing_steps[0]
    return in_full(step.facts(setting=Setting(at, owner, post, subject=about.subject)), draft.facts)
