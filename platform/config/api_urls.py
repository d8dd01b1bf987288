"""/api/v1/: each app's calls, mounted. What has no address here does not exist for machines."""

from __future__ import annotations

from api import addresses  # noqa: F401  (its converters are used in the addresses below)
from api.document import Root, Schema, unslashed
from django.urls import include, path, re_path

app_name = "api"
urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("schema/", Schema.as_view(), name="schema"),
    path("", include("catalog.api")),
    path("", include("catalog.exchange.api")),
    path("", include("procedures.api.urls")),
    path("", include("datacentre.api.urls")),
    path("", include("notices.api")),
    path("", include("documents.api")),
    path("", include("deadlines.api")),
    path("", include("statutes.api")),
    path("", include("accounts.api.organisations")),
    path("", include("audit.api")),
    re_path(r"^(?P<rest>.*[^/])$", unslashed),
]
