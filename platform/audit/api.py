"""The trail for auditors: searched by what was done, by whom and to what; every search is itself recorded."""

from __future__ import annotations

import json
from typing import Any

import clock
from accounts.actors import current
from accounts.api import HasScope
from api.fields import Day, Query, Text
from api.operations import operation
from api.paging import Page
from api.problem import Problem
from api.views import View
from django.core import signing
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from audit import actions, queries
from audit.forms import midnight
from audit.models import Event

TAG = "审计"
SALT = "api.cursor:audit"


class IsAuditor(BasePermission):
    """Only who holds the post of audit administrator."""

    message = "审计记录由审计管理员查阅，您今天不担任这一岗位。"

    def has_permission(self, request: Request, view: Any) -> bool:
        return queries.may_audit(current(request))


class EventShape(serializers.Serializer):
    """一条审计事件。"""

    id = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="时间。")
    action = serializers.CharField(help_text="行为，如 sharing-request:grant。")
    actor = serializers.CharField(help_text="行为人。")
    organisation = serializers.CharField(allow_blank=True, help_text="所属机构。")
    object_kind = serializers.CharField(help_text="对象的种类。")
    object_id = serializers.CharField(help_text="对象的编号。")
    request_id = serializers.CharField(allow_blank=True, help_text="请求号。")
    body = serializers.SerializerMethodField(help_text="事件全文：前后的内容、依据和来路。")

    def get_body(self, event: Event) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(event.body)
        return found


class EventQuery(Query):
    cursor = Text(required=False, max_length=500, help_text="上一页的 next；不填从最近的读起。每页 50 条。")
    since = Day(required=False, help_text="自哪一天。")
    until = Day(required=False, help_text="至哪一天，含这一天。")
    action = Text(required=False, max_length=80, help_text="行为，全文相同。")
    actor = Text(required=False, max_length=120, help_text="行为人，全名。")
    organisation = Text(required=False, max_length=120, help_text="机构，全称。")
    object_kind = Text(required=False, max_length=40, help_text="对象的种类。")
    object_id = Text(required=False, max_length=80, help_text="对象的编号，如办件编号。")
    request_id = Text(required=False, max_length=64, help_text="请求号。")


class Events(View):
    permission_classes = [IsAuthenticated, HasScope, IsAuditor]

    @operation(
        "audit-events.list", "审计事件", tag=TAG, query=EventQuery, pages=EventShape,
        description="只供审计管理员；每次查询本身也记入审计。最近的在前。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        asked = dict(self.asked)
        before = _place(asked.pop("cursor", ""))
        since, until = midnight(asked.pop("since", None)), midnight(asked.pop("until", None), after=True)
        search = queries.Search(since=since, until=until, **asked)
        found = actions.search(current(request), search, at=clock.now(), before=before)
        return Page(found.events, signing.dumps(found.older, salt=SALT) if found.older else "")


class OneEvent(View):
    permission_classes = [IsAuthenticated, HasScope, IsAuditor]

    @operation(
        "audit-events.read", "一条审计事件", tag=TAG, gives=EventShape, also=(404,),
        description="只供审计管理员；查阅本身也记入审计。",
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Event:
        actor = current(request)
        event = queries.visible_to(actor).filter(pk=pk).first()
        if event is None:
            raise Http404(str(pk))
        actions.note_read(actor, event, at=clock.now())
        return event


def _place(cursor: str) -> Any:
    if not cursor:
        return None
    try:
        return queries.placed(signing.loads(cursor, salt=SALT))
    except (signing.BadSignature, ValueError):
        raise Problem("cursor 不是上一页给出的值。去掉 cursor 从头读取。", code="bad-cursor") from None


urlpatterns = [
    path("audit-events/", Events.as_view(), name="audit-events"),
    path("audit-events/<apiid:pk>/", OneEvent.as_view(), name="audit-event"),
]
