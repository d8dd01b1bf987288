"""Callers of the interface: people with tokens, and a visitor without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import clock
import pytest
from accounts.actions import make_token
from accounts.actors import Actor
from accounts.models import Scope
from django.core.cache import cache
from rest_framework.response import Response
from rest_framework.test import APIClient

from tests.cast import Cast
from tests.sharing.conftest import MONDAY, World, law, open_world, world  # noqa: F401  (fixtures)

PREFIX = "/api/v1"


@dataclass
class Caller:
    """One who calls. Addresses are given without their beginning: `caller.get("/cases/")`."""

    client: APIClient
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, address: str, data: Any = None, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self.client, method)
        return send(f"{PREFIX}{address}", data, headers={**self.headers, **named})

    def get(self, address: str, query: Any = None, **headers: str) -> Response:
        return self.call("get", address, query, **headers)

    def post(self, address: str, data: Any = None, **headers: str) -> Response:
        return self.call("post", address, {} if data is None else data, **headers)

    def upload(self, address: str, data: dict[str, Any], **headers: str) -> Response:
        """A form with a file in it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            f"{PREFIX}{address}", data, format="multipart", headers={**self.headers, **named}
        )

    def patch(self, address: str, data: Any = None, **headers: str) -> Response:
        return self.call("patch", address, data, **headers)

    def delete(self, address: str, **headers: str) -> Response:
        return self.call("delete", address, **headers)


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Calls of one test are not counted for the next."""
    cache.clear()
    yield


@pytest.fixture
def visitor(db: None) -> Caller:
    return Caller(APIClient(raise_request_exception=False))


@pytest.fixture
def caller(cast: Cast) -> Callable[..., Caller]:
    """`caller("requester")` holds a token with all scopes, `caller("requester", "read")` with those named."""

    def make(who: str, *scopes: str) -> Caller:
        return Caller(
            APIClient(raise_request_exception=False),
            {"Authorization": f"Bearer {token_of(cast, who, *scopes)}"},
        )

    return make


def token_of(cast: Cast, who: str, *scopes: str) -> str:
    at, user = clock.now(), cast.user(who)
    _, secret = make_token(
        user,
        name="测试",
        scopes=scopes or Scope.values,
        expires_at=at + timedelta(days=300),
        by=Actor.of(user, at),
        at=at,
    )
    return secret


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """The day on which the world's dates are true; called with another instant, that one."""

    def travel(to: Any = MONDAY) -> None:
        monkeypatch.setattr(clock, "now", lambda: to)

    travel()
    return travel


def is_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The body of a problem of that status and code."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "instance", "request_id", "code"} <= set(body)
    assert (body["status"], body["code"]) == (status, code), body
    assert any("\u4e00" <= letter <= "\u9fff" for letter in body["detail"]), body["detail"]
    return body


__all__ = ["Caller", "World", "is_problem", "token_of"]
