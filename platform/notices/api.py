"""One's own notices, and the pushes to a partner system."""

from __future__ import annotations

import clock
from accounts.actors import current, person
from accounts.models import Organisation, Scope
from api.fields import Body, Many, OneOf, PageQuery, Text
from api.operations import operation
from api.paging import Page, page
from api.problem import Problem
from api.shapes import OrganisationRef
from api.views import View
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request

from notices import actions, queries
from notices.forms import SubscriptionForm
from notices.models import Subscription

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


class SubscriptionShape(serializers.Serializer):
    """一项推送订阅：哪个机构的哪些通知推送到哪个地址。"""

    id = serializers.IntegerField()
    organisation = OrganisationRef(help_text="机构。")
    url = serializers.CharField(help_text="接收地址。")
    topics = serializers.ListField(child=serializers.CharField(), help_text="主题。")
    active = serializers.BooleanField(help_text="是否启用；停用期间的推送保留等待。")
    created_at = serializers.DateTimeField(help_text="订阅时间。")
    waiting = serializers.IntegerField(help_text="等待推送的件数。")
    failed = serializers.IntegerField(help_text="多次没有送达、已停止重试的件数。")
    last_done = serializers.DateTimeField(allow_null=True, help_text="最近一次送达；没有为 null。")


class SecretShape(serializers.Serializer):
    """签名密钥，只在这一次给出。"""

    id = serializers.IntegerField(help_text="订阅的编号。")
    secret = serializers.CharField(help_text="用它核对每次推送的签名，见接口说明的“推送”一节。")


class SubscriptionBody(Body):
    organisation = Text(max_length=40, help_text="机构代码，应为调用者任负责人的机构。")
    url = Text(max_length=500, help_text="以 https:// 开头的接收地址。")
    topics = Many(
        child=Text(max_length=80),
        min_length=1,
        max_length=100,
        help_text="主题，如 sharing-request:grant；sharing-request:* 是共享申请的全部通知。",
    )


class SwitchBody(Body):
    active = serializers.BooleanField(help_text="true 启用，false 停用。")


def _subscriptions(request: Request) -> QuerySet[Subscription]:
    if not queries.may_subscribe(current(request)):
        raise PermissionDenied("推送订阅由本机构负责人或者系统管理员设置。")
    return queries.with_figures(queries.subscriptions_visible_to(current(request)))


def _subscription(request: Request, pk: int) -> Subscription:
    if (found := _subscriptions(request).filter(pk=pk).first()) is None:
        raise Http404(str(pk))
    return found


class Subscriptions(View):
    @operation("subscriptions.list", "推送订阅", tag=TAG, query=PageQuery, pages=SubscriptionShape)
    def get(self, request: Request) -> Page:
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return page(_subscriptions(request), ("-id",), name="subscriptions", cursor=cursor, limit=limit)

    @operation(
        "subscriptions.create", "订阅推送", tag=TAG, body=SubscriptionBody, gives=SecretShape, status=201,
        description="机构的通知同时推送到它的系统，答复中的签名密钥只给出这一次。",
    )  # fmt: skip
    def post(self, request: Request) -> Subscription:
        actor, given = current(request), self.given
        if not queries.may_subscribe(actor):
            raise PermissionDenied("推送订阅由本机构负责人或者系统管理员设置。")
        body = Organisation.objects.filter(code=given["organisation"]).values_list("pk", flat=True).first()
        form = SubscriptionForm(actor, {**given, "organisation": body, "topics": "\n".join(given["topics"])})
        if not form.is_valid():
            errors = {name: [str(one) for one in said] for name, said in form.errors.items()}
            raise Problem("没有订阅，errors 逐项说明。", code="bad-facts", status=422, errors=errors)
        return actions.subscribe(actor, **form.facts(), at=clock.now())


class OneSubscription(View):
    @operation("subscriptions.read", "一项推送订阅", tag=TAG, gives=SubscriptionShape, also=(404,))
    def get(self, request: Request, pk: int) -> Subscription:
        return _subscription(request, pk)

    @operation(
        "subscriptions.update", "启停推送", tag=TAG, body=SwitchBody, gives=SubscriptionShape, also=(404,),
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Subscription:
        found = _subscription(request, pk)
        actions.switch(current(request), found, self.given["active"], at=clock.now())
        return found


class SubscriptionSecret(View):
    @operation(
        "subscriptions.renew-secret", "更换推送密钥", tag=TAG, gives=SecretShape, also=(404,),
        description="原来的密钥立即失效，新的只给出这一次。",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Subscription:
        found = _subscription(request, pk)
        actions.renew_secret(current(request), found, at=clock.now())
        return found


urlpatterns = [
    path("notices/", Notices.as_view(), name="notices"),
    path("notices/<apiid:pk>/read/", ReadNotice.as_view(), name="notice-read"),
    path("subscriptions/", Subscriptions.as_view(), name="subscriptions"),
    path("subscriptions/<apiid:pk>/", OneSubscription.as_view(), name="subscription"),
    path("subscriptions/<apiid:pk>/secret/", SubscriptionSecret.as_view(), name="subscription-secret"),
]
