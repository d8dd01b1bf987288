"""The whole address plan. Each app lists its own addresses in its own urls module."""

from __future__ import annotations

from accounts.urls import identity_urlpatterns
from api.pages import docs
from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/docs/", docs, name="api-docs"),
    path("api/v1/", include("config.api_urls")),
    path("admin/", admin.site.urls),
    path("law/", include("statutes.urls")),
    path("", include("deadlines.urls")),
    path("", include("documents.urls")),
    path("oversight/", include("security.urls")),
    path("catalog/", include("catalog.urls")),
    path("id/", include("catalog.linked.ids")),
    path("", include("catalog.linked.crawling")),
    path("datacentre/", include("datacentre.urls")),
    path("sharing/", include("sharing.urls")),
    path("audit/", include("audit.urls")),
    path("notices/", include("notices.urls")),
    path("", include("accounts.urls")),
    path("", include(identity_urlpatterns)),
    path("", include("web.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.failed"
