"""催办: a body of a case, or its own lead, reminds whoever's turn it is; recorded, and at most once a working day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.actors import Actor
from accounts.models import Organisation, Role
from deadlines.queries import current_calendar
from deadlines.workdays import Calendar, day_of, workdays_between
from django.db import transaction
from notices import outbox
from notices.models import Outgoing

from procedures.actions import own_body, record_act
from procedures.models import Act, Case, Turn
from procedures.refusals import WrongState

CODE = "urge"
LEADING = (Role.LEAD, Role.PRINCIPAL)


def reached(turns: Iterable[Turn], by: Actor, body: Organisation) -> list[Turn]:
    """The turns that somebody of the body may urge: those of other bodies, and for its lead the officers' own."""
    leads = by.post_in([body.pk], LEADING) is not None
    return [
        turn
        for turn in turns
        if turn.organisation_id != body.pk or (leads and turn.role not in {str(role) for role in LEADING})
    ]


def urged_lately(acts: Iterable[Act], body: Organisation, at: datetime, calendar: Calendar) -> bool:
    """Whether the body has urged and no further working day has begun since."""
    urged = [act.at for act in acts if act.step == CODE and act.organisation_id == body.pk]
    return bool(urged) and workdays_between(calendar, day_of(max(urged)), day_of(at)) < 1


def urge(case: Case, *, by: Actor, at: datetime) -> list[str]:
    """Remind those whose turn it is; returns their bodies' short names. It moves nothing and changes no limit.

    Raises NoRight for a person without part in the case, WrongState when there is nobody to urge or it was done today.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        body = own_body(case, by)
        turns = list(Turn.objects.filter(case=case).select_related("organisation", "handler").order_by("id"))
        to = reached(turns, by, body)
        if not to:
            raise WrongState("现在没有轮到其他人办理，不需要催办。")
        if urged_lately(Act.objects.filter(case=case, step=CODE), body, at, current_calendar()):
            raise WrongState(f"{body.short_name}已经催办过本件，一个工作日只催办一次。")
        names = list(dict.fromkeys(turn.organisation.short_name for turn in to))
        record_act(case, CODE, "催办", by, body, {"text": f"提醒{'、'.join(names)}办理。"}, at)
        outbox.post([_message(case, turn, body, at) for turn in to])
        return names


def _message(case: Case, turn: Turn, body: Organisation, at: datetime) -> Outgoing:
    until = f"，期限到 {turn.due_on.isoformat()} 止" if turn.due_on else ""
    said = {
        "case_id": case.pk,
        "subject": f"催办：{case.title}",
        "text": f"{body.short_name}提醒您办理 {case.number}{f'（{turn.clock}）' if turn.clock else ''}{until}。",
        "at": at,
    }
    if turn.handler is not None and turn.role not in {str(role) for role in LEADING}:
        return outbox.to_person(f"{case.kind}:{CODE}", turn.handler, **said)
    return outbox.to_desk(f"{case.kind}:{CODE}", turn.organisation, turn.role, **said)
