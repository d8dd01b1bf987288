"""Quality for machines: an entry, a body, the ranking, the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.actors import current
from accounts.models import Organisation
from api.fields import OneOf, PageQuery, Query, Text
from api.operations import operation
from api.paging import Page, page
from api.shapes import OrganisationRef
from api.views import PublicView, View
from django.http import Http404
from django.urls import path
from procedures.refusals import NoRight
from rest_framework import serializers
from rest_framework.request import Request

from catalog import responsibility
from catalog.models import Entry, EntryQuality
from catalog.quality import ranking, standing
from catalog.quality.declare import RULES, Rule

TAG = "质量"
_OUTCOMES = "met 符合，fails 不符，none 不适用。"


class RuleShape(serializers.Serializer):
    """一条质量规则。"""

    code = serializers.CharField(help_text="规则代码。")
    dimension = serializers.CharField(help_text="维度。")
    label = serializers.CharField(help_text="规则。")
    asks = serializers.CharField(help_text="看什么。")
    mend = serializers.CharField(help_text="不符时怎样改。")
    weight = serializers.IntegerField(help_text="3 必须改，2 应当改，1 建议改。")
    cites = serializers.ListField(child=serializers.CharField(), help_text="依据。")


class ResultShape(serializers.Serializer):
    """一条规则在一个条目上的结果。"""

    rule = serializers.CharField(source="rule.code", help_text="规则代码。")
    dimension = serializers.CharField(source="rule.dimension", help_text="维度。")
    outcome = serializers.CharField(help_text=_OUTCOMES)
    reason = serializers.CharField(help_text="理由。")
    where = serializers.ListField(child=serializers.CharField(), help_text="所指的要素或者信息项。")


class QualityShape(serializers.Serializer):
    """一个条目的质量：每条规则的结果和理由。"""

    code = serializers.CharField(source="row.entry.code", help_text="资源代码。")
    looked_at = serializers.DateTimeField(source="row.looked_at", help_text="检查时间。")
    version = serializers.IntegerField(source="row.entry_version", help_text="检查的条目版本。")
    data_version = serializers.IntegerField(
        source="row.data_version", help_text="检查的数据版本，没有数据为 0。"
    )
    must = serializers.IntegerField(source="row.must", help_text="必须改的规则数。")
    should = serializers.IntegerField(source="row.should", help_text="应当改的规则数。")
    may = serializers.IntegerField(source="row.may", help_text="建议改的规则数。")
    failing = serializers.ListField(
        source="row.failing", child=serializers.CharField(), help_text="不符的规则，要紧的在前。"
    )
    results = ResultShape(source="lines", many=True, help_text="各条规则的结果。")


class QualityLine(serializers.Serializer):
    """一个单位的条目，以及要改的。"""

    code = serializers.CharField(source="entry.code", help_text="资源代码。")
    name = serializers.CharField(source="entry.name", help_text="名称。")
    looked_at = serializers.DateTimeField(help_text="检查时间。")
    must = serializers.IntegerField(help_text="必须改的规则数。")
    should = serializers.IntegerField(help_text="应当改的规则数。")
    may = serializers.IntegerField(help_text="建议改的规则数。")
    failing = serializers.ListField(child=serializers.CharField(), help_text="不符的规则，要紧的在前。")


class CountShape(serializers.Serializer):
    """不符一条规则的条目数。"""

    rule = serializers.CharField(source="rule.code", help_text="规则代码。")
    failing = serializers.IntegerField(help_text="不符的条目数。")
    applies = serializers.IntegerField(help_text="适用的条目数。")


class FiguresShape(serializers.Serializer):
    """一个月的数字。"""

    entries = serializers.IntegerField(help_text="检查的条目数。")
    flawless = serializers.IntegerField(help_text="没有要改的条目数。")
    mark = serializers.FloatField(allow_null=True, help_text="平均符合率，百分数；没有条目为 null。")
    rules = CountShape(source="worst", many=True, help_text="有条目不符的规则，不符多的在前。")


class MonthShape(serializers.Serializer):
    month = serializers.DateField(help_text="月份的第一日。")
    figures = FiguresShape(help_text="这个月的数字。")


class BodyShape(serializers.Serializer):
    """一个单位的质量：近十二个月。"""

    body = OrganisationRef(help_text="单位。")
    months = MonthShape(many=True, help_text="有数字的月份，由早到晚。")


class PlaceShape(serializers.Serializer):
    """一个单位在排名中的位置。"""

    rank = serializers.IntegerField(allow_null=True, help_text="名次；条目太少、不排名的为 null。")
    body = OrganisationRef(help_text="单位。")
    level = serializers.FloatField(help_text="排名所据的数：记入全市平均水平的条目以后的符合率。")
    figures = FiguresShape(help_text="这个月的数字。")


class BoardShape(serializers.Serializer):
    """一个月的排名。"""

    month = serializers.DateField(allow_null=True, help_text="月份的第一日；还没有数字为 null。")
    least = serializers.IntegerField(help_text="条目少于这个数的单位不排名。")
    whole = FiguresShape(help_text="全市。")
    places = PlaceShape(many=True, help_text="各单位，排名的在前。")


class BoardQuery(Query):
    month = Text(required=False, max_length=7, help_text="月份，如 2026-09；不填为最近一个月。")


class LinesQuery(PageQuery):
    rule = OneOf(
        [(code, rule.label) for code, rule in RULES.items()], required=False, help_text="只列不符这条规则的。"
    )


class Rules(PublicView):
    @operation("quality-rules.list", "质量规则", tag=TAG, gives=RuleShape, many=True)
    def get(self, request: Request) -> list[Rule]:
        return list(RULES.values())


class OneQuality(PublicView):
    @operation(
        "entry-quality.read", "一个条目的质量", tag=TAG, gives=QualityShape, also=(404,),
        description="每条规则的结果和理由。还没有检查过的条目为 404。",
    )  # fmt: skip
    def get(self, request: Request, code: str) -> standing.Standing:
        actor: Any = current(request) if request.user.is_authenticated else None
        entry = Entry.objects.visible_to(actor).filter(code=code).first()
        rows = EntryQuality.objects.exclude(looked_at=None).select_related("entry")
        row = rows.filter(entry=entry).first() if entry is not None else None
        if row is None:
            raise Http404(code)
        return standing.of(row)


class Board(View):
    required_scope = "read"

    @operation(
        "quality-ranking.read", "各单位质量排名", tag=TAG, query=BoardQuery, gives=BoardShape, also=(403, 404),
        description="条目不足 20 个的单位不排名。编制目录的单位、数据主管部门和审计可见。",
    )  # fmt: skip
    def get(self, request: Request) -> dict[str, Any]:
        if not responsibility.may_see(current(request)):
            raise NoRight("数据质量情况由编制目录的单位和数据主管部门查看")
        known = ranking.months()
        month = _month(self.asked.get("month", ""), known)
        board = ranking.board(month)
        return {
            "month": board.month,
            "least": ranking.LEAST,
            "whole": board.whole,
            "places": [*board.ranked, *board.unranked],
        }


class OneBody(View):
    required_scope = "read"

    @operation(
        "body-quality.read", "一个单位的质量", tag=TAG, gives=BodyShape, also=(404,),
        description="近十二个月的数字。本单位、汇总单位、市数据主管部门和审计可见。",
    )  # fmt: skip
    def get(self, request: Request, code: str) -> dict[str, Any]:
        body = _body(request, code)
        known = ranking.months()
        rows = ranking.trend(known[0], body) if known else []
        months = [{"month": month, "figures": figures} for month, figures in rows if figures.entries]
        return {"body": body, "months": months}


class BodyEntries(View):
    required_scope = "read"

    @operation(
        "body-quality.entries", "一个单位要改的条目", tag=TAG, query=LinesQuery, pages=QualityLine, also=(404,),
        description="要紧的在前。本单位、汇总单位、市数据主管部门和审计可见。",
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Page:
        body, rule = _body(request, code), self.asked.get("rule", "")
        return page(
            standing.of_body(body, rule), standing.ORDER, name=f"quality.{code}",
            cursor=self.asked.get("cursor", ""), limit=self.asked["limit"],
        )  # fmt: skip


def _body(request: Request, code: str) -> Organisation:
    body = responsibility.visible_bodies(current(request)).filter(code=code).first()
    if body is None:
        raise Http404(code)
    return body


def _month(asked: str, known: list[date]) -> date | None:
    """The month asked for, the newest where none is; a month without figures does not exist."""
    if not asked:
        return known[0] if known else None
    found = next((month for month in known if f"{month:%Y-%m}" == asked), None)
    if found is None:
        raise Http404(asked)
    return found


urlpatterns = [
    path("quality-rules/", Rules.as_view(), name="quality-rules"),
    path("quality-ranking/", Board.as_view(), name="quality-ranking"),
    path("quality-bodies/<apikey:code>/", OneBody.as_view(), name="quality-body"),
    path("quality-bodies/<apikey:code>/entries/", BodyEntries.as_view(), name="quality-body-entries"),
    path("entries/<apicode:code>/quality/", OneQuality.as_view(), name="entry-quality"),
]
