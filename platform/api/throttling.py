"""How fast may be called: so many calls a minute for a token, a session, a visitor's address.

Counted in the cache by whole minutes. Without the cache nothing is limited, and the log says that it is away.
"""

from __future__ import annotations

from time import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.problem import Problem

WINDOW = 60


class TooFast(Problem):
    """429 with the seconds after which the next window begins."""

    status_code = 429
    default_code = "too-fast"

    def __init__(self, most: int, wait: int) -> None:
        super().__init__(
            f"每分钟最多调用 {most} 次，请在 {wait} 秒后继续。", headers={"Retry-After": str(wait)}
        )


class PerMinute(BaseThrottle):
    """Raises TooFast itself, so that the answer can say how many calls are allowed."""

    def allow_request(self, request: Request, view: Any) -> bool:
        count_call(*caller(request))
        return True


def count_call(kind: str, who: str, *, counted: str = "api") -> None:
    """Count one call of a kind of caller; raises TooFast beyond what the kind is allowed in a minute.

    `counted` names what is counted apart from other things.
    """
    most = settings.API_RATES[kind]
    moment = time()
    window = int(moment // WINDOW)
    key = f"{counted}-rate:{kind}:{who}:{window}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        count = cache.incr(key)
    except ValueError:  # emptied between the two: this call begins a new count
        count = 1
    if count > most:
        raise TooFast(most, max(1, int((window + 1) * WINDOW - moment) + 1))


def caller(request: Request) -> tuple[str, str]:
    """Who is counted: the token, else the signed-in person, else the address."""
    if request.auth is not None:
        return "token", str(request.auth.pk)
    if request.user and request.user.is_authenticated:
        return "session", str(request.user.pk)
    return "anon", request.META.get("REMOTE_ADDR", "")
