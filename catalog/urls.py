from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import include, path

from catalog import views
from catalog.compile import views as compiling

app_name = "catalog"
urlpatterns = [
    path("", views.listing, name="list"),
    path("compile/", compiling.listing, name="compile"),
    path("compile/", include("catalog.compile.urls")),
    path("<apicode:code>/related/", views.related, name="entry-related"),
    path("<apicode:code>/", views.entry, name="entry"),
]
