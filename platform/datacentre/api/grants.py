"""Grants: which data one's body may read or gives, and what it was used for."""

from __future__ import annotations

from datetime import date
from typing import Any

import clock
from accounts.actors import current
from api.fields import Body, OneOf, PageQuery, Text
from api.operations import operation
from api.paging import Page, page
from api.shapes import OrganisationRef
from api.views import View
from django.http import Http404
from django.urls import reverse
from procedures.idempotency import once
from rest_framework import serializers
from rest_framework.request import Request

from datacentre import actions, queries
from datacentre.models import Grant, Holding, UseRecord

TAG = "授权数据"


class HoldingRef(serializers.Serializer):
    """数据实体。"""

    code = serializers.CharField()
    name = serializers.CharField()
    owner = OrganisationRef(help_text="数据提供单位。")


class GrantShape(serializers.Serializer):
    """授权：哪个机构可以读哪些信息项，作什么用，到哪一天。"""

    number = serializers.CharField(source="case.number", help_text="授权所依的办件编号，也是授权的编号。")
    holding = HoldingRef()
    grantee = OrganisationRef(help_text="数据使用单位。")
    items = serializers.ListField(child=serializers.CharField(), help_text="信息项代码。")
    purpose = serializers.CharField(help_text="用途。")
    scope = serializers.CharField(allow_blank=True, help_text="使用范围。")
    conditions = serializers.CharField(allow_blank=True, help_text="答复所附的条件。")
    modes = serializers.ListField(child=serializers.CharField(), help_text="提供方式：file、api。")
    quota_per_day = serializers.IntegerField(allow_null=True, help_text="每日读取上限；不限为 null。")
    first_day = serializers.DateField(help_text="首日。")
    last_day = serializers.DateField(help_text="最后一日，含这一天。")
    status = serializers.CharField(help_text="open 有效，suspended 暂停，ended 已终止。")
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_why = serializers.CharField(allow_blank=True, help_text="暂停或者终止的原因。")
    reads = serializers.IntegerField(source="read_count", help_text="读取次数。")
    rows_read = serializers.IntegerField(source="read_rows", help_text="读取的行数。")
    last_read = serializers.DateTimeField(allow_null=True, help_text="最近一次读取。")
    data = serializers.SerializerMethodField(help_text="按页查询的地址。")

    def get_data(self, grant: Grant) -> str:
        return reverse("api:grant-data", args=[grant.case.number])


class GrantQuery(PageQuery):
    held = OneOf(["true"], required=False, help_text="只看本单位取得的。")
    status = OneOf(Grant.Status.choices, required=False, help_text="状态。")


def find(request: Request, number: str) -> Grant:
    """The grant by its case's number, for somebody who may see it."""
    seen = Grant.objects.visible_to(current(request)).select_related("holding__owner", "grantee", "case")
    grant = seen.filter(case__number=number).first()
    if grant is None:
        raise Http404(number)
    return grant


class Grants(View):
    @operation(
        "grants.list", "授权列表", tag=TAG, query=GrantQuery, pages=GrantShape,
        description="本单位取得的和本单位提供的授权，最近开通的在前。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        asked, actor = self.asked, current(request)
        base = Grant.objects.held_by(actor) if "held" in asked else Grant.objects.visible_to(actor)
        if "status" in asked:
            base = base.filter(status=asked["status"])
        cursor, limit = asked.get("cursor", ""), asked["limit"]
        return page(queries.grants(base), ("-opened_at", "-id"), name="grants", cursor=cursor, limit=limit)


class OneGrant(View):
    @operation("grants.read", "一项授权", tag=TAG, gives=GrantShape, also=(404,))
    def get(self, request: Request, number: str) -> Grant:
        seen = queries.grants(Grant.objects.visible_to(current(request)))
        grant = seen.filter(case__number=number).first()
        if grant is None:
            raise Http404(number)
        return grant


class UseShape(serializers.Serializer):
    """使用记录。"""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    used_for = serializers.CharField(help_text="用于哪项工作。")
    result = serializers.CharField(allow_blank=True, help_text="成效。")


class UseBody(Body):
    used_for = Text(max_length=2000, help_text="用于哪项工作：办理的事项和使用的范围，应当与授权的用途一致。")
    result = Text(required=False, allow_blank=True, max_length=2000, help_text="成效。")


class Uses(View):
    @operation("uses.list", "使用记录", tag=TAG, query=PageQuery, pages=UseShape, also=(404,))
    def get(self, request: Request, number: str) -> Page:
        found = UseRecord.objects.filter(grant=find(request, number))
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return page(found, ("-id",), name="uses", cursor=cursor, limit=limit)

    @operation(
        "uses.create", "记录使用情况", tag=TAG, body=UseBody, gives=UseShape, status=201, also=(404,),
        around=once, description="数据使用单位记录数据用于哪项工作（REG22-25）。",
    )  # fmt: skip
    def post(self, request: Request, number: str) -> UseRecord:
        grant = find(request, number)
        return actions.record_use(grant, **self.given, at=clock.now(), by=current(request))


class HoldingShape(HoldingRef):
    """数据实体和它最近的一版。"""

    latest_number = serializers.IntegerField(allow_null=True, help_text="最近一版的版本号；没有数据为 null。")
    latest_at = serializers.DateTimeField(allow_null=True, help_text="载入时间。")
    latest_rows = serializers.IntegerField(allow_null=True, help_text="行数。")
    open_grants = serializers.IntegerField(help_text="有效的授权数。")


class Holdings(View):
    @operation(
        "holdings.list", "数据实体", tag=TAG, query=PageQuery, pages=HoldingShape,
        description="本单位提供的数据；市数据主管部门可见全部。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        found = queries.holdings(Holding.objects.visible_to(current(request)))
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return page(found, ("code",), name="holdings", cursor=cursor, limit=limit)


class DayShape(serializers.Serializer):
    """一天的读取。"""

    day = serializers.DateField()
    reads = serializers.IntegerField(help_text="次数。")
    rows = serializers.IntegerField(help_text="行数。")


class Reads(View):
    @operation(
        "reads.list", "逐日读取", tag=TAG, gives=DayShape, many=True, also=(404,),
        description="最近 30 天，每天读了几次、多少行；数据使用单位和提供单位都可查阅。",
    )  # fmt: skip
    def get(self, request: Request, number: str) -> Any:
        today: date = clock.today()
        return queries.reads_by_day(find(request, number).reads.all(), until=today)
