"""Addresses of the compiling pages, under /catalog/compile/; a namespace of their own marks them in the navigation."""

from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import path

from catalog.compile import checking, edit, views

app_name = "compile"
urlpatterns = [
    path("new/", edit.new, name="new"),
    path("report/", views.report, name="report"),
    path("discard/", views.discard, name="discard"),
    path("change/<apicode:code>/", views.change, name="change"),
    path("remove/<apicode:code>/", views.remove, name="remove"),
    path("<apiid:pk>/", edit.draft, name="draft"),
    path("<apiid:pk>/items/", edit.items, name="items"),
    path("<apiid:pk>/twins/", checking.twin_check, name="twins"),
    path("<apiid:pk>/preview/", checking.preview, name="preview"),
]
