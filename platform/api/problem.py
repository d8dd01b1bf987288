"""Every error is a problem (RFC 9457): what is wrong, where, on which basis, and the number that leads to the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.http import HttpRequest, JsonResponse
from django.urls import NoReverseMatch, reverse
from rest_framework import exceptions

MEDIA_TYPE = "application/problem+json"

#: The kinds of problem by code: their title. The page of the interface lists them; a refusal by an app brings its own.
TITLES = {
    "bad-request": "请求不符合约定",
    "bad-json": "请求体不是完整的 JSON",
    "bad-query": "查询参数不符合约定",
    "bad-cursor": "翻页位置不能识别",
    "bad-facts": "填报内容不完整或者不符合要求",
    "bad-key": "幂等键不符合约定",
    "not-authenticated": "没有登录",
    "token-form": "令牌的写法不对",
    "token-unknown": "没有这个令牌",
    "token-owner": "令牌所有人已停用",
    "token-revoked": "令牌已撤销",
    "token-expired": "令牌已到期",
    "token-scope": "令牌的范围不够",
    "csrf": "缺少表单安全标记",
    "no-right": "没有这项权限",
    "sign-in-first": "须先完成登录",
    "not-found": "没有找到",
    "method-not-allowed": "不支持这一方法",
    "not-acceptable": "不能提供所要的格式",
    "unsupported-media-type": "不接收这一格式",
    "too-large": "请求体过大",
    "too-fast": "调用过于频繁",
    "stale": "内容已有更新",
    "precondition-required": "缺少 If-Match",
    "key-reused": "幂等键已用于另一请求",
    "in-progress": "同一请求正在处理",
    "wrong-state": "当前状态不能办理",
    "unknown-step": "没有这一步骤",
    "waiting-for-signature": "文稿正在送签",
    "precondition": "不具备法定条件",
    "refused": "没有办理",
    "unavailable": "系统暂时不能读写数据",
    "failed": "系统内部出错",
}


#: The title of a refusal whose code only its app knows.
BY_STATUS = {
    400: "请求不符合约定",
    403: "没有这项权限",
    404: "没有找到",
    409: "现在不能办理",
    412: "内容已有更新",
    422: "内容不符合要求",
    429: "已达上限",
}


class Problem(exceptions.APIException):
    """A refusal of the interface itself. `errors` names fields with their sentences; `headers` go with the answer."""

    status_code = 400
    default_code = "bad-request"

    def __init__(
        self,
        detail: str,
        *,
        code: str = "",
        status: int = 0,
        errors: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code or self.default_code
        super().__init__(detail, self.code)
        self.status_code = status or self.status_code
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})


def body(
    status: int,
    code: str,
    detail: str,
    *,
    path: str,
    title: str = "",
    errors: Mapping[str, Sequence[str]] | None = None,
    cites: Sequence[str] = (),
) -> dict[str, Any]:
    """The members of one problem. `type` leads to its explanation."""
    told: dict[str, Any] = {
        "type": _explained(code),
        "title": title or TITLES.get(code) or BY_STATUS.get(status, "没有办理"),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": path,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    if errors:
        told["errors"] = {name: [str(one) for one in sentences] for name, sentences in errors.items()}
    if cites:
        told["cites"] = list(cites)
    return told


def plain(request: HttpRequest, status: int, code: str, detail: str, *, title: str = "") -> JsonResponse:
    """A problem from outside the interface's views: middleware, unknown addresses, faults."""
    return JsonResponse(
        body(status, code, detail, path=request.path, title=title),
        status=status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def _explained(code: str) -> str:
    try:
        return f"{reverse('api-docs')}#problem-{code}"
    except NoReverseMatch:  # the page belongs to the address plan, which a test may replace
        return "about:blank"
