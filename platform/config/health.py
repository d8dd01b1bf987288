"""/healthz: whether the system can serve, and how each of its parts is. No login, and nothing worth hiding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import clock
import structlog
from deadlines.models import CalendarNotice, Deadline
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from notices.models import Outgoing

from config.celery import HEARTBEAT

log = structlog.get_logger(__name__)

GREEN, AMBER, RED = "green", "amber", "red"
_ORDER = [GREEN, AMBER, RED]
#: From this day on the next year's holiday notice is expected (the State Council publishes it in autumn).
NOTICE_EXPECTED = (12, 1)

Part = dict[str, Any]


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when requests can be served, 503 when the database is away; `status` is that of the worst part."""
    now = clock.now()
    parts: dict[str, Part] = {}
    database_there = True
    for name, look in _DATABASE_PARTS.items():
        try:
            parts[name] = look(now)
        except (DatabaseError, InterfaceError) as error:
            log.error("health_database_away", part=name, error=str(error))
            parts["database"] = {"status": RED, "note": "数据库不能访问"}
            database_there = False
            break
    parts["redis"], parts["worker"] = redis_and_worker(now)
    status = max((part["status"] for part in parts.values()), key=_ORDER.index)
    body = {"status": status, "at": now.isoformat(timespec="seconds"), "parts": parts}
    return JsonResponse(
        body, status=200 if database_there else 503, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )


def database(_now: datetime) -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"status": GREEN}


def sweep(now: datetime) -> Part:
    """How long the oldest deadline has been waiting for the sweep."""
    oldest = Deadline.objects.filter(next_look__lte=now).aggregate(at=Min("next_look"))["at"]
    return _lag(now, oldest, "期限巡查落后")


def outbox(now: datetime) -> Part:
    """How long the oldest message has been waiting to be sent."""
    oldest = Outgoing.objects.filter(next_try__lte=now).aggregate(at=Min("next_try"))["at"]
    return _lag(now, oldest, "通知发送落后")


def calendar(now: datetime) -> Part:
    """Whether the holiday notices cover this year, and from December the next."""
    noted = CalendarNotice.objects.values_list("covers_year", flat=True)
    covered = {year for year in noted if year is not None}
    missing = [year for year in years_expected(now.date()) if year not in covered]
    through = max(covered) if covered else None
    part: Part = {"status": AMBER if missing else GREEN, "covered_through": through}
    if missing:
        years = "、".join(map(str, missing))
        part["note"] = f"没有载入 {years} 年的国务院放假安排，涉及的期限为暂定"
    return part


def years_expected(today: date) -> list[int]:
    """The years whose notice ought to be loaded on that day."""
    return [today.year] + ([today.year + 1] if (today.month, today.day) >= NOTICE_EXPECTED else [])


def redis_and_worker(now: datetime) -> tuple[Part, Part]:
    """Redis is asked by a write and a read; the worker by the heartbeat it leaves there."""
    cache.set("health", now.isoformat(), timeout=60)
    if cache.get("health") is None:
        away = "Redis 不能访问：即时提醒停止，期限和通知由下一次巡查补上"
        return {"status": AMBER, "note": away}, {"status": AMBER, "note": "Redis 不能访问，无从得知"}
    seen = cache.get(HEARTBEAT)
    if seen is None:
        return {"status": GREEN}, {"status": AMBER, "note": "后台进程还没有报到"}
    age = max((now - datetime.fromisoformat(seen)).total_seconds(), 0.0)
    part: Part = {"status": _grade(age, amber=90, red=600), "seen_seconds_ago": round(age)}
    if part["status"] != GREEN:
        part["note"] = "后台进程没有按时报到"
    return {"status": GREEN}, part


def _lag(now: datetime, oldest: datetime | None, note: str) -> Part:
    lag = (now - oldest) if oldest else timedelta(0)
    part: Part = {"status": _grade(lag.total_seconds(), amber=300, red=3600)}
    part["lag_seconds"] = round(lag.total_seconds())
    if part["status"] != GREEN:
        part["note"] = note
    return part


def _grade(seconds: float, *, amber: float, red: float) -> str:
    return RED if seconds > red else AMBER if seconds > amber else GREEN


_DATABASE_PARTS: dict[str, Callable[[datetime], Part]] = {
    "database": database,
    "sweep": sweep,
    "outbox": outbox,
    "calendar": calendar,
}
