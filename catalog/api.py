"""The catalogue for machines: finding entries, reading one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor, current
from api.fields import Many, OneOf, PageQuery, Text
from api.operations import etag_header, operation
from api.paging import Page, of_list, page
from api.preconditions import etag
from api.shapes import OrganisationRef
from api.views import PublicView
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import queries, versionapi
from catalog.compile import api as compiling
from catalog.corrections.queries import marks_of_entry
from catalog.demands import api as demands
from catalog.models import Entry
from catalog.norm import vocabularies
from catalog.quality import api as quality
from catalog.search import find
from catalog.shapes import SaidShape

TAG = "目录"
#: So many are put in order of relevance.
LIKELIEST = 400
ORDERS = {"code": ("code",), "changed": ("-changed_at", "code")}


@dataclass(frozen=True)
class Place:
    """One place in the order of relevance."""

    key: int


class EntryLine(serializers.Serializer):
    """目录条目的概要。"""

    code = serializers.CharField(help_text="资源代码。")
    name = serializers.CharField(help_text="名称。")
    summary = serializers.CharField(help_text="摘要。")
    provider = OrganisationRef(help_text="数据提供单位。")
    subject = serializers.CharField(allow_blank=True, help_text="主题。")
    sharing_type = serializers.CharField(
        help_text="unconditional 无条件共享，conditional 有条件共享，not-shared 不予共享。"
    )
    sharing_basis = serializers.CharField(allow_blank=True, help_text="共享类型的依据。")
    update_cycle = serializers.CharField(allow_blank=True, help_text="更新周期。")
    delivery = serializers.ListField(
        child=serializers.CharField(), help_text="提供方式：file 文件下载，api 接口调用。"
    )
    status = serializers.CharField(help_text="draft 编制中，published 已发布，withdrawn 已撤销。")
    version = serializers.IntegerField(help_text="目录版本。")
    changed_at = serializers.DateTimeField(allow_null=True, help_text="最近变更。")
    data_rows = serializers.IntegerField(allow_null=True, help_text="最近一版数据的行数；没有数据为 null。")
    data_at = serializers.DateTimeField(allow_null=True, help_text="最近一版数据的载入时间。")


class ReviewShape(serializers.Serializer):
    """一处正在进行的校核（GOV19-19）。"""

    item = serializers.CharField(allow_blank=True, help_text="信息项代码；整条记录有疑义的为空。")
    since = serializers.DateTimeField(help_text="收到校核申请的时间。")
    notice = serializers.CharField(
        allow_blank=True, help_text="告知书的验证码，用于 /api/v1/papers/{code}/。"
    )


class EntryShape(EntryLine, SaidShape):
    """目录条目：规范规定的各要素，信息项，共享条件。"""

    published_at = serializers.DateTimeField(allow_null=True, help_text="首次发布。")
    may_apply = serializers.SerializerMethodField(help_text="调用者所在的机构可否申请共享。")
    under_review = ReviewShape(many=True, help_text="正在校核的地方；校核期间数据照常提供，没有的为空列表。")

    def get_may_apply(self, entry: Entry) -> bool:
        return queries.may_apply(entry, self.context["actor"])


def _values(vocabulary: str, label: str) -> Many:
    """One or more values of a code list."""
    values = [(value.code, value.label) for value in vocabularies.vocabulary(vocabulary).values]
    return Many(child=OneOf(values), required=False, max_length=20, help_text=f"{label}，可写几个。")


class EntryQuery(PageQuery):
    q = Text(
        required=False, max_length=200,
        help_text="名称、摘要、信息项、代码、单位中任意连续两个以上的字，空格隔开，须都有；同义词一并查找。",
    )  # fmt: skip
    type = _values("sharing-type", "共享类型")
    opening = _values("opening-type", "开放类型")
    provider = Many(
        child=Text(max_length=40), required=False, max_length=20, help_text="提供单位的代码，可写几个。"
    )
    district = Many(
        child=Text(max_length=6), required=False, max_length=20,
        help_text="提供单位所在区县的行政区划代码，city 为市级，可写几个。",
    )  # fmt: skip
    subject = _values("subject", "主题")
    cycle = _values("update-cycle", "更新周期")
    format = _values("format", "格式")
    level = _values("security-level", "安全级别")
    order = OneOf(
        [("code", "资源代码"), ("changed", "最近变更在前"), ("relevance", "相关程度高的在前，最多 400 条")],
        required=False,
        help_text="次序，不填按资源代码。relevance 用于有 q 的查询。",
    )


def _actor(request: Request) -> Actor | None:
    return current(request) if request.user.is_authenticated else None


class Entries(PublicView):
    @operation(
        "entries.list", "目录条目", tag=TAG, query=EntryQuery, pages=EntryLine,
        description="已发布的条目任何人可见；本单位未发布的，登录后可见。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        asked, actor = self.asked, _actor(request)
        chosen = {name: asked[name] for name in find.FACETS if asked.get(name)}
        search = find.Search.asking(asked.get("q", ""), chosen)
        order = asked.get("order", "code")
        name, cursor = f"entries.{order}", asked.get("cursor", "")
        if order == "relevance":
            return self._likeliest(search, actor, name=name, cursor=cursor, limit=asked["limit"])
        found = queries.with_latest(find.matching(search, actor))
        return page(found, ORDERS[order], name=name, cursor=cursor, limit=asked["limit"])

    def _likeliest(self, search: find.Search, actor: Actor | None, **paging: Any) -> Page:
        """A page of the likeliest; what they say is read for this page only."""
        places = of_list([Place(key) for key in find.likeliest(search, actor, LIKELIEST)], "key", **paging)
        keys = [place.key for place in places.rows]
        entries = queries.with_latest(Entry.objects.visible_to(actor)).in_bulk(keys)
        return Page([entries[key] for key in keys if key in entries], places.next)


class OneEntry(PublicView):
    @operation(
        "entries.read", "一个目录条目", tag=TAG, gives=EntryShape, also=(404,), headers=(etag_header(200),)
    )
    def get(self, request: Request, code: str) -> Response:
        actor = _actor(request)
        found: Any = (
            queries.with_latest(Entry.objects.visible_to(actor))
            .prefetch_related("items", "conditions")
            .filter(code=code)
            .first()
        )
        if found is None:
            raise Http404(code)
        found.under_review = marks_of_entry(found)
        notices = "-".join(mark.notice for mark in found.under_review)
        shape = EntryShape(found, context={"actor": actor})
        return Response(shape.data, headers={"ETag": etag(found.code, found.version, notices)})


urlpatterns = [
    path("entries/", Entries.as_view(), name="entries"),
    path("entries/<apicode:code>/", OneEntry.as_view(), name="entry"),
    *compiling.urlpatterns,
    *versionapi.urlpatterns,
    *quality.urlpatterns,
    *demands.urlpatterns,
]
