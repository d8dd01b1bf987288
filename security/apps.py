from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "security"
    verbose_name = _("安全与监督")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from deadlines.listeners import listen_to_breaches
        from web.navigation import Item, register

        from security.breaches import settle
        from security.scope import supervises

        listen_to_breaches(settle)
        register(Item(_("监督"), "security:oversight", show=supervises, order=80))
