"""The law for machines: instruments, articles, and the duties with what enforces each."""

from __future__ import annotations

from typing import Any

import clock
from api.fields import OneOf, PageQuery, Text
from api.operations import operation
from api.paging import Page, of_list
from api.views import PublicView
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from statutes import enforcement, law
from statutes.texts import Article, Duty

TAG = "法规"
INSTRUMENTS = [(one.code, one.title) for one in law.instruments()]
APPS = sorted({one.app for one in law.duties()})


class CitationShape(serializers.Serializer):
    """一处条文。"""

    code = serializers.CharField(help_text="引用代号，如 REG22-26.1。")
    text = serializers.CharField(help_text="全称，如《重庆市数据条例》第二十六条第一款。")
    page = serializers.CharField(source="url", help_text="说明页的地址。")


class DutyShape(serializers.Serializer):
    """一项职责。"""

    id = serializers.CharField(help_text="编号，如 SHA-05。")
    app = serializers.CharField(help_text="所属业务。")
    summary = serializers.CharField(help_text="内容（平台自己的概括，不是法条原文）。")
    articles = CitationShape(many=True, help_text="所依据的条文。")
    force = serializers.BooleanField(help_text="是否有施行中的法规作依据。")
    enforced_by = serializers.SerializerMethodField(help_text="由哪些步骤或者规则落实。")

    def get_enforced_by(self, duty: Duty) -> list[str]:
        return [one.label for one in enforcement.enforcing(duty.id)]


class ArticleLine(serializers.Serializer):
    """一条法规条文的概要。"""

    code = serializers.CharField(help_text="代号，如 REG22-26。")
    instrument = serializers.CharField(source="instrument.code", help_text="所在法规的代号。")
    title = serializers.CharField(source="instrument.title", help_text="所在法规的名称。")
    number = serializers.CharField(help_text="条号。")
    caption = serializers.CharField(allow_blank=True, help_text="标题。")
    summary = serializers.CharField(allow_blank=True, help_text="内容（平台自己的概括，不是法条原文）。")
    page = serializers.CharField(source="url", help_text="说明页的地址。")


class ReferenceShape(serializers.Serializer):
    """依据这一条的程序或者期限。"""

    kind = serializers.CharField()
    label = serializers.CharField()
    value = serializers.CharField(allow_blank=True)


class FigureShape(serializers.Serializer):
    """关于这一条的一个实时数字。"""

    label = serializers.CharField()
    value = serializers.CharField()


class ArticleShape(ArticleLine):
    """一条法规条文：它产生的职责，依据它的程序和期限，实时数字。"""

    in_force = serializers.SerializerMethodField(help_text="今天是否施行。")
    duties = serializers.SerializerMethodField()
    resting = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()

    def get_in_force(self, article: Article) -> bool:
        return article.instrument.in_force(clock.today())

    def get_duties(self, article: Article) -> list[str]:
        return [duty.id for duty in law.duties_on(article)]

    @extend_schema_field(ReferenceShape(many=True))
    def get_resting(self, article: Article) -> Any:
        return ReferenceShape(enforcement.references(article, at=clock.now()), many=True).data

    @extend_schema_field(FigureShape(many=True))
    def get_figures(self, article: Article) -> Any:
        return FigureShape(enforcement.figures(article, at=clock.now()), many=True).data


class ArticleQuery(PageQuery):
    instrument = OneOf(INSTRUMENTS, required=False, help_text="法规代号。")
    q = Text(required=False, max_length=60, help_text="标题或者内容中的文字。")


class Articles(PublicView):
    @operation("articles.list", "法规条文", tag=TAG, query=ArticleQuery, pages=ArticleLine)
    def get(self, request: Request) -> Page:
        asked = self.asked
        codes = [asked["instrument"]] if "instrument" in asked else [code for code, _ in INSTRUMENTS]
        text = asked.get("q", "")
        found = [
            one for code in codes for one in law.articles(code) if text in one.caption or text in one.summary
        ]
        return of_list(found, "code", name="articles", cursor=asked.get("cursor", ""), limit=asked["limit"])


class OneArticle(PublicView):
    @operation("articles.read", "一条法规条文", tag=TAG, gives=ArticleShape, also=(404,))
    def get(self, request: Request, code: str) -> Article:
        try:
            return law.cite(code).article
        except law.UnknownArticle as error:
            raise Http404(str(error)) from error


class DutyQuery(PageQuery):
    app = OneOf(APPS, required=False, help_text="所属业务。")


class Duties(PublicView):
    @operation("duties.list", "法定职责", tag=TAG, query=DutyQuery, pages=DutyShape)
    def get(self, request: Request) -> Page:
        app = self.asked.get("app")
        found = [one for one in law.duties() if app in (None, one.app)]
        cursor, limit = self.asked.get("cursor", ""), self.asked["limit"]
        return of_list(found, "id", name="duties", cursor=cursor, limit=limit)


class OneDuty(PublicView):
    @operation("duties.read", "一项法定职责", tag=TAG, gives=DutyShape, also=(404,))
    def get(self, request: Request, code: str) -> Duty:
        try:
            return law.duty(code)
        except law.UnknownDuty as error:
            raise Http404(code) from error


urlpatterns = [
    path("articles/", Articles.as_view(), name="articles"),
    path("articles/<apikey:code>/", OneArticle.as_view(), name="article"),
    path("duties/", Duties.as_view(), name="duties"),
    path("duties/<apikey:code>/", OneDuty.as_view(), name="duty"),
]
