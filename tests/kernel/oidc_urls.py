"""The address plan of a deployment that names an identity provider."""

from __future__ import annotations

from config.urls import handler400, handler403, handler404, handler500, urlpatterns
from django.urls import include, path

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("oidc/", include("mozilla_django_oidc.urls")), *urlpatterns]
