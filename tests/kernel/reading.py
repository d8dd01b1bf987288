"""Reading under a grant, as a page or a call does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from datacentre import formats
from datacentre.delivery import Delivery, open_read
from datacentre.models import Grant
from datacentre.paging import Page, page

from tests.cast import Cast
from tests.shelf import AT


def tick() -> datetime:
    return AT


def read(
    grant: Grant,
    cast: Cast,
    *,
    who: str = "requester",
    way: str = "csv",
    at: datetime = AT,
    items: Sequence[str] | None = None,
    tick: Callable[[], datetime] = tick,
) -> Delivery:
    return open_read(grant, actor=cast.actor(who, at), at=at, way=way, items=items, tick=tick)


def download(grant: Grant, cast: Cast, **more: object) -> bytes:
    return b"".join(formats.write(read(grant, cast, **more)))


def ask(grant: Grant, cast: Cast, *, at: datetime = AT, **more: object) -> Page:
    return page(grant, actor=cast.actor("requester", at), at=at, tick=tick, **more)
