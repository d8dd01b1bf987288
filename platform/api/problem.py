"""Every error is a problem (RFC 9457): what is wrong, where, on which basis, and the number that leads to the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.core.exceptions import ValidationError as Unfit
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import NoReverseMatch, reverse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

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

#: Codes of the REST framework in our words.
_CODES = {
    "parse_error": "bad-json",
    "not_authenticated": "not-authenticated",
    "authentication_failed": "not-authenticated",
    "permission_denied": "no-right",
    "not_found": "not-found",
    "method_not_allowed": "method-not-allowed",
    "not_acceptable": "not-acceptable",
    "unsupported_media_type": "unsupported-media-type",
    "throttled": "too-fast",
    "invalid": "bad-facts",
    "error": "failed",
}

_SENTENCES = {
    "not-authenticated": "请登录，或者在 Authorization 请求头中带上“Bearer 令牌”。",
    "no-right": "您现在的岗位不包括这项权限，没有做任何改动。",
    "not-found": "没有这一地址，或者所指的内容不存在、只对办理人可见。",
    "not-acceptable": "接口只提供 application/json。请去掉 Accept 请求头，或者写作 application/json。",
    "bad-request": "地址或所带内容不符合约定，没有做任何改动。",
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
        "title": title or TITLES.get(code) or HTTPStatus(status).phrase,
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


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The REST framework's exception handler. None for a fault of ours, which becomes a 500 and is logged.

    A refusal of an app is known by its shape (`code`, `status`, `message`, with `cites` and `errors` where it has
    them), so this module need not know the app.
    """
    path = context["request"].path
    if hasattr(error, "status") and hasattr(error, "message") and hasattr(error, "code"):
        return _answer(
            body(
                error.status,
                error.code,
                error.message,
                path=path,
                errors=errors if isinstance(errors := getattr(error, "errors", None), Mapping) else None,
                cites=getattr(error, "cites", ()),
            ),
            {"Retry-After": str(error.wait)} if getattr(error, "wait", None) else {},
        )
    known = _known(error)
    return None if known is None else _of_framework(known, path)


def _known(error: Exception) -> exceptions.APIException | None:
    """Django's own refusals as the framework's."""
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound(_SENTENCES["not-found"])
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or _SENTENCES["no-right"])
    if isinstance(error, RequestDataTooBig):
        return Problem("请求体超过上限，请分成几次提交。", code="too-large", status=413)
    if isinstance(error, TooManyFilesSent):
        return Problem("一次上传的文件过多，请逐个上传。", status=400)
    if isinstance(error, SuspiciousOperation):
        return Problem(_SENTENCES["bad-request"])
    if isinstance(error, Unfit):
        return Problem("；".join(error.messages), code="bad-facts", status=422)
    return None


def _of_framework(error: exceptions.APIException, path: str) -> Response:
    codes = error.get_codes()
    raw = codes if isinstance(codes, str) else "invalid"
    code = _CODES.get(raw, raw)
    headers = dict(getattr(error, "headers", {}))
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    return _answer(
        body(
            error.status_code,
            code,
            _sentence(error, code),
            path=path,
            errors=getattr(error, "errors", None),
        ),
        headers,
    )


def _sentence(error: exceptions.APIException, code: str) -> str:
    """Our own sentence where the framework would speak in general terms."""
    if isinstance(error, exceptions.MethodNotAllowed):
        return "这一地址不支持所用的方法，可用的方法见 Allow 响应头。"
    if isinstance(error, exceptions.UnsupportedMediaType):
        return (
            "请求体应为 application/json（上传附件用 multipart/form-data），并在 Content-Type 请求头中写明。"
        )
    if isinstance(error, exceptions.NotAcceptable):
        return _SENTENCES["not-acceptable"]
    if type(error) in (exceptions.NotAuthenticated, exceptions.PermissionDenied, exceptions.NotFound):
        said = str(error.detail)
        return _SENTENCES[code] if said == str(type(error).default_detail) and code in _SENTENCES else said
    return str(error.detail)


def _answer(told: dict[str, Any], headers: Mapping[str, str]) -> Response:
    set_rollback()
    return Response(told, status=told["status"], headers=dict(headers), content_type=MEDIA_TYPE)


def _explained(code: str) -> str:
    try:
        return f"{reverse('api-docs')}#problem-{code}"
    except NoReverseMatch:  # the page belongs to the address plan, which a test may replace
        return "about:blank"
