from __future__ import annotations

from django.urls import path

from deadlines import views

app_name = "deadlines"
urlpatterns = [path("workdays/", views.workdays, name="workdays")]
