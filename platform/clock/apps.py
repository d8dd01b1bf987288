from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class ClockConfig(AppConfig):
    name = "clock"
    verbose_name = "时钟"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.DEMO:
            from celery.signals import task_prerun

            from clock.machine import before_task

            task_prerun.connect(before_task, dispatch_uid="clock-travel")
