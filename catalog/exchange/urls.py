"""Addresses of the import pages, under /catalog/compile/import/; their names are the catalogue's own."""

from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import path

from catalog.exchange import views

urlpatterns = [
    path("", views.imports, name="import"),
    path("template/<slug:form>/", views.template_file, name="import-template"),
    path("export/<slug:form>/", views.export_drafts, name="export-drafts"),
    path("<apiid:pk>/", views.run_page, name="import-run"),
    path("<apiid:pk>/act/", views.act, name="import-act"),
    path("<apiid:pk>/file/", views.marked, name="import-marked"),
]
