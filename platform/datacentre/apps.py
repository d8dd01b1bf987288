from __future__ import annotations

from django.apps import AppConfig


class DatacentreConfig(AppConfig):
    name = "datacentre"
    verbose_name = "数据中心"
    default_auto_field = "django.db.models.BigAutoField"
