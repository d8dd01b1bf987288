"""What the steps of a body's list do."""

from __future__ import annotations

from procedures.context import Context

from catalog import leads
from catalog.demands import lines
from catalog.effects import drafts
from catalog.effects.look import waiting
from catalog.facts.review import remarks_of
from catalog.models import CatalogueList


def called(context: Context) -> None:
    subject = context.subject
    context.record = CatalogueList.objects.create(
        case=context.case, round=subject.round, body=subject.body, due_on=subject.round.compile_by
    )


def submit(context: Context) -> None:
    """The case takes up everything the body compiles."""
    facts, record = context.facts, context.record
    drafts.take_up(waiting(record.body), context.case)
    record.complete, record.nothing_new = facts["complete"], facts["nothing_new"]
    record.demands = lines.read(facts["demands"])[0]
    record.save(update_fields=["complete", "nothing_new", "demands"])


def merge(context: Context) -> None:
    record = context.record
    record.joined, record.double_sources = context.facts["joined"], context.facts["double_sources"]
    record.save(update_fields=["joined", "double_sources"])


def send_back(context: Context) -> None:
    drafts.send_back(context.case, remarks_of(context.case, context.facts["exceptions"]))
    context.record.due_on = context.facts["until"]
    context.record.save(update_fields=["due_on"])


def recall(context: Context) -> None:
    drafts.give_back(context.case)
    record = context.record
    record.due_on = max(record.due_on, context.at.date())
    record.save(update_fields=["due_on"])


def adopt(context: Context) -> None:
    record = context.record
    drafts.adopt(context.case, remarks_of(context.case, context.facts["exceptions"]))
    record.opinion = context.facts["opinion"]
    record.save(update_fields=["opinion"])
    lines.open_matters(context, record)


def miss(context: Context) -> None:
    drafts.give_back(context.case)
    leads.list_missing(context)


def drop(context: Context) -> None:
    drafts.give_back(context.case)
