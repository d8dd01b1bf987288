"""One's own notices."""

from __future__ import annotations

import clock
from accounts.actors import person
from accounts.models import Scope
from api.fields import OneOf, PageQuery
from api.operations import operation
from api.paging import Page, page
from api.views import View
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request

from notices import actions, queries

TAG = "通知"


class NoticeShape(serializers.Serializer):
    """一条通知。"""

    id = serializers.IntegerField()
    topic = serializers.CharField(source="outgoing.topic", help_text="主题，如 sharing-request:grant。")
    subject = serializers.CharField(source="outgoing.subject", help_text="标题。")
    text = serializers.CharField(source="outgoing.text", allow_blank=True, help_text="正文。")
    case = serializers.CharField(
        source="outgoing.case.number", default=None, allow_null=True, help_text="所涉办件的编号。"
    )
    created_at = serializers.DateTimeField(
        source="outgoing.created_at", help_text="发出通知的行为发生的时间。"
    )
    read_at = serializers.DateTimeField(allow_null=True, help_text="阅读时间；未读为 null。")


class NoticeQuery(PageQuery):
    read = OneOf(["true", "false"], required=False, help_text="是否已读。")


class Notices(View):
    @operation("notices.list", "我的通知", tag=TAG, query=NoticeQuery, pages=NoticeShape)
    def get(self, request: Request) -> Page:
        found = queries.box(person(request))
        if "read" in self.asked:
            found = found.filter(read_at__isnull=self.asked["read"] == "false")
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return page(found, ("-id",), name="notices", cursor=cursor, limit=limit)


class ReadNotice(View):
    required_scope = Scope.READ

    @operation("notices.read", "标为已读", tag=TAG, also=(404,), description="已读的再标一次，什么也不改变。")
    def post(self, request: Request, pk: int) -> None:
        if not queries.box(person(request)).filter(pk=pk).exists():
            raise Http404(str(pk))
        actions.mark_read(person(request), pk, at=clock.now())


urlpatterns = [
    path("notices/", Notices.as_view(), name="notices"),
    path("notices/<apiid:pk>/read/", ReadNotice.as_view(), name="notice-read"),
]
