from __future__ import annotations

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"
    verbose_name = "办件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from deadlines.listeners import listen
        from documents import access
        from statutes.enforcement import register_references

        from procedures.lawpages import references
        from procedures.queries import visible_to
        from procedures.turns import refresh

        listen(refresh)
        register_references(references)
        access.register(visible_to)
