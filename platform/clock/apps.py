from __future__ import annotations

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "clock"
    verbose_name = "时钟"
    default_auto_field = "django.db.models.BigAutoField"
