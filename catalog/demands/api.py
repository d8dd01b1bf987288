"""Needs for machines: the list. Raising one and all steps on it come from the declaration."""

from __future__ import annotations

import clock
from accounts.actors import current
from api.fields import OneOf, PageQuery, Text
from api.operations import operation
from api.paging import Page, page
from api.shapes import OrganisationRef
from api.views import View
from django.core.exceptions import PermissionDenied
from django.urls import path
from procedures import registry
from rest_framework import serializers
from rest_framework.request import Request

from catalog.demands import queries

TAG = "数据需求"


class NeedLine(serializers.Serializer):
    """一项数据需求。"""

    number = serializers.CharField(source="demand.case.number", help_text="办件编号。")
    items = serializers.CharField(source="demand.items", help_text="需要的数据。")
    function = serializers.CharField(source="demand.function", help_text="用于哪项职能。")
    asker = OrganisationRef(source="demand.asker", help_text="需求单位。")
    asked_by = serializers.ListField(
        child=serializers.CharField(), help_text="需求单位和并入本件的单位的简称。"
    )
    state = serializers.CharField(source="demand.case.state", help_text="环节。")
    with_whom = serializers.CharField(
        allow_blank=True, help_text="被征询单位的简称；不在征询、编目中的为空。"
    )
    received_at = serializers.DateTimeField(source="demand.case.received_at", help_text="提出时间。")
    days = serializers.IntegerField(help_text="已等（已办结的为用时）几个工作日。")


class NeedQuery(PageQuery):
    state = OneOf(
        [(state.code, state.label) for state in registry.get(queries.KIND).states.values()],
        required=False,
        help_text="环节；不填为所有对接中的。",
    )
    q = Text(required=False, max_length=100, help_text="数据、职能或者单位中的字词，或者办件编号。")


class Needs(View):
    @operation(
        "needs.list", "数据需求", tag=TAG, query=NeedQuery, pages=NeedLine,
        description="全市的数据需求，按提出先后。政务部门、公共服务组织的人员可见。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        actor = current(request)
        if not queries.may_see(actor):
            raise PermissionDenied("数据需求由政务部门、公共服务组织的人员查看。")
        asked = self.asked
        rows = queries.needs(asked.get("state", ""), asked.get("q", ""))
        found = page(rows, ("pk",), name="needs", cursor=asked.get("cursor", ""), limit=asked["limit"])
        return Page(queries.told(found.rows, actor, clock.today()), found.next)


urlpatterns = [path("needs/", Needs.as_view(), name="needs")]
