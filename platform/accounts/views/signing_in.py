"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import clock
import requests
import structlog
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView

from accounts import factors
from accounts.actions import sessions
from accounts.actors import Actor
from accounts.forms import SignInForm
from accounts.models import Role

log = structlog.get_logger("accounts")


def next_address(request: HttpRequest, fallback: str = "/") -> str:
    """Where to go afterwards: only to an address of this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if asked and safe else fallback


#: roles: the page on which their work lies
_DESKS = (
    ((Role.OFFICER, Role.LEAD, Role.PRINCIPAL, Role.REGISTRAR), "web:worklist"),
    ((Role.AUDITOR,), "audit:trail"),
    ((Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN), "accounts:people"),
)


def desk(actor: Actor) -> str:
    """Where somebody begins who asked for no page: at their work, or on the home page without a post."""
    return next((reverse(page) for roles, page in _DESKS if actor.holds(*roles)), "/")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and request.method == "GET":
        return redirect(next_address(request, reverse("accounts:account")))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        sessions.sign_in(request, user, means="password", at=clock.now())
        factors.note_at_sign_in(request, user)
        return redirect(next_address(request, desk(Actor.of(user, clock.now()))))
    if request.method == "POST" and form.data.get("username"):
        _note_refusal(request, form.data["username"])
    return _page(request, form)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    sessions.sign_out(request, at=clock.now())
    messages.success(request, "已退出登录。")
    return redirect("accounts:login")


def locked_out(
    request: HttpRequest, response: HttpResponseBase | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page after too many wrong tries: until when, in words; the same whether the account exists or not."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    last = (
        AccessAttempt.objects.filter(username=name, ip_address=request.META.get("REMOTE_ADDR"))
        .order_by("-attempt_time")
        .first()
    )
    cool_off = get_cool_off(request) or timedelta()
    until = (last.attempt_time if last else clock.now()) + cool_off
    form = SignInForm(request, initial={"username": name})
    context = {"locked_until": until.astimezone(clock.SHANGHAI), "tries": settings.AXES_FAILURE_LIMIT}
    page = _page(request, form, status=429, **context)
    page["Retry-After"] = str(max(1, int((until - clock.now()).total_seconds())))
    return page


class CityIdentityCallback(OIDCAuthenticationCallbackView):
    """The identity provider sends the person back here. Whatever does not fit ends on the sign-in page, in words."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().get(request)
        except SuspiciousOperation as error:
            log.warning("identity-refused", reason=str(error))
            return self._back("统一身份认证的答复没有通过核验，没有登录。请从这里重新发起登录。")
        except requests.RequestException as error:
            log.error("identity-unreachable", reason=str(error))
            return self._back("统一身份认证系统没有按时答复，请稍后再试，或用账号密码登录。")
        return response

    def login_success(self) -> HttpResponseBase:
        target = super().success_url
        safe = url_has_allowed_host_and_scheme(target, allowed_hosts={self.request.get_host()})
        if not safe or target == settings.LOGIN_REDIRECT_URL:
            target = desk(Actor.of(self.user, clock.now()))
        sessions.sign_in(self.request, self.user, means="identity-provider", at=clock.now())
        factors.note_at_sign_in(self.request, self.user)
        return redirect(target)

    def login_failure(self) -> HttpResponseBase:
        return self._back("统一身份认证没有完成，或您的身份还没有对应的账号。账号由单位的系统管理员建立。")

    def _back(self, why: str) -> HttpResponseBase:
        messages.error(self.request, why)
        return redirect("accounts:login")


def _note_refusal(request: HttpRequest, username: str) -> None:
    locked = bool(getattr(request, "axes_locked_out", False))
    known = getattr(request, "axes_failures_since_start", None)
    # Tries during the lock are refused unread; only the try that brings the lock about is recorded as such.
    if known is not None:
        sessions.refused_sign_in(username, request.META.get("REMOTE_ADDR", ""), locked=locked, at=clock.now())


def _page(request: HttpRequest, form: SignInForm, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {
        "form": form,
        "next": next_address(request, ""),
        "identity_provider": settings.OIDC_NAME if settings.OIDC_RP_CLIENT_ID else "",
    }
    return render(request, "accounts/login.html", context, status=status)
