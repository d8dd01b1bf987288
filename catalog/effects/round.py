"""What the steps of a round do: call bodies, close, publish, cancel."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import SYSTEM
from accounts.models import Organisation, Role
from notices import outbox
from procedures import hearings, registry
from procedures.context import Context
from procedures.filing import file
from procedures.models import Case
from statutes.enforcement import enforces

from catalog.effects import drafts
from catalog.facts.round import bodies_called
from catalog.models import CatalogueList, CatalogueRound
from catalog.norm.elements import ENTRY, ITEM

#: A list that still has to be reported, gathered or reviewed.
OPEN_LISTS = ("COMPILING", "MERGING", "CITY_REVIEW")


@dataclass(frozen=True)
class Called:
    """What a list is about: a body in a round."""

    round: CatalogueRound
    body: Organisation


@enforces("CAT-08", "CAT-09", "CAT-10", what="启动编制：按规范通知各单位编制目录清单")
def open_round(context: Context) -> None:
    facts = context.facts
    record = context.record = CatalogueRound.objects.create(
        case=context.case,
        kind=context.subject,
        norm=facts["norm"],
        elements=[element.label for element in (*ENTRY, *ITEM)],
        compile_by=facts["compile_by"],
        requirements=facts["requirements"],
    )
    day = context.at.date()
    for body in bodies_called(record.kind, facts["whom"], facts["named"], day):
        call(context, record, body)
    if record.kind == CatalogueRound.Kind.PUBLIC_SERVICE:
        _tell_associations(context)


def call(context: Context, record: CatalogueRound, body: Organisation) -> Case:
    """Open the body's list in the round."""
    return file(
        registry.get("catalogue-list"),
        by=SYSTEM,
        at=context.at,
        step="called",
        facts={},
        subject=Called(record, body),
        parent=context.case,
    )


def _tell_associations(context: Context) -> None:
    """Associations compile together with those who are called (REG22-22.4)."""
    kind = Organisation.Kind.ASSOCIATION
    outbox.post(
        outbox.to_desk(
            "catalogue-round:open",
            body,
            Role.OFFICER,
            case_id=context.case.pk,
            subject=f"参与编制公共服务数据目录：{context.case.title}",
            text="请协助本行业的公共服务组织编制目录清单。",
            at=context.at,
        )
        for body in Organisation.objects.on(context.at.date()).filter(kind=kind)
    )


def change_bodies(context: Context) -> None:
    """A body joins, or leaves with its list closed."""
    facts, record = context.facts, context.record
    body = Organisation.objects.get(code=facts["body"])
    if facts["change"] == "add":
        call(context, record, body)
        return
    listed = record.lists.select_related("case").get(body=body, case__state__in=OPEN_LISTS)
    hearings.ask(context.act, listed.case, "drop", {"reason": facts["reason"]})


def close(context: Context) -> None:
    """Who has reported and who has not; the lists of those who have not are closed by the system."""
    record = context.record
    missing = list(_unreported(record))
    reported = record.lists.exclude(pk__in=[one.pk for one in missing])
    record.closed = {
        "reported": sorted(reported.values_list("body__short_name", flat=True)),
        "missing": sorted(one.body.short_name for one in missing),
    }
    record.save(update_fields=["closed"])
    for one in missing:
        hearings.ask(context.act, one.case, "miss", {"reason": context.facts["note"]})


def close_late(context: Context) -> None:
    """Lists that were sent back and did not come again by their own date."""
    for one in _unreported(context.record).filter(due_on__lt=context.at.date()):
        hearings.ask(context.act, one.case, "miss", {"reason": context.facts["note"]})


def _unreported(record: CatalogueRound) -> object:
    return record.lists.filter(case__state="COMPILING").select_related("case", "body").order_by("body__code")


@enforces("CAT-07", "CAT-11", "CAT-13", what="轮次发布：目录、共享目录、采集责任清单同一版")
def publish(context: Context) -> None:
    record = context.record
    cases = record.lists.filter(case__state="ADOPTED").values_list("case", flat=True)
    record.publication = drafts.publish(drafts.adopted(cases), context, reason=context.facts["reason"])
    record.save(update_fields=["publication"])


def cancel(context: Context) -> None:
    """The lists close; what was compiled stays with the bodies."""
    reason = context.facts["reason"]
    for one in CatalogueList.objects.filter(round=context.record).select_related("case"):
        if one.case.state in OPEN_LISTS:
            hearings.ask(context.act, one.case, "drop", {"reason": reason})
        else:
            drafts.give_back(one.case)
