from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import path

from catalog import views

app_name = "catalog"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<apicode:code>/", views.entry, name="entry"),
]
