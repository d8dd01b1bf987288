from __future__ import annotations

from django.urls import path

from audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("<int:pk>/", views.event, name="event"),
    path("export/", views.export, name="export"),
    path("verify/", views.verification, name="verification"),
    path("seals.jsonl", views.seal_book, name="seal-book"),
]
