"""What every request gets before Django sees it: the client's true address, a request id, a line in the log."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from audit.trail import request_id
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger("request")
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = ("/healthz", "/static/")


def client_address(next_view: View) -> View:
    """Put the client's address into REMOTE_ADDR, for the trail, the lock-out and the limits of speed.

    Each of our proxies appends the address it was called from to X-Forwarded-For; what stands before those was
    written by the client and is worth nothing.
    """
    proxies = settings.PROXY_COUNT

    def view(request: HttpRequest) -> HttpResponseBase:
        if proxies:
            hops = [
                hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()
            ]
            if len(hops) >= proxies:
                request.META["REMOTE_ADDR"] = hops[-proxies]
        return next_view(request)

    return view


def request_context(next_view: View) -> View:
    """Give the request an id, which the log, the trail and the response carry, and write one line when it is done."""

    def view(request: HttpRequest) -> HttpResponseBase:
        asked = request.META.get("HTTP_X_REQUEST_ID", "")
        number = asked if settings.PROXY_COUNT and _USABLE_ID.fullmatch(asked) else uuid.uuid4().hex
        token = request_id.set(number)
        structlog.contextvars.bind_contextvars(request_id=number)
        began = time.perf_counter()
        try:
            response = next_view(request)
            response["X-Request-ID"] = number
            if not request.path.startswith(_QUIET) or response.status_code >= 500:
                _log(request, response, time.perf_counter() - began)
            return response
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
            request_id.reset(token)

    return view


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    # The person is named only when the view looked: a line in the log is not worth a query.
    user = getattr(request, "_cached_user", None)
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        user=user.pk if user else None,
    )


def no_null_characters(next_view: View) -> View:
    """Refuse an address with a null character: no database text can hold one, and nobody types one."""

    def view(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("null character in the address")
        return next_view(request)

    return view


def permissions_policy(next_view: View) -> View:
    """Refuse the browser features that no page of ours uses."""
    refused = (
        "accelerometer",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
    header = ", ".join(f"{feature}=()" for feature in refused)

    def view(request: HttpRequest) -> HttpResponseBase:
        response = next_view(request)
        response["Permissions-Policy"] = header
        return response

    return view
