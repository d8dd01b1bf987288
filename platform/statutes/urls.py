from __future__ import annotations

from django.urls import path, re_path

from statutes import views

app_name = "statutes"
urlpatterns = [
    path("", views.index, name="index"),
    re_path(r"^(?P<code>[A-Z]+[0-9]*)-(?P<number>F?[0-9]+)/$", views.article, name="article"),
]
