"""Going everywhere as everybody, each step undone afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from audit.models import Event
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.walk.addresses import Address
from tests.walk.scene import Scene

LOGIN, HIDDEN, REFUSED, OPEN, NO_METHOD, BROKEN = "login", "hidden", "refused", "open", "no-method", "broken"
#: Where somebody is sent for whom there is no such thing: no such row, no such draft (any more).
NOWHERE = ("/admin/", "/catalog/edit/")
GONE = "/work/?tab=drafts"


def said(response: HttpResponseBase) -> str:
    """What an answer means to whoever asked."""
    status = response.status_code
    if status >= 500:
        return BROKEN
    if status == 401 or (status == 302 and "/login/?" in response["Location"]):
        return LOGIN
    if status == 302 and (
        response["Location"] in NOWHERE or response["Location"] == GONE and not response.acted
    ):
        return HIDDEN
    if status == 422 and _no_such_subject(response):
        return HIDDEN
    return {403: REFUSED, 404: HIDDEN, 405: NO_METHOD}.get(status, OPEN)


def _no_such_subject(response: HttpResponseBase) -> bool:
    """Whether a filing was answered that there is nothing of the name which it is about."""
    told = json.loads(response.content) if response["Content-Type"].endswith("json") else {}
    return set(told.get("errors", {})) == {"subject"}


@dataclass
class Walker:
    """One person (or nobody) with a browser. An answer is read to its end, as a browser would."""

    who: str
    client: Client
    cookies: dict[str, str]

    @classmethod
    def of(cls, who: str, user: User | None) -> Walker:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        return cls(who, client, {name: cookie.value for name, cookie in client.cookies.items()})

    def go(self, method: str, path: str, data: Any = None) -> HttpResponseBase:
        """Ask, and undo what it did. `acted` on the answer says whether the trail holds anything of it."""
        self.client.cookies.load(self.cookies)
        sent = {} if data is None else data
        files = isinstance(sent, dict) and any(isinstance(value, UploadedFile) for value in sent.values())
        json = method == "post" and path.startswith("/api/") and not files
        with undone():
            events = Event.objects.count() if method == "post" else 0
            more = {"content_type": "application/json"} if json else {}
            response = getattr(self.client, method)(path, sent, **more)
            if response.streaming:
                b"".join(response)
            response.acted = method == "post" and Event.objects.count() != events
        return response


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def path_of(address: Address, scene: Scene) -> str:
    """The address with the scene's objects in it."""
    filled = scene.fill(address.name, address.parameters)
    query = scene.queries.get(address.name, "")
    try:
        return reverse(address.name, kwargs=filled) + query
    except NoReverseMatch:
        path = address.route.replace("^", "").replace("$", "")
        for parameter, value in filled.items():
            for start in (f"(?P<{parameter}>", f"<path:{parameter}>"):
                if start in path:
                    head, _, tail = path.partition(start)
                    path = head + str(value) + (tail.partition(")")[2] if start.startswith("(") else tail)
        return path
