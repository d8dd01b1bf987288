from __future__ import annotations

from django.apps import AppConfig


class StatutesConfig(AppConfig):
    name = "statutes"
    verbose_name = "法规"
    default_auto_field = "django.db.models.BigAutoField"
