"""What steps do to the drafts of a case: take them up, give them back, adopt them, publish them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from procedures.context import Context
from procedures.models import Case

from catalog import listeners, publishing, versions
from catalog.drafts import change_of
from catalog.effects.look import held, with_entries
from catalog.findings import Remark, as_problem, by_draft, kept
from catalog.models import Draft, Publication

Stage, Finding = Draft.Stage, Draft.Finding


def take_up(drafts: QuerySet[Draft], case: Case) -> None:
    """The case holds them from now on; what was said of them before is past."""
    drafts.update(case=case, stage=Stage.SUBMITTED, finding=Finding.NONE, finding_reason="")


def give_back(case: Case) -> None:
    """All that the case holds goes back to the body's desk as it was."""
    Draft.objects.filter(case=case, stage__in=(Stage.SUBMITTED, Stage.ADOPTED)).update(
        case=None, stage=Stage.EDITING
    )


def send_back(case: Case, remarks: Sequence[Remark]) -> None:
    """The named drafts go back with each defect at its place; without names all do, the others as they were."""
    if not remarks:
        give_back(case)
        return
    named = by_draft(remarks)
    for draft in held(case).filter(name__in=named):
        _return(draft, named[draft.name])


def adopt(case: Case, remarks: Sequence[Remark]) -> None:
    """Stage everything that is not named; what is named is left out for good or goes back to the body."""
    named = by_draft(remarks)
    for draft in held(case).filter(name__in=named):
        said = named[draft.name]
        if said[0].finding == Finding.RETURN:
            _return(draft, said)
        else:
            draft.stage, draft.finding, draft.finding_reason = Stage.DROPPED, Finding.LEAVE_OUT, kept(said)
            draft.save(update_fields=["stage", "finding", "finding_reason"])
    held(case).update(stage=Stage.ADOPTED, finding=Finding.ACCEPT, finding_reason="")


def _return(draft: Draft, said: Sequence[Remark]) -> None:
    draft.case, draft.stage = None, Stage.EDITING
    draft.finding, draft.finding_reason = Finding.RETURN, kept(said)
    draft.problems = [as_problem(remark, draft.content) for remark in said] + list(draft.problems)
    draft.save(update_fields=["case", "stage", "finding", "finding_reason", "problems"])


def adopted(cases: Iterable[int]) -> QuerySet[Draft]:
    """What was adopted under the cases, and is not published yet."""
    return Draft.objects.filter(case__in=cases, stage=Stage.ADOPTED)


def publish(drafts: QuerySet[Draft], context: Context, *, reason: str) -> Publication:
    """Publish them all as the next version of the catalogue, in the transaction of the step; tell who listens.

    Raises `BrokenRules` with every problem of every draft; nothing is published then.
    """
    rows = list(with_entries(drafts.order_by("pk")))
    published = publishing.publish(
        [change_of(draft) for draft in rows],
        reason=reason,
        at=context.at,
        by=context.actor,
        case=context.case,
    )
    for draft, entry in zip(rows, published.entries, strict=True):
        draft.entry, draft.stage = entry, Stage.PUBLISHED
    Draft.objects.bulk_update(rows, ["entry", "stage"], batch_size=500)
    changes = versions.changes_of(published.publication)
    listeners.tell(published.publication, changes, by=context.actor, at=context.at)
    return published.publication
