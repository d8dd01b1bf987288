from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class StatutesConfig(AppConfig):
    name = "statutes"
    verbose_name = "法规"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from statutes.checks import duties_exist

        register(duties_exist)
