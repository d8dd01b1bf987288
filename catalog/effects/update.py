"""What the steps of an update do."""

from __future__ import annotations

from procedures.context import Context
from statutes.enforcement import enforces

from catalog.effects import drafts
from catalog.effects.demand import update_came_to_nothing
from catalog.effects.look import held
from catalog.facts.codes import codes_of
from catalog.facts.review import remarks_of
from catalog.facts.update import chosen
from catalog.models import CatalogueUpdate, Draft


def note(context: Context) -> None:
    facts = context.facts
    context.record = CatalogueUpdate.objects.create(
        case=context.case,
        provider=context.party("provider"),
        cause=facts["cause"],
        source=facts["source"],
        changed_on=facts["changed_on"],
        reason=facts["reason"],
        touched=codes_of(facts["touched"]),
    )


def no_need(context: Context) -> None:
    context.record.no_need = context.facts["no_need"]
    context.record.save(update_fields=["no_need"])
    update_came_to_nothing(context)


def apply(context: Context) -> None:
    rows, _unknown = chosen(context.record, context.facts["only"])
    drafts.take_up(rows, context.case)


def send_back(context: Context) -> None:
    """What is named goes back with its defects, the rest with it: the application is made anew as a whole."""
    remarks = remarks_of(context.case, context.facts["exceptions"])
    drafts.send_back(context.case, remarks)
    drafts.give_back(context.case)


@enforces(
    "CAT-13",
    "CAT-16",
    "CAT-17",
    "SHA-02",
    what="审核更新：目录、责任清单、共享目录同一版，收窄的即转授权核查",
)
def update(context: Context) -> None:
    record, facts = context.record, context.facts
    drafts.adopt(context.case, remarks_of(context.case, facts["exceptions"]))
    reason = f"{record.get_cause_display()}{f'：{record.source}' if record.source else ''}（{context.case.number}）"
    record.publication = drafts.publish(drafts.adopted([context.case.pk]), context, reason=reason)
    record.opinion = facts["opinion"]
    record.save(update_fields=["publication", "opinion"])


def refuse(context: Context) -> None:
    context.record.opinion = context.facts["reason"]
    context.record.save(update_fields=["opinion"])
    held(context.case).update(stage=Draft.Stage.DROPPED)
    update_came_to_nothing(context)


def withdraw(context: Context) -> None:
    drafts.give_back(context.case)
    update_came_to_nothing(context)
