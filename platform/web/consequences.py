"""What follows from a step, said before its button is pressed: read from the declaration, dates computed."""

from __future__ import annotations

from dataclasses import replace

from deadlines.clocks import Clock
from deadlines.forecast import start_day
from procedures.context import Context
from procedures.declare import Step

from web import dates


def of(step: Step, context: Context, *, signing: bool = False) -> list[str]:
    """The procedure's own sentences when it has them, else those that its declaration implies.

    Only bodies that stand in the case when the step has been taken are named: nobody else hears of it. Who signs is
    not told that a signature will be needed.
    """
    if step.consequence is not None:
        return step.consequence(context)
    joined = step.joins(context) if step.joins is not None else {}
    context = replace(context, parties={**context.parties, **joined})
    return [
        *([] if signing else _second(step)),
        *(_clock(clock, context) for clock in step.starts if clock.term is not None and step.begins is None),
        *_papers(step, context),
        *_told(step, context),
        *_end(step),
    ]


def _second(step: Step) -> list[str]:
    if step.consent is not None:
        return [f"由{step.consent.label}签发后生效，签发前可以取回修改"]
    if step.confirm is not None:
        return [f"立即生效，随后由{step.confirm.label}确认"]
    return []


def _clock(clock: Clock, context: Context) -> str:
    rules_on = context.case.received_on if context.case else context.at.date()
    day = dates.day(start_day(clock, rules_on=rules_on, at=context.at), context.at.date())
    return f"{_body(clock.owed_by, context)}须在 {day}前{clock.label}"


def _papers(step: Step, context: Context) -> list[str]:
    lines = []
    for paper in step.papers:
        copies = "、".join(
            _body(relation, context) for relation in paper.copies if relation in context.parties
        )
        line = f"生成《{paper.title}》，发给{_body(paper.to, context)}"
        lines.append(f"{line}，抄送{copies}" if copies else line)
    return lines


def _told(step: Step, context: Context) -> list[str]:
    reached = {paper.to for paper in step.papers} | {code for paper in step.papers for code in paper.copies}
    own = context.post.organisation_id if context.post else None
    told = [
        _body(relation, context)
        for relation in step.tells
        if relation not in reached and relation in context.parties and context.parties[relation].pk != own
    ]
    return [f"告知{'、'.join(told)}"] if told else []


def _end(step: Step) -> list[str]:
    return [f"本件办结：{step.to.label}"] if step.to is not None and step.to.outcome else []


def _body(relation: str, context: Context) -> str:
    body = context.parties.get(relation)
    return body.short_name if body is not None else context.procedure.relation(relation).label
