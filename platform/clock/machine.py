"""Setting the demonstration to another time, for everybody who works in it. Refused outside the demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

import clock

log = structlog.get_logger(__name__)


class NotDemonstration(RuntimeError):
    """Time is only travelled in the demonstration: a real platform's clock is evidence."""

    def __init__(self) -> None:
        super().__init__(_("只有演示环境（YUSHU_DEMO=1）可以调整时间；正式环境的时间是办理的证据，不能调整"))


def travel_to(instant: datetime) -> timedelta:
    """Let the demonstration's clock show the instant from now on, and run. Returns how far that is from real time."""
    from clock.models import Travel

    _only_demonstration()
    clock.shift(timedelta(0))
    offset = instant - clock.now()
    Travel.objects.update_or_create(id=1, defaults={"offset": offset})
    clock.shift(offset)
    return offset


def reset() -> None:
    """Back to real time."""
    from clock.models import Travel

    _only_demonstration()
    Travel.objects.all().delete()
    clock.shift(timedelta(0))


def follow() -> None:
    """Set this request's or task's clock to the demonstration's. One query; nothing outside the demonstration."""
    from clock.models import Travel

    if not settings.DEMO:
        return
    offset = Travel.objects.values_list("offset", flat=True).first()
    clock.shift(offset or timedelta(0))


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Each request of the demonstration begins by looking at its clock."""

    def handle(request: HttpRequest) -> HttpResponse:
        try:
            follow()
        except (DatabaseError, InterfaceError) as error:
            # /healthz must still be able to say that the database is away. Any other request ends here: were the
            # database back a moment later, the act would bear the real time.
            if request.path != "/healthz":
                raise
            log.error("travel_unknown", error=str(error))
        return get_response(request)

    return handle


def before_task(**_signal: Any) -> None:
    """The same for each task (Celery's `task_prerun`).

    Celery notes an error here and runs the task all the same, which then does not know the time and fails.
    """
    clock.lose()
    follow()


def _only_demonstration() -> None:
    if not settings.DEMO:
        raise NotDemonstration
