"""The description of the interface as a document, and the root that says where things are."""

from __future__ import annotations

from typing import Any

import yaml
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from api import schema
from api.fields import OneOf, Query
from api.operations import File, operation
from api.problem import plain
from api.views import VERSION, FileNegotiation, PublicView

TAG = "总则"
JSON, YAML = "application/vnd.oai.openapi+json", "application/vnd.oai.openapi"


class FormatQuery(Query):
    format = OneOf(
        [("json", "JSON"), ("yaml", "YAML")], required=False, help_text="不写的，按 Accept 请求头。"
    )


class Schema(PublicView):
    content_negotiation_class = FileNegotiation

    @operation(
        "schema",
        "OpenAPI 3.1 描述",
        tag=TAG,
        query=FormatQuery,
        gives=File((JSON, YAML), "接口的描述", {JSON: {"type": "object"}}),
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = self.asked.get("format")
        wants_yaml = asked == "yaml" or (asked is None and "yaml" in request.headers.get("Accept", ""))
        if wants_yaml:
            text = yaml.safe_dump(_plain(schema.document()), allow_unicode=True, sort_keys=False)
            return HttpResponse(text, content_type=YAML)
        return JsonResponse(schema.document(), content_type=JSON, json_dumps_params={"ensure_ascii": False})


class RootShape(serializers.Serializer):
    """接口的目录。"""

    version = serializers.CharField(help_text="接口约定的版本。")
    schema = serializers.CharField(help_text="OpenAPI 描述的地址。")
    docs = serializers.CharField(help_text="说明页的地址。")
    resources = serializers.DictField(child=serializers.CharField(), help_text="各类内容的地址。")


class Root(PublicView):
    """`resources` names the addresses without parameters, as the address plan has them."""

    @operation("root", "接口目录", tag=TAG, gives=RootShape)
    def get(self, request: Request) -> dict[str, Any]:
        address = reverse("api:root")
        listed = {
            path.removeprefix(address).strip("/"): path
            for path, methods in schema.document()["paths"].items()
            if "{" not in path and "get" in methods and path != address
        }
        return {
            "version": VERSION,
            "schema": f"{reverse('api:schema')}?format=json",
            "docs": reverse("api-docs"),
            "resources": listed,
        }


def unslashed(request: Any, rest: str) -> HttpResponseBase:
    """An address without its last slash is none; a redirection would lose what was sent."""
    said = f"接口的地址以 / 结尾，应为 {request.path}/。"
    return plain(request, 404, "not-found", said, title="没有找到")


def _plain(value: Any) -> Any:
    """Only what YAML knows: no lazy texts, no subclasses."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, bool | int | float) or value is None else str(value)
