"""Short addresses into the filing page, for pages that know an entry or a request and nothing of procedures."""

from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path


def filing(request: HttpRequest, procedure: str, subject: str) -> HttpResponse:
    return redirect("web:file", procedure, subject)


app_name = "sharing"
urlpatterns = [
    path("apply/<apicode:subject>/", filing, {"procedure": "sharing-request"}, name="apply"),
    path("object/<apicode:subject>/", filing, {"procedure": "sharing-objection"}, name="object"),
    path("examine/<apicode:subject>/", filing, {"procedure": "grant-revocation"}, name="examine"),
]
