"""/api/v1/: each app's calls, mounted. What has no address here does not exist for machines."""

from __future__ import annotations

from api import addresses  # noqa: F401  (its converters are used in the addresses below)
from api.document import Root, Schema, unslashed
from django.urls import include, path, re_path

app_name = "api"
urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("schema/", Schema.as_view(), name="schema"),
    path("", include("procedures.api.urls")),
    re_path(r"^(?P<rest>.*[^/])$", unslashed),
]
