from __future__ import annotations

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = "期限"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from statutes import enforcement

        from deadlines import lawpages

        enforcement.register_references(lawpages.references)
        enforcement.register_figures(lawpages.figures)
