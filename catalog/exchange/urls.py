"""Addresses of the import pages, under /catalog/compile/import/; marked in the navigation with those of compiling."""

from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import path

from catalog.exchange import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("template/<slug:form>/", views.template_file, name="template"),
    path("export/<slug:form>/", views.export_drafts, name="export"),
    path("<apiid:pk>/", views.run_page, name="run"),
    path("<apiid:pk>/act/", views.act, name="act"),
    path("<apiid:pk>/file/", views.marked, name="marked"),
]
