"""What a step tells whom: the papers it makes and the messages it puts into the outbox, in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Organisation, Role
from documents.actions import issue
from notices import outbox

from procedures.context import Context
from procedures.declare import State, Step
from procedures.models import Case, Proposal


def taken(step: Step, context: Context, bodies: Mapping[str, Sequence[Organisation]]) -> None:
    """Make the papers of a step and tell the relations that the declaration names.

    `bodies` are all that stand in a relation, the last to join last: a paper is issued by and to the last, its copies
    and the messages go to all.
    """
    case, at = context.case, context.at
    parties = {relation: standing[-1] for relation, standing in bodies.items()}
    for kind in step.papers:
        issue(
            kind.code,
            title=kind.title,
            series=kind.series,
            version=kind.version,
            case=case,
            act=context.act,
            issuer=parties[kind.issuer],
            addressee=parties.get(kind.to) or context.person,
            copies=[body for relation in kind.copies for body in bodies.get(relation, ())],
            content=kind.content(context),
            at=at,
        )
    actor_body = context.post.organisation_id if context.post else None
    messages = []
    for relation in step.tells:
        subject = f"{step.label}：{case.title}"
        text = f"办件 {case.number}，{step.label}。{step.explain}".strip()
        topic = f"{context.procedure.code}:{step.code}"
        said: dict[str, Any] = {"case_id": case.pk, "subject": subject, "text": text, "at": at}
        for body in bodies.get(relation, ()):
            if body.pk != actor_body:
                messages.append(outbox.to_desk(topic, body, Role.OFFICER, **said))
        person = context.person if relation in context.procedure.personal else None
        if relation not in bodies and person is not None and person != context.actor.user:
            messages.append(outbox.to_person(topic, person, **said))
    if messages:
        outbox.post(messages)


def lapsed(case: Case, step: Step, state: State, proposal: Proposal, at: datetime) -> None:
    """Tell the drafter that the case has moved on and the draft can no longer be signed."""
    outbox.post(
        [
            outbox.to_person(
                f"{case.kind}:lapsed",
                proposal.drafted_by,
                case_id=case.pk,
                subject=f"文稿失效：{step.label}，{case.title}",
                text=f"办件 {case.number} 已转为“{state.label}”，没有签发的“{step.label}”文稿不再有效，内容保留。",
                at=at,
            )
        ]
    )


def draft(case: Case, step: Step, context: Context, parties: Mapping[str, Organisation]) -> None:
    """Tell the one who signs that a draft waits."""
    second = step.consent
    outbox.post(
        [
            outbox.to_desk(
                f"{context.procedure.code}:propose",
                parties[second.relation.code],
                second.roles[0],
                case_id=case.pk,
                subject=f"待签发：{step.label}，{case.title}",
                text=f"办件 {case.number} 的文稿由{context.actor.name}送签。",
                at=context.at,
            )
        ]
    )
