"""The page that explains the interface, drawn from its description: what can be called, with what, what is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api import schema
from api.paging import LARGEST, USUAL
from api.problem import TITLES
from api.views import VERSION

_TYPES = {
    "string": "文本",
    "integer": "整数",
    "number": "数值",
    "boolean": "true 或 false",
    "object": "对象",
    "array": "列表",
}
_FORMATS = {"date": "日期", "date-time": "时间", "binary": "文件"}
_PLACES = {"path": "地址", "query": "参数", "header": "请求头"}


@dataclass(frozen=True)
class Field:
    """One thing that a call takes."""

    name: str
    place: str
    kind: str
    required: bool
    told: str


@dataclass(frozen=True)
class Call:
    """One operation as the page shows it. `anchor` is its place on the page."""

    anchor: str
    method: str
    path: str
    summary: str
    told: list[str]
    fields: list[Field]
    answers: list[tuple[str, str]]
    scope: str
    public: bool


@dataclass
class Group:
    name: str
    anchor: str
    calls: list[Call] = field(default_factory=list)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """For everybody, as the interface's own description is."""
    context = {
        "groups": groups(schema.document()),
        "problems": sorted(TITLES.items()),
        "rates": settings.API_RATES,
        "key_hours": settings.API_KEY_HOURS,
        "body_kb": settings.API_LARGEST_BODY // 1024,
        "usual": USUAL,
        "largest": LARGEST,
        "version": VERSION,
        "site": settings.SITE_URL,
    }
    return render(request, "api/docs.html", context)


def groups(document: dict[str, Any]) -> list[Group]:
    """The operations by tag, in the order of the address plan."""
    found: dict[str, Group] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = operation["tags"][0]
            group = found.setdefault(name, Group(name, f"group-{len(found) + 1}"))
            group.calls.append(_call(document, path, method, operation))
    return list(found.values())


def _call(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Call:
    token = next((one["token"] for one in operation.get("security", ()) if "token" in one), [])
    return Call(
        anchor=f"op-{operation['operationId'].replace('.', '-')}",
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        told=operation.get("description", "").split("\n\n") if operation.get("description") else [],
        fields=[*_parameters(document, operation), *_body(document, operation)],
        answers=[
            (status, _of(document, answer).get("description", ""))
            for status, answer in operation["responses"].items()
        ],
        scope=token[0] if token else "",
        public={} in operation.get("security", ()),
    )


def _parameters(document: dict[str, Any], operation: dict[str, Any]) -> list[Field]:
    return [
        Field(
            one["name"],
            _PLACES[one["in"]],
            _kind(document, one["schema"]),
            one.get("required", False),
            one.get("description", ""),
        )
        for one in operation.get("parameters", ())
    ]


def _body(document: dict[str, Any], operation: dict[str, Any]) -> list[Field]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        shape = _of(document, content["schema"])
        needed = shape.get("required", ())
        return [
            Field(name, "请求体", _kind(document, one), name in needed, one.get("description", ""))
            for name, one in shape.get("properties", {}).items()
        ]
    return []


def _of(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    if "$ref" not in part:
        return part
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _kind(document: dict[str, Any], shape: dict[str, Any]) -> str:
    """The type in words, with its bounds."""
    shape = _of(document, shape)
    name = shape.get("type", "")
    name = next((one for one in name if one != "null"), "") if isinstance(name, list) else name
    if name == "array":
        return f"列表，每项为{_kind(document, shape['items'])}"
    if "enum" in shape:
        return "、".join(str(one) for one in shape["enum"] if one not in ("", None))
    words = _FORMATS.get(shape.get("format", ""), _TYPES.get(name, "任意"))
    least = shape.get("minLength", shape.get("minimum"))
    most = shape.get("maxLength", shape.get("maximum"))
    unit = " 个字" if name == "string" else ""
    if words == "文本" and (least or 0) <= 1:
        least = None
    if least is not None and most is not None:
        return f"{words}，{least:,} 至 {most:,}{unit}"
    return f"{words}，最多 {most:,}{unit}" if most is not None and name == "string" else words
