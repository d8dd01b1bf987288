from __future__ import annotations

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "sharing"
    verbose_name = "共享"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sharing import listeners, procedures

        listeners.connect()
        assert procedures.REQUEST
