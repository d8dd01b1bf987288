"""Cases: the list, one case, the worklist, and what is done with a case besides taking its steps."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from accounts.models import User
from api.fields import Body, OneOf, PageQuery, Text
from api.operations import IF_MATCH, etag_header, operation
from api.paging import Page, page
from api.preconditions import etag, wanted_version
from api.views import View
from django.db.models import Q, QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from procedures import actions, urging
from procedures.api.shapes import CaseLine, CaseShape
from procedures.idempotency import once
from procedures.models import Case
from procedures.perform import send_back, sign
from procedures.queries import turns_of, turns_of_bodies, visible_to, waiting_for_others
from procedures.reading import Reading
from procedures.refusals import BadFacts

TAG = "办件"
TURNS = {"mine": "轮到调用者", "body": "轮到调用者所在的机构", "others": "等其他机构"}


class CaseQuery(PageQuery):
    kind = Text(required=False, max_length=40, help_text="事项代码，如 sharing-request。")
    state = Text(required=False, max_length=30, help_text="状态代码，如 ANSWERING。")
    q = Text(required=False, max_length=100, help_text="编号或者标题中的文字。")
    turn = OneOf(list(TURNS.items()), required=False, help_text="轮到谁。")
    closed = OneOf(["true", "false"], required=False, help_text="是否已经办结。")


def find(request: Request, number: str) -> Case:
    """The case for somebody who may see it; 404 for all others, whether it exists or not."""
    seen = visible_to(current(request)).select_related("filer", "parent", "previous")
    case = seen.filter(number=number).first()
    if case is None:
        raise Http404(number)
    return case


def told(request: Request, number: str, *, status: int = 200) -> Response:
    """The case in brief as it now is, with its tag."""
    case = Case.objects.select_related("filer").get(number=number)
    headers = {"ETag": etag(case.number, case.version)}
    return Response(CaseLine(case).data, status=status, headers=headers)


def filtered(request: Request, asked: dict[str, Any]) -> QuerySet[Case]:
    actor = current(request)
    found = waiting_for_others(actor) if asked.get("turn") == "others" else visible_to(actor)
    if asked.get("turn") in ("mine", "body"):
        parts = turns_of(actor) if asked["turn"] == "mine" else turns_of_bodies(actor)
        has_turn = Q(pk__in=[])
        for part in parts:
            has_turn |= Q(pk__in=part.values("case"))
        found = found.filter(has_turn)
    for name in ("kind", "state"):
        if name in asked:
            found = found.filter(**{name: asked[name]})
    if "q" in asked:
        found = found.filter(Q(number__icontains=asked["q"]) | Q(title__icontains=asked["q"]))
    if "closed" in asked:
        found = found.filter(closed_at__isnull=asked["closed"] == "false")
    return found.select_related("filer")


class Cases(View):
    @operation(
        "cases.list", "办件列表", tag=TAG, query=CaseQuery, pages=CaseLine,
        description="调用者可以看到的办件，最近收到的在前。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        asked = dict(self.asked)
        cursor, limit = asked.pop("cursor", ""), asked.pop("limit")
        order = ("-received_at", "-id")
        return page(filtered(request, asked), order, name="cases", cursor=cursor, limit=limit)


class Worklist(View):
    @operation(
        "worklist", "待办", tag=TAG, query=PageQuery, pages=CaseLine,
        description="轮到调用者办理的办件，最近到期的在前，没有期限的在后。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        found = filtered(request, {"turn": "mine"})
        order = ("due_at", "id")
        return page(
            found, order, name="worklist", cursor=self.asked.get("cursor", ""), limit=self.asked["limit"]
        )


class OneCase(View):
    @operation(
        "cases.read", "一件办件", tag=TAG, gives=CaseShape, also=(404,), headers=(etag_header(200),),
        description="走到哪一步、轮到谁、还剩多久和为什么是这一天、经过、文书，以及调用者可以办理的步骤。",
    )  # fmt: skip
    def get(self, request: Request, number: str) -> Response:
        case: Any = find(request, number)
        case.reading = Reading(case, current(request), clock.now())
        return Response(CaseShape(case).data, headers={"ETag": etag(case.number, case.version)})


class Sign(View):
    @operation(
        "cases.sign", "签发或者确认", tag=TAG, gives=CaseLine, also=(404, 409, 412, 422), around=once,
        headers=(IF_MATCH, etag_header(200)),
        description="签发等待签发的文稿，步骤即时生效；先行办理的，确认它。起草人不能签发自己的文稿。",
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        case = find(request, number)
        sign(case, by=current(request), at=clock.now(), version=wanted_version(request, number))
        return told(request, number)


class NoteBody(Body):
    note = Text(
        required=False, allow_blank=True, max_length=2000, help_text="退回的意见；起草人取回的可以不写。"
    )


class SendBack(View):
    @operation(
        "cases.send-back", "退回或者取回文稿", tag=TAG, body=NoteBody, gives=CaseLine,
        also=(404, 409, 412), around=once, headers=(IF_MATCH, etag_header(200)),
        description="签发人退回等待签发的文稿并说明意见，或者起草人取回。",
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        version = wanted_version(request, number)
        note = self.given.get("note", "")
        send_back(find(request, number), by=current(request), at=clock.now(), note=note, version=version)
        return told(request, number)


class ReassignBody(Body):
    to = Text(allow_null=True, max_length=150, help_text="转给谁（账号）；null 为退回本处待办。")


class Reassign(View):
    @operation(
        "cases.reassign", "转办", tag=TAG, body=ReassignBody, gives=CaseLine, also=(404, 409), around=once,
        headers=(etag_header(200),),
        description="本单位负责人把办件交给本单位的另一位办理人。",
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        account = self.given["to"]
        to = User.objects.filter(username=account).first() if account is not None else None
        case = find(request, number)
        if account is not None and to is None:
            raise BadFacts({"to": [f"没有账号“{account}”。"]})
        actions.reassign(case, to=to, by=current(request), at=clock.now())
        return told(request, number)


class TextBody(Body):
    text = Text(min_length=2, max_length=2000, help_text="记录的内容，只有本单位看得到。")


class Note(View):
    @operation(
        "cases.note", "记一笔", tag=TAG, body=TextBody, status=204, also=(404,), around=once,
        description="工作记录，只有本单位看得到，不改变办件。",
    )  # fmt: skip
    def post(self, request: Request, number: str) -> None:
        actions.note(find(request, number), text=self.given["text"], by=current(request), at=clock.now())


class UrgedShape(serializers.Serializer[list[str]]):
    urged = serializers.ListField(child=serializers.CharField(), source="*", help_text="被提醒的单位简称。")


class Urge(View):
    @operation(
        "cases.urge", "催办", tag=TAG, gives=UrgedShape, also=(404, 409), around=once,
        description="提醒轮到的单位办理，记入经过；一个单位一个工作日只催办一次，期限不变。",
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        names = urging.urge(find(request, number), by=current(request), at=clock.now())
        return Response(UrgedShape(names).data)
