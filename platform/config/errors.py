"""Pages (and problem+json under /api/) for what went wrong outside any form: 400, 403, 404, 500, 503.

Each says what happened, what has become of the act, and what to do next. The request id on the page leads from a
telephone call to the log.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import structlog
from api.problem import plain
from audit.trail import request_id
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

log = structlog.get_logger(__name__)

Text = str | Promise


@dataclass(frozen=True)
class Problem:
    """What a person is told. `frame` says whether the page may use the database for its navigation."""

    status: int
    title: Text
    detail: Text
    steps: tuple[Text, ...] = ()
    frame: bool = True
    code: str = "failed"


BAD_REQUEST = Problem(
    400,
    _("服务器读不懂这次请求"),
    _("地址或所带内容不符合约定，没有做任何改动。"),
    (_("从首页重新进入，不用收藏夹里的旧地址。"), _("上传文件时，核对文件数量和大小。")),
    frame=False,
    code="bad-request",
)
FORBIDDEN = Problem(
    403,
    _("当前账号没有这项权限"),
    _("权限来自所任岗位，您现在的岗位不包括它。没有做任何改动。"),
    (_("确认登录的是办理这件事的账号。"), _("岗位有变动的，请本单位负责人或系统管理员更新任职记录。")),
    code="no-right",
)
STALE_FORM = Problem(
    403,
    _("这张表单已经过期"),
    _("表单的安全标记与登录状态不一致，内容没有提交。"),
    (
        _("返回上一页，刷新后再提交；填写的长文字先复制保存。"),
        _("浏览器停用了 Cookie 的，为本站启用后重试。"),
    ),
    code="csrf",
)
NOT_FOUND = Problem(
    404,
    _("没有这一页"),
    _("地址可能抄写有误，内容可能已经撤下，或者只对办理人可见。"),
    (_("核对地址中的编号。"), _("登录后再打开只对办理人可见的办件。")),
    code="not-found",
)
FAILED = Problem(
    500,
    _("这一步没有完成"),
    _("系统内部出错，已经记录。没有完成的操作全部撤销，不会留下一半。"),
    (_("稍后重试一次。"), _("仍不行的，把下面的编号告诉系统管理员。")),
    frame=False,
)
AWAY = Problem(
    503,
    _("系统暂时不能读写数据"),
    _("数据库没有回答。已经提交成功的内容不受影响，这一次没有做任何改动。"),
    (_("一分钟后重试。"), _("仍不行的，告诉系统管理员。")),
    frame=False,
    code="unavailable",
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A refusal that gives its reason shows it; a bare one gets the general words."""
    return answer(request, FORBIDDEN, said=str(exception))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    log.warning("csrf_refused", reason=reason)
    return answer(request, STALE_FORM)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that could not be reached."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = answer(request, AWAY)
        response["Retry-After"] = "60"
        return response
    return answer(request, FAILED)


def answer(request: HttpRequest, problem: Problem, *, said: str = "") -> HttpResponse:
    """The problem in the form the caller reads: problem+json (RFC 9457) under /api/, else a page."""
    detail = said or problem.detail
    if request.path.startswith("/api/"):
        return plain(request, problem.status, problem.code, str(detail), title=str(problem.title))
    context = {"problem": problem, "detail": detail, "number": request_id.get()}
    template = "errors/framed.html" if problem.frame else "errors/plain.html"
    return render(request, template, context, status=problem.status)
