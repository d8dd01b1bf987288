"""The catalogue's versions and the responsibility lists for machines."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from api.fields import PageQuery, Query, Whole
from api.operations import operation
from api.paging import Page, page
from api.shapes import OrganisationRef
from api.views import PublicView, View
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request

from catalog import responsibility, versions
from catalog.models import Entry, EntryVersion, Publication
from catalog.norm.content import Content
from catalog.shapes import SaidShape

TAG = "目录版本"


class PublicationShape(serializers.Serializer):
    """目录的一版：一次发布的全部内容，不再改变。"""

    number = serializers.IntegerField(help_text="公共数据资源目录第几版。")
    at = serializers.DateTimeField(help_text="发布时间。")
    reason = serializers.CharField(help_text="说明。")
    added = serializers.IntegerField(help_text="新增条数。")
    changed = serializers.IntegerField(help_text="变更条数。")
    withdrawn = serializers.IntegerField(help_text="撤销条数。")
    digest = serializers.CharField(help_text="本版内容的 SM3 摘要，64 位十六进制。")


class VersionLine(serializers.Serializer):
    """条目的一版。"""

    code = serializers.CharField(source="content.code", help_text="资源代码。")
    number = serializers.IntegerField(help_text="条目第几版。")
    publication = serializers.IntegerField(source="publication.number", help_text="随目录第几版发布。")
    at = serializers.DateTimeField(help_text="发布时间。")
    reason = serializers.CharField(allow_blank=True, help_text="原因。")
    name = serializers.CharField(source="content.name", help_text="名称。")
    status = serializers.CharField(source="content.status", help_text="published 已发布，withdrawn 已撤销。")
    provider = serializers.CharField(source="content.provider.code", help_text="数据提供单位的机构代码。")


class VersionShape(VersionLine):
    """条目的一版，全部内容。"""

    content = serializers.SerializerMethodField(help_text="条目的各要素。")

    def get_content(self, version: EntryVersion) -> SaidShape:
        return SaidShape(Content.of(version.content).as_json()).data  # type: ignore[return-value]


class ResponsibilityLine(serializers.Serializer):
    """采集责任清单的一条。"""

    code = serializers.CharField(source="version.content.code", help_text="资源代码。")
    name = serializers.CharField(source="version.content.name", help_text="名称。")
    version = serializers.IntegerField(source="version.number", help_text="条目第几版。")
    items = serializers.SerializerMethodField(help_text="应当采集的信息项的代码。")
    update_cycle = serializers.CharField(source="version.content.update_cycle", help_text="更新周期。")
    state = serializers.CharField(
        help_text="none 未汇聚，missing 缺信息项，late 超过周期，kept 按期更新，free 已汇聚。"
    )
    missing = serializers.ListField(child=serializers.CharField(), help_text="没有汇聚的信息项的名称。")
    expected = serializers.DateField(
        source="fresh.expected", allow_null=True, help_text="按周期下一次载入的最后一日。"
    )
    rows = serializers.IntegerField(allow_null=True, help_text="最近一版数据的行数。")

    def get_items(self, duty: responsibility.Duty) -> list[str]:
        return [item["code"] for item in duty.version.content["items"]]


class ResponsibilityShape(serializers.Serializer):
    """一个单位的采集责任清单，与汇聚情况对照。"""

    body = OrganisationRef(help_text="单位。")
    publication = serializers.IntegerField(
        source="publication.number", allow_null=True, default=None, help_text="所据的目录版本。"
    )
    duties = ResponsibilityLine(many=True, help_text="各条目。")


class ResponsibilityQuery(Query):
    version = Whole(required=False, min_value=1, help_text="目录版本，不填为现行版本。")


class Publications(PublicView):
    @operation("publications.list", "目录的各版本", tag=TAG, query=PageQuery, pages=PublicationShape)
    def get(self, request: Request) -> Page:
        return page(
            Publication.objects.all(), ("-number",), name="publications",
            cursor=self.asked.get("cursor", ""), limit=self.asked["limit"],
        )  # fmt: skip


class OnePublication(PublicView):
    @operation("publications.read", "目录的一版", tag=TAG, gives=PublicationShape, also=(404,))
    def get(self, request: Request, version: int) -> Publication:
        return _publication(version)


class Standing(PublicView):
    @operation(
        "publications.entries", "一版目录中的条目", tag=TAG, query=PageQuery, pages=VersionLine, also=(404,),
        description="目录在这一版时的全部条目，按资源代码；每条是当时最新的一版。",
    )  # fmt: skip
    def get(self, request: Request, version: int) -> Page:
        found = versions.standing_at(_publication(version).number)
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return page(found, ("entry__code",), name=f"standing.{version}", cursor=cursor, limit=limit)


class EntryVersions(PublicView):
    @operation(
        "entry-versions.list", "条目的各版本", tag=TAG, query=PageQuery, pages=VersionLine, also=(404,)
    )
    def get(self, request: Request, code: str) -> Page:
        found = _entry(request, code).versions.select_related("publication")
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return page(found, ("-number",), name=f"versions.{code}", cursor=cursor, limit=limit)


class OneEntryVersion(PublicView):
    @operation("entry-versions.read", "条目的一版", tag=TAG, gives=VersionShape, also=(404,))
    def get(self, request: Request, code: str, version: int) -> EntryVersion:
        found = _entry(request, code).versions.select_related("publication").filter(number=version).first()
        if found is None:
            raise Http404(f"{code} 第 {version} 版")
        return found


class Responsibility(View):
    required_scope = "read"

    @operation(
        "responsibility-lists.read", "采集责任清单", tag=TAG, query=ResponsibilityQuery,
        gives=ResponsibilityShape, also=(404,),
        description="目录分解到单位的采集责任，及其落实情况。本单位、汇总单位、市数据主管部门和审计可见。",
    )  # fmt: skip
    def get(self, request: Request, code: str) -> responsibility.ResponsibilityList:
        found = responsibility.visible_bodies(current(request)).filter(code=code).first()
        if found is None:
            raise Http404(code)
        number = self.asked.get("version")
        made = _publication(number) if number else responsibility.latest()
        return responsibility.list_of(found, made, clock.now())


def _publication(number: int) -> Publication:
    found = Publication.objects.filter(number=number).first()
    if found is None:
        raise Http404(f"目录没有第 {number} 版")
    return found


def _entry(request: Request, code: str) -> Entry:
    actor: Any = current(request) if request.user.is_authenticated else None
    found: Entry | None = Entry.objects.visible_to(actor).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


urlpatterns = [
    path("catalogue-versions/", Publications.as_view(), name="publications"),
    path("catalogue-versions/<apiid:version>/", OnePublication.as_view(), name="publication"),
    path("catalogue-versions/<apiid:version>/entries/", Standing.as_view(), name="publication-entries"),
    path("entries/<apicode:code>/versions/", EntryVersions.as_view(), name="entry-versions"),
    path("entries/<apicode:code>/versions/<apiid:version>/", OneEntryVersion.as_view(), name="entry-version"),
    path("responsibility-lists/<apikey:code>/", Responsibility.as_view(), name="responsibility-list"),
]
