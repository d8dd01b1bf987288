"""The addresses of grants and holdings. A grant is named by the number of the case that gave it."""

from __future__ import annotations

from django.urls import path

from datacentre.api import data, grants, loading

urlpatterns = [
    path("grants/", grants.Grants.as_view(), name="grants"),
    path("grants/<apikey:number>/", grants.OneGrant.as_view(), name="grant"),
    path("grants/<apikey:number>/data/", data.Data.as_view(), name="grant-data"),
    path("grants/<apikey:number>/download/", data.Download.as_view(), name="grant-download"),
    path("grants/<apikey:number>/uses/", grants.Uses.as_view(), name="grant-uses"),
    path("grants/<apikey:number>/reads/", grants.Reads.as_view(), name="grant-reads"),
    path("holdings/", grants.Holdings.as_view(), name="holdings"),
    path("holdings/<apicode:code>/versions/", loading.Versions.as_view(), name="holding-versions"),
]
