"""The register of bodies, for anyone."""

from __future__ import annotations

from typing import Any

from api.fields import OneOf, PageQuery, Text
from api.operations import operation
from api.paging import Page, page
from api.shapes import OrganisationRef
from api.views import PublicView
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request

from accounts import queries
from accounts.models import Organisation

TAG = "机构"


class OrganisationShape(OrganisationRef):
    """机构。"""

    kind = serializers.CharField(help_text="类别代码。")
    kind_label = serializers.CharField(source="get_kind_display", help_text="类别。")
    duty = serializers.CharField(
        allow_blank=True,
        help_text="法定职责：city-authority 市数据主管部门，district-authority 区县数据主管部门。",
    )
    uscc = serializers.CharField(allow_blank=True, help_text="统一社会信用代码；未核实的为空。")
    district = serializers.CharField(
        source="district.code", default=None, allow_null=True, help_text="所在区县的行政区划代码。"
    )
    valid_from = serializers.DateField(allow_null=True, help_text="设立日期。")
    valid_to = serializers.DateField(allow_null=True, help_text="撤销日期。")
    successor = serializers.CharField(
        source="successor.code", default=None, allow_null=True, help_text="承继机构的代码。"
    )


class OrganisationQuery(PageQuery):
    q = Text(required=False, max_length=60, help_text="名称的一部分，或者代码的开头。")
    kind = OneOf(Organisation.Kind.choices, required=False, help_text="类别。")


class Organisations(PublicView):
    @operation("organisations.list", "机构名录", tag=TAG, query=OrganisationQuery, pages=OrganisationShape)
    def get(self, request: Request) -> Page:
        asked = self.asked
        found = queries.organisations(text=asked.get("q", ""), kind=asked.get("kind", ""))
        cursor, limit = asked.get("cursor", ""), asked["limit"]
        return page(found, ("code",), name="organisations", cursor=cursor, limit=limit)


class OneOrganisation(PublicView):
    @operation("organisations.read", "一个机构", tag=TAG, gives=OrganisationShape, also=(404,))
    def get(self, request: Request, code: str) -> Any:
        found = queries.organisations().filter(code=code).first()
        if found is None:
            raise Http404(code)
        return found


urlpatterns = [
    path("organisations/", Organisations.as_view(), name="organisations"),
    path("organisations/<apikey:code>/", OneOrganisation.as_view(), name="organisation"),
]
