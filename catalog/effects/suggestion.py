"""What the steps of a suggestion do: keep it and the answer, and carry the attribute into the catalogue."""

from __future__ import annotations

from accounts.actors import SYSTEM
from procedures.checks import guarded
from procedures.context import Context
from procedures.refusals import Refused
from statutes.enforcement import enforces

from catalog import drafts
from catalog.disputes import attributes
from catalog.effects.decided import open_update
from catalog.facts.suggestion import AttributeFacts
from catalog.models import AttributeSuggestion, Draft

Answer = AttributeSuggestion.Answer


def suggest(context: Context) -> None:
    """Keep what is suggested. The guards are asked again: filings of a series follow one another only from its number
    on.
    """
    guarded(context.step, context)
    entry, facts = context.subject, context.facts
    context.record = AttributeSuggestion.objects.create(
        case=context.case,
        entry=entry,
        version=entry.version,
        present=attributes.of_entry(entry),
        suggested=AttributeFacts.attribute(facts),
        reasons=facts["reasons"],
        basis=facts["basis"],
    )


@enforces("CAT-17", "OPN-09", what="采纳的开放属性由系统编入变更，提供单位核对后申请更新")
def accept(context: Context) -> None:
    record = context.record
    record.answer, record.settled = Answer.ACCEPTED, AttributeFacts.attribute(context.facts)
    record.save(update_fields=["answer", "settled"])
    _carry_out(context, f"采纳开放属性修改建议，改为“{attributes.label(record.settled)}”。")


def object_(context: Context) -> None:
    record, facts = context.record, context.facts
    record.answer, record.answer_reasons, record.answer_basis = (
        Answer.OBJECTED,
        facts["reasons"],
        facts["basis"],
    )
    record.save(update_fields=["answer", "answer_reasons", "answer_basis"])


def silent(context: Context) -> None:
    context.record.answer = Answer.SILENT
    context.record.save(update_fields=["answer"])


def keep(context: Context) -> None:
    context.record.kept = context.facts["reasons"]
    context.record.save(update_fields=["kept"])


def refer(context: Context) -> None:
    context.record.referral = context.facts["referral"]
    context.record.save(update_fields=["referral"])


def decide(context: Context) -> None:
    """Keep the decision; the update follows where it changes what is published."""
    record, facts = context.record, context.facts
    record.settled = AttributeFacts.attribute(facts)
    record.document, record.decided_on = facts["document"], facts["decided_on"]
    record.decision, record.prevailing = facts["reasons"], facts["prevailing"]
    record.save(update_fields=["settled", "document", "decided_on", "decision", "prevailing"])
    if attributes.differs(record.settled, attributes.of_entry(record.entry)):
        label = attributes.label(record.settled)
        _carry_out(context, f"政府决定开放属性为“{label}”。{facts['reasons']}", source=record.document)


def _carry_out(context: Context, reason: str, source: str = "") -> None:
    """Draft the change and open the update of it; a change the body is already compiling takes it in by hand.

    An entry that was withdrawn meanwhile has nothing to update: the decision is kept alone.
    """
    entry = context.record.entry
    if not entry.is_published:
        return
    drafted = _draft(context)
    rest = (
        "变更已经编好，核对后申请更新。"
        if drafted
        else "本条目已有编制中的变更，请把开放属性写入后申请更新。"
    )
    open_update(context, entry.provider, reason=f"{reason}{rest}", touched=(entry.code,), source=source)


def _draft(context: Context) -> bool:
    """Whether the change could be drafted: not while the entry has a change that is still open."""
    entry = context.record.entry
    if Draft.objects.open().filter(entry=entry).exists():
        return False
    content = attributes.applied(entry, context.record.settled)
    try:
        drafts.keep(
            entry.provider,
            content.as_json(),
            entry=entry,
            origin=Draft.Origin.FORM,
            source=context.case.number,
            at=context.at,
            by=SYSTEM,
        )
    except Refused:
        return False
    return True
