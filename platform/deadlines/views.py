"""Counting working days, for anyone: no sign-in, nothing stored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deadlines.forms import WorkdaysForm
from deadlines.queries import count_api, current_calendar, notices_in_force


@require_safe
def workdays(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer with its working when it was asked."""
    form = WorkdaysForm(request.GET) if "start" in request.GET or "n" in request.GET else WorkdaysForm()
    counted = count_api(**form.cleaned_data) if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "counted": counted,
        "covered": sorted(current_calendar().covered),
        "notices": notices_in_force(),
    }
    return render(request, "deadlines/workdays.html", context)
