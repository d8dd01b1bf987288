"""The floor under the pages: the whole platform with one page more, the least that a signed-in person can be shown.

It goes through the same middleware with the same session, asks one indexed query and fills a template of one line.
`application` is what the web server of the measurement serves.
"""

from __future__ import annotations

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
settings.ROOT_URLCONF = __name__

from config import urls  # noqa: E402  (after the setup)
from config.urls import handler400, handler403, handler404, handler500  # noqa: E402, F401
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402
from procedures.models import Case  # noqa: E402

PAGE = engines["django"].from_string(
    "<!doctype html><title>{{ case.number }}</title><p>{{ case.title }}, {{ case.received_at|date:'c' }}"
)


@login_required
def floor(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(PAGE.render({"case": Case.objects.get(number=number)}, request))


urlpatterns = [path("bench/floor/<str:number>/", floor), *urls.urlpatterns]
application = WSGIHandler()
