"""Importing for machines: a file becomes a run, the run is read, its problems paged, and it is committed."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from api.fields import Body, OneOf, PageQuery, Text
from api.operations import File, operation
from api.paging import Page, page
from api.parsing import MultiPartParser
from api.problem import Problem
from api.shapes import OrganisationRef
from api.views import FileNegotiation, View
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import path
from procedures.idempotency import once
from rest_framework import serializers
from rest_framework.request import Request

from catalog.exchange import marking, runs, template
from catalog.exchange.committing import commit
from catalog.exchange.forms import bodies
from catalog.exchange.views import begin, handed_back
from catalog.models import ImportProblem, ImportRun
from catalog.models.entries import compiles

TAG = "目录导入"


class RunShape(serializers.Serializer):
    """一次导入：文件、核对结果、状态。"""

    id = serializers.IntegerField(help_text="导入的编号。")
    provider = OrganisationRef(help_text="以哪个单位的名义。")
    source = serializers.ChoiceField(
        ImportRun.Source.choices,
        help_text="norm 按规范填写的表，portal 本市门户清单，national 其他地方的目录。",
    )
    state = serializers.ChoiceField(
        ImportRun.State.choices, help_text="checked 已核对，可以按 counts 判断能否导入。"
    )
    name = serializers.CharField(help_text="文件名。")
    format = serializers.CharField(help_text="xlsx、csv 或者 json。", allow_blank=True)
    size = serializers.IntegerField(help_text="字节数。")
    sm3 = serializers.CharField(help_text="文件的 SM3 摘要值。")
    done = serializers.IntegerField(help_text="已处理的行数。")
    total = serializers.IntegerField(help_text="行数。")
    counts = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="add 新增、change 变更、update 修改、unchanged 没有变化、bad 须改正的条目数；"
        "blocking 须改正的处数，大于 0 不能导入；rules 发布前补正的处数。",
    )
    notes = serializers.ListField(child=serializers.CharField(), help_text="读取时的说明。")
    refusal = serializers.CharField(help_text="文件不能使用的原因。", allow_blank=True)
    report = serializers.DictField(help_text="其他目录的清洗报告；按规范填写的表为空。")
    created_at = serializers.DateTimeField(help_text="上传时间。")


class ImportProblemShape(serializers.Serializer):
    """文件中的一处问题。"""

    place = serializers.CharField(help_text="位置，例如“目录条目 第 5 行”。")
    sheet = serializers.CharField(help_text="工作表。")
    line = serializers.IntegerField(help_text="行号，从 1 起。")
    label = serializers.CharField(help_text="列名；空为整行。", allow_blank=True)
    kind = serializers.ChoiceField(ImportProblem.Kind.choices, help_text="类别。")
    blocking = serializers.BooleanField(help_text="true 须改正，否则不能导入；false 发布前补正。")
    value = serializers.CharField(help_text="现在的内容，最多 60 个字。", allow_blank=True)
    message = serializers.CharField(help_text="问题和改法。")
    cites = serializers.SerializerMethodField(help_text="所依据的条文。")

    def get_cites(self, problem: ImportProblem) -> list[str]:
        return problem.cites.split()


class UploadBody(Body):
    provider = Text(max_length=40, help_text="提供单位的代码，应为本单位；市数据主管部门可以代任何单位导入。")
    source = OneOf(ImportRun.Source.choices, required=False, help_text="文件是什么，不填为 norm。")
    file = serializers.FileField(max_length=200, help_text="XLSX、CSV 或者 JSON，不超过 20 MB，按内容认定。")


class ProblemQuery(PageQuery):
    kind = OneOf(ImportProblem.Kind.choices, required=False, help_text="只看一个类别。")
    label = Text(required=False, max_length=60, help_text="只看一列。")


def _visible(request: Request) -> Any:
    return ImportRun.objects.visible_to(current(request)).select_related("provider")


def _find(request: Request, pk: int) -> ImportRun:
    run: ImportRun | None = _visible(request).filter(pk=pk).first()
    if run is None:
        raise Http404(str(pk))
    return run


class Imports(View):
    parser_classes = [MultiPartParser]

    @operation(
        "imports.list",
        "导入",
        tag=TAG,
        query=PageQuery,
        pages=RunShape,
        description="本单位的导入，新的在前。",
    )
    def get(self, request: Request) -> Page:
        asked = self.asked
        return page(
            _visible(request), ("-id",), name="imports", cursor=asked.get("cursor", ""), limit=asked["limit"]
        )

    @operation(
        "imports.upload", "上传并核对", tag=TAG, body=UploadBody, multipart=True, gives=RunShape, status=201,
        around=once,
        description="小文件当即核对；大文件 state 为 waiting，由后台核对，请再次读取。核对不写入目录。",
    )  # fmt: skip
    def post(self, request: Request) -> ImportRun:
        actor = current(request)
        if not compiles(actor):
            raise Problem("目录由政务部门和公共服务组织编制。", code="no-right", status=403)
        provider = next((body for body in bodies(actor) if body.code == self.given["provider"]), None)
        if provider is None:
            raise Problem(
                "没有这个单位，或者您不为它编制目录。",
                code="bad-facts",
                status=422,
                errors={"provider": ["没有这个单位，或者您不为它编制目录。"]},
            )
        return begin(provider, self.given["file"], source=self.given.get("source", "norm"), by=actor)


class OneImport(View):
    @operation("imports.read", "一次导入", tag=TAG, gives=RunShape, also=(404,))
    def get(self, request: Request, pk: int) -> ImportRun:
        return _find(request, pk)


class ImportProblems(View):
    @operation(
        "imports.problems", "文件中的问题", tag=TAG, query=ProblemQuery, pages=ImportProblemShape, also=(404,),
        description="须改正的在前，按文件中的次序。",
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Page:
        asked = self.asked
        found = ImportProblem.objects.filter(run=_find(request, pk))
        if kind := asked.get("kind"):
            found = found.filter(kind=kind)
        if label := asked.get("label"):
            found = found.filter(label=label)
        return page(
            found, ("position",), name="import-problems", cursor=asked.get("cursor", ""), limit=asked["limit"]
        )


class ImportCommit(View):
    @operation(
        "imports.commit", "导入", tag=TAG, gives=RunShape, also=(404, 409), around=once,
        description="把核对合格的内容写入编制中的条目：全部写入，或者一条也不写。同一次导入只写一次。",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> ImportRun:
        return commit(_find(request, pk), at=clock.now(), by=current(request))


class ImportDiscard(View):
    @operation("imports.discard", "放弃导入", tag=TAG, also=(404, 409), around=once)
    def post(self, request: Request, pk: int) -> None:
        runs.discard(_find(request, pk), at=clock.now(), by=current(request))


class ImportMarked(View):
    content_negotiation_class = FileNegotiation

    @operation(
        "imports.marked", "标注的工作簿", tag=TAG, also=(404, 409),
        gives=File((template.MEDIA["xlsx"], template.MEDIA["csv"]), "标注的工作簿；其他目录为按规范整理的清单"),
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        run = _find(request, pk)
        if not marking.is_wanted(run) or not run.file:
            raise Http404("没有要标注的内容，或者这次导入已经结束。")
        if not marking.ready(run):
            raise Problem(
                "文件正在生成，请稍后再取。", code="in-progress", status=409, headers={"Retry-After": "5"}
            )
        return handed_back(run)


urlpatterns = [
    path("catalog-imports/", Imports.as_view(), name="imports"),
    path("catalog-imports/<apiid:pk>/", OneImport.as_view(), name="import"),
    path("catalog-imports/<apiid:pk>/problems/", ImportProblems.as_view(), name="import-problems"),
    path("catalog-imports/<apiid:pk>/commit/", ImportCommit.as_view(), name="import-commit"),
    path("catalog-imports/<apiid:pk>/discard/", ImportDiscard.as_view(), name="import-discard"),
    path("catalog-imports/<apiid:pk>/marked/", ImportMarked.as_view(), name="import-marked"),
]
