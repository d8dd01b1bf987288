"""Whatever a call raises becomes a problem: the framework's refusals, Django's, and those of the apps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.core.exceptions import ValidationError as Unfit
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.problem import MEDIA_TYPE, Problem, body

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
        said = str(error)  # a whole sentence is for the caller, a bare key is for the log
        return exceptions.NotFound(said if said.endswith("。") else _SENTENCES["not-found"])
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
