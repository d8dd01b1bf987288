"""Loading the next version of a holding, and the versions there are."""

from __future__ import annotations

import clock
from accounts.actors import current
from api.fields import Body, PageQuery, Text
from api.operations import operation
from api.paging import Page, page
from api.parsing import MultiPartParser
from api.problem import Problem
from api.views import View
from django.http import Http404
from procedures.idempotency import once
from rest_framework import serializers
from rest_framework.request import Request

from datacentre import actions
from datacentre.models import Holding, HoldingVersion
from datacentre.refusals import BadTable

TAG = "授权数据"


class LoadedVersionShape(serializers.Serializer):
    """数据的一版，载入以后不再改变。"""

    number = serializers.IntegerField(help_text="版本号，从 1 起。")
    loaded_at = serializers.DateTimeField(help_text="载入时间。")
    rows = serializers.IntegerField(help_text="行数。")
    size = serializers.IntegerField(help_text="字节数。")
    sm3 = serializers.CharField(help_text="保存的内容的 SM3 摘要值。")
    sha256 = serializers.CharField(help_text="保存的内容的 SHA-256 摘要值。")
    received_sm3 = serializers.CharField(
        allow_blank=True, help_text="收到的文件的 SM3 摘要值，用于核对收到的就是发出的。"
    )
    note = serializers.CharField(allow_blank=True, help_text="本次变化。")


class LoadBody(Body):
    file = serializers.FileField(
        max_length=200, help_text="CSV，UTF-8 编码，首行为信息项的名称或代码，列的次序不限。"
    )
    note = Text(required=False, allow_blank=True, max_length=200, help_text="本次变化。")


def _find(request: Request, code: str) -> Holding:
    found = Holding.objects.visible_to(current(request)).select_related("owner").filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


class Versions(View):
    parser_classes = [MultiPartParser]

    @operation(
        "holding-versions.list", "数据的各版", tag=TAG, query=PageQuery, pages=LoadedVersionShape, also=(404,),
        description="最近载入的在前。",
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Page:
        found = HoldingVersion.objects.filter(holding=_find(request, code))
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return page(found, ("-number", "-id"), name="holding-versions", cursor=cursor, limit=limit)

    @operation(
        "holding-versions.create", "载入一版", tag=TAG, body=LoadBody, multipart=True, gives=LoadedVersionShape,
        status=201, also=(404, 409), around=once,
        description="逐格核对信息项的类型；有一处不合格就一行也不载入，errors 按行列出（最多 200 处）。",
    )  # fmt: skip
    def post(self, request: Request, code: str) -> HoldingVersion:
        try:
            return actions.load_version(
                _find(request, code),
                file=self.given["file"],
                note=self.given.get("note", ""),
                at=clock.now(),
                by=current(request),
            )
        except BadTable as refused:
            raise Problem(
                refused.message,
                code=refused.code,
                status=refused.status,
                errors={"file": [str(error) for error in refused.errors]},
            ) from refused
