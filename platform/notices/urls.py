from __future__ import annotations

from django.urls import path

from notices import views
from notices.views import failures, webhooks

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("badge/", views.badge, name="badge"),
    path("read/", views.read_all, name="read-all"),
    path("preference/", views.preference, name="preference"),
    path("<int:pk>/", views.open_notice, name="open"),
    path("<int:pk>/read/", views.read, name="read"),
    path("undelivered/", failures.listing, name="undelivered"),
    path("undelivered/<int:pk>/deliver/", failures.deliver, name="deliver-again"),
    path("undelivered/<int:pk>/mail/", failures.mail, name="mail-again"),
    path("webhooks/", webhooks.listing, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.show, name="webhook"),
    path("webhooks/<int:pk>/switch/", webhooks.switch, name="webhook-switch"),
    path("webhooks/<int:pk>/secret/", webhooks.secret, name="webhook-secret"),
    path("webhooks/<int:pk>/again/<int:delivery>/", webhooks.again, name="webhook-again"),
]
