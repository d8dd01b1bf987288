from __future__ import annotations

from django.urls import path

from security import views

app_name = "security"
urlpatterns = [
    path("", views.oversight, name="oversight"),
    path("figures.csv", views.figures_csv, name="figures-csv"),
    path("overdue/", views.overdue_list, name="overdue"),
    path("overdue.csv", views.overdue_csv, name="overdue-csv"),
    path("overdue/<int:pk>/", views.cause, name="cause"),
    path("reminders/", views.reminder_list, name="reminders"),
    path("reminders/<int:pk>/", views.raise_lead, name="raise"),
    path("leads/", views.lead_list, name="leads"),
    path("leads/<int:pk>/", views.lead, name="lead"),
    path("leads/<int:pk>/<slug:act>/", views.lead_act, name="lead-act"),
]
