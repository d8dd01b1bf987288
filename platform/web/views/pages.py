"""The pages that belong to no one matter: home, help, accessibility, the component sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html")


def design(request: HttpRequest) -> HttpResponse:
    return render(request, "web/design.html")


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")
