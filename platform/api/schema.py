"""The OpenAPI description, read from the operations, so that it says what the interface does and nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema as Inspector
from rest_framework import serializers

from api.fields import Body
from api.problem import MEDIA_TYPE

#: What stands in an address, by the name of its place.
PLACES = {
    "number": "办件编号，如 GX-2026-0001。",
    "code": "代码。",
    "id": "编号。",
    "way": "格式。",
    "version": "版本号，从 1 起。",
}


class AutoSchema(Inspector):
    """How one operation is described: nothing from docstrings, and bodies that take nothing undeclared."""

    def get_description(self) -> str:  # type: ignore[override]
        return ""

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        mapped: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        shape = serializer if isinstance(serializer, type) else type(serializer)
        if issubclass(shape, Body):
            mapped["additionalProperties"] = False
        mapped.pop("description", None)
        if issubclass(shape, serializers.Serializer) and (said := getattr(shape, "description", "")):
            mapped["description"] = str(said)
        return mapped


def tidy(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Last touches: what every answer carries, and each kind of problem once, referred to by its status."""
    components = result.setdefault("components", {})
    components["headers"] = {
        "API-Version": {"schema": {"type": "string"}, "description": "接口约定的版本。"},
        "X-Request-ID": {"schema": {"type": "string"}, "description": "请求号，与日志和审计记录对应。"},
    }
    every = {name: {"$ref": f"#/components/headers/{name}"} for name in components["headers"]}
    told = components.setdefault("responses", {})
    for path in result["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["description"] = PLACES[parameter["name"]]
                if parameter["schema"].get("type") == "object":
                    parameter |= {"style": "deepObject", "explode": True}
            answers = operation["responses"]
            for status, answer in answers.items():
                answer.setdefault("headers", {}).update(every)
                if MEDIA_TYPE in answer.get("content", {}):
                    told[f"Problem{status}"] = answer
                    answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
    _forget(result, "x-spec-enum-id")
    return result


def _forget(value: Any, name: str) -> None:
    """Take a key out wherever it stands."""
    if isinstance(value, dict):
        value.pop(name, None)
        for inner in value.values():
            _forget(inner, name)
    elif isinstance(value, list):
        for inner in value:
            _forget(inner, name)


@cache
def document() -> dict[str, Any]:
    """The whole description; the declarations do not change while the process runs."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found
