"""How fast what is meant for machines may be read: as often a minute as the interface, each kind by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from api.throttling import TooFast, count_call
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def at_a_pace(counted: str) -> Callable[[View], View]:
    """Count each reading of a document for the person, else the address; 429 with what is left to wait."""

    def around(view: View) -> View:
        @wraps(view)
        def paced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            signed_in = request.user.is_authenticated
            kind = "session" if signed_in else "anon"
            who = str(request.user.pk) if signed_in else request.META.get("REMOTE_ADDR", "")
            try:
                count_call(kind, who, counted=counted)
            except TooFast as refusal:
                text = f"{refusal.detail}\n"
                return HttpResponse(text, "text/plain; charset=utf-8", status=429, headers=refusal.headers)
            return view(request, *args, **kwargs)

        return paced

    return around
