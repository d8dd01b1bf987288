from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


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
        portal.register_field(_("共享"), order=20)
        assert procedures.REQUEST
