"""The whole address plan. Each app lists its own addresses in its own urls module."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("law/", include("statutes.urls")),
    path("", include("web.urls")),
]
