"""Working days and the lengths of limits, for anyone: nothing is stored."""

from __future__ import annotations

from typing import Any

import clock
from api.fields import Day, PageQuery, Query, Text, Whole
from api.operations import operation
from api.paging import Page, page
from api.problem import Problem
from api.views import PublicView
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request

from deadlines.counting import MOST, YEARS, CountRefused
from deadlines.queries import count_api, terms_on

TAG = "期限"


class SentenceShape(serializers.Serializer):
    """说明的一句。"""

    text = serializers.CharField()
    cites = serializers.ListField(child=serializers.CharField(), help_text="所依据的条文。")


class WorkdaysShape(serializers.Serializer):
    """数出来的那一天，和为什么是那一天。"""

    start = serializers.DateField(help_text="起算日期，当天不计入。")
    n = serializers.IntegerField(help_text="工作日数；负数往回数。")
    date = serializers.DateField(help_text="结果。")
    provisional = serializers.BooleanField(help_text="是否暂定：经过的年份还没有放假安排。")
    calendar = serializers.IntegerField(help_text="工作日历的版本。")
    sentences = SentenceShape(many=True, help_text="逐句说明。")
    days = serializers.ListField(
        child=serializers.DictField(), help_text="逐日的计算；很长的中段合并为一行。"
    )


class WorkdaysQuery(Query):
    start = Day(help_text=f"事情发生的那一天，当天不计入；{YEARS[0]} 至 {YEARS[-1]} 年。")
    n = Whole(min_value=-MOST, max_value=MOST, help_text="工作日数；往回数填负数。")


class Workdays(PublicView):
    @operation("workdays", "数工作日", tag=TAG, query=WorkdaysQuery, gives=WorkdaysShape)
    def get(self, request: Request) -> dict[str, Any]:
        try:
            return count_api(self.asked["start"], self.asked["n"])
        except CountRefused as refusal:
            raise Problem(str(refusal), code="bad-query", errors={"start": [str(refusal)]}) from refusal


class TermShape(serializers.Serializer):
    """一项期限条款。"""

    code = serializers.CharField(help_text="编号，如 T07。")
    name = serializers.CharField()
    amount = serializers.IntegerField(help_text="时长；至指定日期的为 0。")
    unit = serializers.CharField(help_text="wd 个工作日，cd 日，month 个月，year 年，until 至指定日期。")
    rolls = serializers.BooleanField(help_text="最后一日遇休息日是否顺延。")
    basis = serializers.CharField(help_text="所依据的条文。")
    standing = serializers.CharField(
        help_text="law 法定，default 平台默认，second-hand 和 unchecked 待确认。"
    )
    valid_from = serializers.DateField(help_text="施行日。")
    valid_to = serializers.DateField(allow_null=True, help_text="废止日；没有为 null。")


class TermQuery(PageQuery):
    on = Day(required=False, help_text="哪一天有效的；不填为今天。")
    code = Text(required=False, max_length=40, help_text="编号。")


class Terms(PublicView):
    @operation("terms.list", "期限条款", tag=TAG, query=TermQuery, pages=TermShape)
    def get(self, request: Request) -> Page:
        asked = self.asked
        found = terms_on(asked.get("on") or clock.today())
        if "code" in asked:
            found = found.filter(code=asked["code"])
        order = ("code", "valid_from", "id")
        return page(found, order, name="terms", cursor=asked.get("cursor", ""), limit=asked["limit"])


urlpatterns = [
    path("workdays/", Workdays.as_view(), name="workdays"),
    path("terms/", Terms.as_view(), name="terms"),
]
