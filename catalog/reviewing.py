"""Marking single drafts while a list or an update is reviewed: what is not to go into the catalogue as it is, and why.

Marks are the reviewer's working paper; the deciding step takes them up as its facts, and only then do they count.
"""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from accounts.models import Role
from audit import trail
from django.db import transaction
from procedures.models import Case, Party
from procedures.refusals import BadFacts, NoRight, WrongState, storable
from statutes.enforcement import enforces

from catalog import findings
from catalog.models import Draft

Finding = Draft.Finding
#: Who reviews in which state.
HOLDERS = {"CITY_REVIEW": "authority", "REVIEWING": "authority", "MERGING": "merger"}
#: Longer than this, it is no remark but a letter.
MOST = 1000


def may_mark(case: Case, actor: Actor) -> bool:
    """Whether the person is an officer of the body that reviews the case now."""
    relation = HOLDERS.get(case.state)
    if relation is None or case.closed_at is not None:
        return False
    bodies = Party.objects.filter(case=case, relation=relation).values_list("organisation", flat=True)
    return actor.post_in(bodies, (Role.OFFICER,)) is not None


@enforces("CAT-02", "CAT-09", "CAT-11", what="审核：逐条标注不纳入、退回和理由")
def mark(draft: Draft, *, finding: str, about: str, text: str, by: Actor, at: datetime) -> Draft:
    """Add a remark to a draft of a case. Remarks of one draft say one thing: left out, or sent back.

    Raises NoRight, WrongState when it is not under review, BadFacts for words that cannot stand.
    """
    line = " ".join(text.split())
    storable("text", line)
    if not 2 <= len(line) <= MOST:
        raise BadFacts({"text": [f"说明应为 2 至 {MOST} 个字，现在是 {len(line)} 个字"]})
    try:
        remark = findings.Remark(draft.name, finding, " ".join(about.split()), line)
        _read, wrong = findings.read(str(remark), [draft.name], allowed=(Finding.LEAVE_OUT, Finding.RETURN))
    except StopIteration:
        raise BadFacts({"finding": ["请选择不纳入或者退回"]}) from None
    if wrong:
        raise BadFacts({"about": [fault.partition("：")[2] for fault in wrong]})
    with transaction.atomic():
        draft = _locked(draft, by)
        kept = draft.finding_reason if draft.finding == finding else ""
        draft.finding = finding
        draft.finding_reason = "\n".join(filter(None, (kept, findings.kept([remark]))))
        _keep(draft, by, at)
    return draft


def clear(draft: Draft, *, by: Actor, at: datetime) -> Draft:
    """Take the remarks of a draft back: it is accepted like all that are not named."""
    with transaction.atomic():
        draft = _locked(draft, by)
        draft.finding, draft.finding_reason = Finding.NONE, ""
        _keep(draft, by, at)
    return draft


def _locked(draft: Draft, by: Actor) -> Draft:
    found = Draft.objects.select_for_update(of=("self",)).select_related("case", "provider").get(pk=draft.pk)
    if found.case is None or found.stage != Draft.Stage.SUBMITTED:
        raise WrongState(f"“{found.name}”现在不在审核中，不能标注。")
    if not may_mark(found.case, by):
        raise NoRight("由现在审核本件的单位的经办人标注。")
    return found


def _keep(draft: Draft, by: Actor, at: datetime) -> None:
    draft.save(update_fields=["finding", "finding_reason"])
    trail.record(
        trail.Entry(
            action="entry-draft:finding",
            actor=by,
            object_kind="entry-draft",
            object_id=str(draft.pk),
            at=at,
            organisation=draft.provider.name,
            after={"name": draft.name, "finding": draft.finding, "reason": draft.finding_reason},
            cites=("GOV19-12.3",),
        )
    )
