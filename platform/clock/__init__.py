"""The only clock.

`now()` is an aware instant in Asia/Shanghai; `today()` its date. Tests and the demonstration travel through it:
`with travel(datetime(...))` freezes the clock for the block (and for the thread or task that runs it).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)
_shift: ContextVar[timedelta | None] = ContextVar("clock_shift", default=timedelta(0))


class Unknown(RuntimeError):
    """The demonstration's clock could not be read, and real time would be the wrong time."""


def now() -> datetime:
    """The present instant, aware, in Asia/Shanghai. Raises Unknown after `lose()`."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    shift = _shift.get()
    if shift is None:
        raise Unknown("the demonstration's clock could not be read: its database was away")
    return (datetime.now(UTC) + shift).astimezone(SHANGHAI)  # noqa: TID251 the one place


def today() -> date:
    """The present day in Asia/Shanghai."""
    return now().date()


@contextmanager
def travel(instant: datetime) -> Iterator[None]:
    """Freeze the clock at an aware instant for the block."""
    if instant.tzinfo is None:
        raise ValueError("travel() takes an aware instant: a date without a zone is not a moment")
    token = _frozen.set(instant.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _frozen.reset(token)


def shift(offset: timedelta) -> None:
    """Run this context's clock ahead (or behind) by the offset: the demonstrator's time machine."""
    _shift.set(offset)


def lose() -> None:
    """This context does not know the time until it is shifted again: `now()` raises Unknown."""
    _shift.set(None)


def offset() -> timedelta:
    """How far this context's clock runs from the real one; zero outside the demonstration."""
    return _shift.get() or timedelta(0)
