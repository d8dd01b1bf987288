from __future__ import annotations

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "sharing"
    verbose_name = "共享"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from web import portal

        from sharing import listeners, procedures
        from sharing.portal import recent_answers

        listeners.connect()
        portal.register_answers(recent_answers)
        assert procedures.REQUEST
