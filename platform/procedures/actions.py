"""What people do to a case besides taking its steps: give it to somebody, write a note, add a file."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from accounts.models import Organisation, Post, Role, User
from audit.trail import Entry, record
from django.db import transaction
from notices import outbox

from procedures.models import Act, Case, Party, Turn
from procedures.queries import WORKING, visible_to
from procedures.refusals import BadFacts, NoRight, WrongState, storable

#: Whose steps a case waits for between two signatures, and so who may be given it.
CARRYING = frozenset({Role.OFFICER, Role.REGISTRAR})


def reassign(
    case: Case, *, to: User | None, by: Actor, at: datetime, organisation: Organisation | None = None
) -> Case:
    """A lead gives a case of its body to one of its people, or (`to` None) back to the whole desk.

    Raises NoRight unless `by` is a lead of a body in the case, and BadFacts when `to` is no officer there: the case
    would lie still with somebody who cannot take its steps.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        if case.closed_at is not None:
            raise WrongState("本件已经办结，不再分办。")
        led = {post.organisation_id for post in by.posts if post.role in (Role.LEAD, Role.PRINCIPAL)}
        if organisation is not None:
            led &= {organisation.pk}
        parties = list(
            Party.objects.filter(case=case, organisation__in=led).select_related("organisation", "handler")
        )
        if not parties:
            raise NoRight("只有本单位负责人可以分办、转办本单位的办件。")
        body = parties[0].organisation
        if (
            to is not None
            and not Post.objects.on(at.date()).filter(user=to, organisation=body, role__in=CARRYING).exists()
        ):
            raise BadFacts({"to": [f"{to.name}在{body.short_name}没有经办岗位，请选择本单位在岗的经办人"]})
        if (
            to is not None
            and Turn.objects.filter(case=case, organisation=body, barred__contains=[to.pk]).exists()
        ):
            raise BadFacts({"to": [f"{to.name}办理过本件所涉的决定，须回避，请转给其他经办人"]})
        before = parties[0].handler.name if parties[0].handler_id else ""
        Party.objects.filter(pk__in=[party.pk for party in parties]).update(handler=to)
        Turn.objects.filter(case=case, organisation=body, role=Role.OFFICER).update(handler=to)
        after = to.name if to else ""
        record_act(
            case,
            "reassign",
            f"转办：{after}" if after else "退回本处待办",
            by,
            body,
            {"before": before, "after": after},
            at,
        )
        if to is not None and (by.user is None or to.pk != by.user.pk):
            outbox.post(
                [
                    outbox.to_person(
                        f"{case.kind}:reassign",
                        to,
                        case_id=case.pk,
                        at=at,
                        subject=f"转办给您：{case.title}",
                        text=f"办件 {case.number}，由{by.name}转办。",
                    )
                ]
            )
        case.version += 1
        case.save(update_fields=["version"])
        return case


def note(case: Case, *, text: str, by: Actor, at: datetime) -> Act:
    """记一笔: a working note that only the writer's own body sees; it moves nothing."""
    text = text.strip()
    storable("text", text)
    if not 2 <= len(text) <= 2000:
        raise BadFacts({"text": [f"记录应为 2 至 2000 个字，现在是 {len(text)} 个字"]})
    with transaction.atomic():
        body = own_body(case, by)
        return record_act(case, "note", "记录", by, body, {"text": text}, at)


def own_body(case: Case, by: Actor) -> Organisation:
    """The body for which a person stands in a case. Raises NoRight for a person without part in it."""
    if visible_to(by).filter(pk=case.pk).exists():
        part = set(Party.objects.filter(case=case).values_list("organisation_id", flat=True))
        for post in by.posts:
            if post.role in WORKING and post.organisation_id in part:
                return post.organisation
    raise NoRight("您的单位不是本件的当事方，不能在本件上操作。")


def record_act(
    case: Case, code: str, label: str, by: Actor, body: Organisation, facts: dict, at: datetime
) -> Act:
    act = Act.objects.create(
        case=case,
        step=code,
        label=label,
        at=at,
        from_state=case.state,
        to_state=case.state,
        user=by.user,
        organisation=body,
        facts=facts,
    )
    record(
        Entry(
            action=f"{case.kind}:{code}",
            actor=by,
            organisation=body.name,
            object_kind="case",
            object_id=case.number,
            at=at,
            after=facts,
        )
    )
    return act
