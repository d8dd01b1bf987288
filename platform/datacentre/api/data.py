"""The data under a grant, by pages and as files: both leave by the one door (`delivery.open_read`)."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

import clock
from accounts.actors import current
from accounts.models import Scope
from api.fields import Many, OneOf, Query, Text, Whole
from api.operations import File, operation
from api.views import FileNegotiation, View
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from rest_framework import serializers
from rest_framework.request import Request

from datacentre import formats, proofs
from datacentre.api.grants import TAG, find
from datacentre.delivery import open_read
from datacentre.marks import Mark, marks_on
from datacentre.models import Read
from datacentre.paging import LARGEST, USUAL, Page, page
from datacentre.refusals import QuotaUsedUp
from datacentre.views import file_name

_MEDIA = tuple(media.partition(";")[0] for media in formats.MEDIA.values())
_ROWS = {"type": "array", "items": {"type": "object"}}


class DataQuery(Query):
    filter = serializers.DictField(
        child=Text(allow_blank=True, max_length=1000, trim_whitespace=False),
        required=False,
        help_text=(
            "按信息项筛选，写作 filter[代码]=值；范围用 filter[代码__gte]=值，另有 __gt、__lt、__lte。"
            "只能用授权的信息项，文本只能按相等筛选。"
        ),
    )
    items = Many(
        child=Text(max_length=60),
        required=False,
        min_length=1,
        max_length=200,
        help_text="只取哪些信息项，可写几次；不写为全部授权项。",
    )
    cursor = Text(
        required=False, max_length=200, help_text="上一页的 next；数据更新后，仍在原来那一版里接着读。"
    )
    limit = Whole(required=False, default=USUAL, min_value=1, max_value=LARGEST, help_text="每页行数。")


class ColumnShape(serializers.Serializer):
    """一列。"""

    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField(help_text="text、code、integer、number、date、moment。")


class MarkShape(serializers.Serializer):
    """一处正在进行的校核。校核期间，办事人已提供合法有效证明材料的，应当照常办理（GOV19-19）。"""

    item = serializers.CharField(allow_blank=True, help_text="有疑义的信息项；整条记录有疑义的为空。")
    key_item = serializers.CharField(allow_blank=True, help_text="用来认出记录的信息项；不能这样认出的为空。")
    key_value = serializers.CharField(allow_blank=True, help_text="该信息项的值。")
    since = serializers.DateTimeField(help_text="收到校核申请的时间。")
    notice = serializers.CharField(allow_blank=True, help_text="告知书的验证码。")


class DataShape(serializers.Serializer):
    """一页数据。数值不加引号，位数与载入时相同；没有值的为 null。"""

    results = serializers.ListField(
        child=serializers.DictField(child=serializers.JSONField()), help_text="各行，以信息项代码为键。"
    )
    next = serializers.CharField(allow_null=True, help_text="下一页的 cursor；没有下一页时为 null。")
    columns = ColumnShape(many=True, help_text="各列；文书、证照、合同数据另有签发单位、时间和完整性校验。")
    version = serializers.IntegerField(help_text="数据的版本。")
    under_review = MarkShape(many=True, help_text="正在校核的地方；数据照常提供，没有的为空列表。")
    read = serializers.IntegerField(help_text="本次读取的编号，已经记录。")


class DataView(View):
    """A read counts, so asking only for its headers is no call of its own."""

    required_scope = Scope.DATA_READ
    http_method_names = ["get"]

    def handle_exception(self, error: Exception) -> Any:
        if isinstance(error, QuotaUsedUp):
            error.wait = _until_midnight(clock.now())  # type: ignore[attr-defined]
        return super().handle_exception(error)


class Data(DataView):
    @operation(
        "grants.data", "按页查询数据", tag=TAG, query=DataQuery, gives=DataShape, also=(404, 409),
        description="只含授权的信息项，到授权最后一日为止。每次读取记入调用记录，计入每日上限。",
    )  # fmt: skip
    def get(self, request: Request, number: str) -> HttpResponse:
        asked = self.asked
        found = page(
            find(request, number),
            actor=current(request),
            at=clock.now(),
            tick=clock.now,
            cursor=asked.get("cursor", ""),
            limit=asked["limit"],
            filters=asked.get("filter"),
            items=asked.get("items"),
            way=Read.Way.API,
        )
        return HttpResponse(written(found), content_type="application/json")


def written(found: Page) -> str:
    """The page as JSON text: a number keeps every digit it was loaded with, which no float would."""
    columns = [{"code": i.code, "name": i.name, "type": i.type} for i in found.items]
    if found.proven:
        columns += [{"code": code, "name": name, "type": "text"} for code, name in proofs.COLUMNS]
    keys = [(json.dumps(column["code"], ensure_ascii=False), column["type"]) for column in columns]
    rows = (
        "{"
        + ",".join(f"{k}:{formats.json_value(t, cell)}" for (k, t), cell in zip(keys, row, strict=True))
        + "}"
        for row in found.rows
    )
    rest = {
        "next": found.next or None,
        "columns": columns,
        "version": found.read.version.number,
        "under_review": MarkShape(_marks(found), many=True).data,
        "read": found.read.pk,
    }
    return f'{{"results":[{",".join(rows)}],{json.dumps(rest, ensure_ascii=False)[1:]}'


def _marks(found: Page) -> list[Mark]:
    """The doubts about the items of the page (one query)."""
    return marks_on(found.read.grant.holding, {item.code for item in found.items})


class DownloadQuery(Query):
    format = OneOf([(way, way.upper()) for way in formats.MEDIA], help_text="文件的格式。")
    items = Many(
        child=Text(max_length=60),
        required=False,
        min_length=1,
        max_length=200,
        help_text="只取哪些信息项，可写几次；不写为全部授权项。",
    )


class Download(DataView):
    content_negotiation_class = FileNegotiation

    @operation(
        "grants.download", "下载数据", tag=TAG, query=DownloadQuery, also=(404, 409),
        gives=File(_MEDIA, "数据文件", {formats.MEDIA["json"]: _ROWS}),
        description="整份文件，边写边发；授权在下载途中终止的，传送随即中断。",
    )  # fmt: skip
    def get(self, request: Request, number: str) -> StreamingHttpResponse:
        grant, way = find(request, number), self.asked["format"]
        delivery = open_read(
            grant,
            actor=current(request),
            at=clock.now(),
            way=way,
            items=self.asked.get("items"),
            tick=clock.now,
        )
        response = StreamingHttpResponse(formats.write(delivery), content_type=formats.MEDIA[way])
        name = file_name(f"{grant.holding.name}-第{delivery.version.number}版.{way}")
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _until_midnight(at: datetime) -> int:
    """Seconds until the day's quota begins anew."""
    local = at.astimezone(clock.SHANGHAI)
    following = datetime.combine(local.date() + timedelta(days=1), time(), clock.SHANGHAI)
    return max(1, int((following - local).total_seconds()) + 1)
