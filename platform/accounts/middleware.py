"""What stands between a signed-in browser and every page: the session's limits, the password, the second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import clock
from api.problem import plain
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import factors, passwords
from accounts.actions import sessions
from accounts.actors import current
from accounts.models import SignedInSession

View = Callable[[HttpRequest], HttpResponseBase]

#: Pages that stay open to somebody who first has to change the password or show the second factor.
ALWAYS_OPEN = frozenset({"accounts:login", "accounts:logout", "accounts:password"})
FACTOR_PAGES = frozenset({"accounts:factor", "accounts:factor-enrol"})
_SEEN_EVERY = timedelta(minutes=1)
_ENDINGS = {
    SignedInSession.Ending.IDLE: "您已较长时间没有操作，为保护账号已退出登录，请重新登录。",
    SignedInSession.Ending.TOO_OLD: "本次登录已达到最长时间，请重新登录。",
}


def session_limits(next_view: View) -> View:
    """End a session that was idle too long or began too long ago (等保三级 8.1.4.1 b); else note that it is in use."""

    def view(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            at = clock.now()
            ending = _over(request, at)
            if ending:
                sessions.sign_out(request, at=at, ending=ending)
                messages.warning(request, _ENDINGS[ending])
                if not _is_open(request):
                    return _send_to("accounts:login", request)
            else:
                _note_use(request, at)
        return next_view(request)

    return view


class Gate:
    """Until the password is changed and the second factor shown, only the pages for doing so open."""

    def __init__(self, next_view: View) -> None:
        self.next_view = next_view

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.next_view(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALWAYS_OPEN or name in {"healthz", "jsi18n"}:
            return None
        if by_password(request) and (why := passwords.must_change(request.user, clock.now())):
            return _refuse("accounts:password", request, why)
        return None if name in FACTOR_PAGES else self._factor(request)

    def _factor(self, request: HttpRequest) -> HttpResponseBase | None:
        if request.user.is_verified():  # type: ignore[union-attr]
            return None
        if request.session.get(factors.HAS_DEVICE):
            return _refuse("accounts:factor", request, "请先输入动态口令。")
        if factors.required_of(current(request)):
            return _refuse("accounts:factor-enrol", request, "您的岗位须启用动态口令后才能使用。")
        return None


def by_password(request: HttpRequest) -> bool:
    """Whether this session was opened with a password of ours."""
    return str(request.session.get("_auth_user_backend", "")).endswith("PasswordBackend")


def _over(request: HttpRequest, at: datetime) -> SignedInSession.Ending | None:
    began = sessions.moment_of(request.session, sessions.STARTED)
    seen = sessions.moment_of(request.session, sessions.SEEN)
    if began is None or seen is None:  # not opened by sign_in, hence without limits of its own to measure
        return None
    if at - began >= timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return SignedInSession.Ending.TOO_OLD
    if at - seen >= timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        return SignedInSession.Ending.IDLE
    return None


def _note_use(request: HttpRequest, at: datetime) -> None:
    seen = sessions.moment_of(request.session, sessions.SEEN)
    # The clock of the demonstration also goes backwards; then the mark follows it.
    if seen is not None and abs(at - seen) >= _SEEN_EVERY:
        sessions.seen(request, at)


def _is_open(request: HttpRequest) -> bool:
    return request.path in {reverse("accounts:login"), reverse("accounts:logout")}


def _refuse(page: str, request: HttpRequest, why: str) -> HttpResponseBase:
    if request.path.startswith("/api/"):
        return plain(request, 403, "sign-in-first", why)
    return _send_to(page, request)


def _send_to(page: str, request: HttpRequest) -> HttpResponseBase:
    """Send the browser to a page and back afterwards; htmx is told to load the whole page."""
    partial = request.headers.get("HX-Request") == "true"
    back = request.headers.get("HX-Current-URL", "") if partial else request.get_full_path()
    address = reverse(page)
    if request.method == "GET" and back and back != "/":
        address += "?" + urlencode({"next": back})
    if partial:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
