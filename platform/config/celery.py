"""Celery: nudges after commit, and the rhythm at which the sweeps look again.

Nothing is true because a task ran: tasks carry no state but ids, and whatever a lost one would have done, the next
sweep does. An app states its own rhythm in `tasks.SCHEDULE`, a dict as Celery's `beat_schedule` wants it:

    SCHEDULE = {"deadlines.sweep": {"task": "deadlines.tasks.sweep", "schedule": 60.0}}
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import structlog
from celery import Celery, signals
from celery.beat import PersistentScheduler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("yushu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

#: The key under which a worker says that it, the beat and Redis are alive, and how often it says so (seconds).
HEARTBEAT = "worker-heartbeat"
HEARTBEAT_SECONDS = 20.0


@app.task(name="config.heartbeat")
def heartbeat() -> None:
    """Leave the present instant in the cache, where /healthz looks for it."""
    import clock
    from django.core.cache import cache

    cache.set(HEARTBEAT, clock.now().isoformat(), timeout=None)


def schedule() -> dict[str, dict[str, Any]]:
    """The whole rhythm: our own heartbeat and what each installed app declares."""
    from django.apps import apps

    whole: dict[str, dict[str, Any]] = {
        "config.heartbeat": {"task": heartbeat.name, "schedule": HEARTBEAT_SECONDS}
    }
    for config in apps.get_app_configs():
        name = f"{config.name}.tasks"
        if find_spec(name) is not None:
            whole |= getattr(import_module(name), "SCHEDULE", {})
    for entry in whole.values():
        if isinstance(entry["schedule"], int | float):
            # While no worker runs, the same look must not pile up in the queue: the next one replaces it.
            entry["options"] = {"expires": entry["schedule"], **entry.get("options", {})}
    return whole


class Rhythm(PersistentScheduler):
    """Celery's scheduler over `schedule()`; it keeps in a file when each look was last due."""

    def setup_schedule(self) -> None:
        self.app.conf.beat_schedule = schedule()
        super().setup_schedule()


@signals.worker_ready.connect
def _look_at_once(**_: Any) -> None:
    """After a standstill the first look is now, not when its interval has passed. A look too many changes nothing."""
    for entry in schedule().values():
        if isinstance(entry["schedule"], int | float):
            app.send_task(entry["task"], entry.get("args"), entry.get("kwargs"), **entry["options"])


@signals.setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Django has set up the logs already; being connected keeps Celery from setting up its own."""


@signals.before_task_publish.connect
def _send_request_id(headers: dict[str, Any], **_: Any) -> None:
    from audit.trail import request_id

    headers.setdefault("yushu_request_id", request_id.get())


@signals.task_prerun.connect
def _take_request_id(task: Any, task_id: str, **_: Any) -> None:
    """Events and log lines of a task carry the id of the request that caused it, else the task's own."""
    from audit.trail import request_id

    number = getattr(task.request, "yushu_request_id", "") or task_id
    request_id.set(number)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=number, task=task.name)
