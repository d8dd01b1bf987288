"""One call of the interface, declared once: what it takes, gives and refuses. The description is read from here.

    class Cases(View):
        @operation("cases.list", "办件列表", query=CaseQuery, pages=CaseLine)
        def get(self, request): …                       # self.asked holds the parameters; returns a Page

The declaration parses the address and the body strictly, turns what the method returns into the answer it promises,
and tells OpenAPI all of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import problem
from api.fields import Many, ProblemShape, Query
from api.paging import Page
from api.problem import Problem

Handler = Callable[..., Any]
#: Wraps the carrying out of a call, to answer a repeated one from memory: (view, request, carry out) → the answer.
Around = Callable[[Any, Request, Callable[[], Response]], Response]

_WORDS = {
    400: "地址或者参数不符合约定",
    401: "没有登录，或者令牌不能使用",
    403: "没有这项权限",
    404: "没有这一内容，或者只对办理人可见",
    406: "不能提供所要的格式",
    409: "当前状态不能办理，或者同一请求正在处理",
    412: "内容在读取之后已有更新",
    413: "请求体过大",
    415: "不接收这一格式的请求体",
    422: "填报内容不完整或者不符合要求，errors 逐项说明",
    428: "缺少 If-Match",
    429: "调用过于频繁，Retry-After 是应等待的秒数",
}
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    {"type": "integer"},
    OpenApiParameter.HEADER,
    response=["429"],
    description="应等待的秒数。",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="最近一次读取时的 ETag；内容已有更新时拒绝（412）。",
)

IF_MATCH_NEEDED = OpenApiParameter(
    "If-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    required=True,
    description="读取时的 ETag；内容已有更新时拒绝（412），没有写明时也拒绝（428）。",
)


def etag_header(*statuses: int) -> OpenApiParameter:
    return OpenApiParameter(
        "ETag",
        {"type": "string"},
        OpenApiParameter.HEADER,
        response=[str(status) for status in statuses],
        description="这一版内容的标记，用于 If-Match。",
    )


@dataclass(frozen=True)
class File:
    """An answer that is a file: its media types, of which some are JSON of a shape."""

    media_types: tuple[str, ...]
    description: str = "文件"
    json: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def shape(self, media_type: str) -> dict[str, Any]:
        return self.json.get(media_type, {"type": "string", "format": "binary"})


def operation(
    name: str,
    summary: str,
    *,
    tag: str,
    description: str = "",
    query: type[Query] | None = None,
    body: type[serializers.Serializer] | None = None,
    multipart: bool = False,
    gives: type[serializers.Serializer] | File | None = None,
    pages: type[serializers.Serializer] | None = None,
    many: bool = False,
    status: int = 200,
    also: Iterable[int] = (),
    headers: Iterable[OpenApiParameter] = (),
    around: Around | None = None,
) -> Callable[[Handler], Handler]:
    """Declare a method of a `View` as an operation.

    The method returns what `gives` serialises, a `Page` for `pages`, a list for `many`, None for 204, or a Response
    of its own. `also` names statuses beyond those that every call can have. `around` carries it out (and may bring
    `headers` and `also` of its own).
    """
    headers = (*headers, *getattr(around, "headers", ()))
    also = (*also, *getattr(around, "also", ()))

    def declare(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def carried_out(self: Any, request: Request, **place: Any) -> Any:
            self.asked = _query(query, request)
            self.given = _body(body, self, request) if body else {}

            def act() -> Response:
                return _answer(handler(self, request, **place), self, gives, pages, many, status)

            return around(self, request, act) if around else act()

        described = extend_schema(
            operation_id=name,
            summary=summary,
            description=description or None,
            tags=[tag],
            parameters=[*([query] if query else []), *headers, RETRY_AFTER],
            request={"multipart/form-data": body} if multipart else body,
            responses=_responses(gives, pages, many, status, _statuses(also, body)),
        )(carried_out)
        described.operation = name  # type: ignore[attr-defined]
        return described

    return declare


def _query(declared: type[Query] | None, request: Request) -> dict[str, Any]:
    """The parameters, validated. Raises Problem for any that is unknown, doubled or unfit."""
    fields = declared().fields if declared else {}
    given: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    known = "、".join(fields) or "无"
    for name, values in request.query_params.lists():
        group, key = _grouped(name)
        field = fields.get(group or name)
        if isinstance(field, serializers.DictField) and group and len(values) == 1:
            given.setdefault(group, {})[key] = values[0]
        elif field is None or isinstance(field, serializers.DictField):
            errors[name] = [f"没有这一参数，可用的有：{known}"]
        elif isinstance(field, Many):
            given[name] = values
        elif len(values) > 1:
            errors[name] = ["只能写一次。"]
        else:
            given[name] = values[0]
    if declared is not None:
        serializer = declared(data=given)
        if not serializer.is_valid():
            errors = {**_flat(serializer.errors), **errors}
        elif not errors:
            return dict(serializer.validated_data)
    if errors:
        raise Problem(_joined(errors), code="bad-query", errors=errors)
    return {}


def _grouped(name: str) -> tuple[str, str]:
    """`filter[plate]` as ("filter", "plate"); ("", "") for any other name."""
    match = re.fullmatch(r"([a-z_]+)\[([^\[\]]{1,100})\]", name)
    return (match[1], match[2]) if match else ("", "")


def _body(declared: type[serializers.Serializer], view: Any, request: Request) -> dict[str, Any]:
    """The body, validated. Raises Problem (422) with every field that does not fit."""
    partial = request.method == "PATCH"
    serializer = declared(data=request.data, partial=partial, context={"view": view, "request": request})
    if not serializer.is_valid():
        errors = _flat(serializer.errors)
        raise Problem(_joined(errors), code="bad-facts", status=422, errors=errors)
    return dict(serializer.validated_data)


def _flat(errors: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested errors by dotted name: {"items.2": […]}."""
    if isinstance(errors, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in errors.items():
            found |= _flat(inner, f"{prefix}.{name}" if prefix else str(name))
        return found
    if isinstance(errors, list) and any(isinstance(one, Mapping) for one in errors):
        found = {}
        for number, inner in enumerate(errors):
            found |= _flat(inner, f"{prefix}.{number}") if inner else {}
        return found
    return {prefix: [str(one) for one in errors]}


def _joined(errors: Mapping[str, list[str]]) -> str:
    return "；".join(f"{name}：{sentence}" for name, told in errors.items() for sentence in told)[:1000]


def _answer(result: Any, view: Any, gives: Any, pages: Any, many: bool, status: int) -> Response:
    if isinstance(result, Response) or not hasattr(result, "__class__") or _is_plain(result):
        return result
    context = {"view": view, "request": view.request}
    if isinstance(result, Page):
        rows = pages(result.rows, many=True, context=context).data
        return Response({"results": rows, "next": result.next or None}, status=status)
    if gives is None or isinstance(gives, File):
        return Response(status=204 if status == 200 else status)
    return Response(gives(result, many=many, context=context).data, status=status)


def _is_plain(result: Any) -> bool:
    """A response of Django's own: a file on its way."""
    return hasattr(result, "streaming")


def _statuses(also: Iterable[int], body: Any) -> set[int]:
    every = {400, 401, 403, 406, 429}
    return every | set(also) | ({413, 415, 422} if body else set())


def _responses(gives: Any, pages: Any, many: bool, status: int, statuses: set[int]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    if pages is not None:
        found[status] = OpenApiResponse(_page_of(pages), description="一页")
    elif isinstance(gives, File):
        for media_type in gives.media_types:
            told = OpenApiResponse(gives.shape(media_type), description=gives.description)
            found[(status, media_type)] = told
    elif gives is None:
        found[204 if status == 200 else status] = OpenApiResponse(description="已办理，没有内容")
    else:
        found[status] = OpenApiResponse(gives(many=many), description="成功")
    for code in sorted(statuses):
        told = OpenApiResponse(ProblemShape, description=_WORDS[code])
        found[(code, problem.MEDIA_TYPE)] = told
    fault = OpenApiResponse(ProblemShape, description="系统内部出错，或者暂时不能读写数据")
    found[("5XX", problem.MEDIA_TYPE)] = fault
    return found


@functools.cache
def _page_of(shape: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The serializer of a page of rows of the shape."""
    fields = {
        "results": shape(many=True),
        "next": serializers.CharField(allow_null=True, help_text="下一页的 cursor；没有下一页时为 null。"),
    }
    return type(f"{shape.__name__}Page", (serializers.Serializer,), fields)
