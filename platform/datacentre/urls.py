from __future__ import annotations

from django.urls import path, register_converter

from datacentre import views
from datacentre.formats import MEDIA


class WayConverter:
    """A form of file: csv, xlsx or json."""

    regex = "|".join(MEDIA)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(WayConverter, "way")

app_name = "datacentre"
urlpatterns = [
    path("holdings/", views.holdings, name="holdings"),
    path("holdings/<slug:code>/", views.holding, name="holding"),
    path("holdings/<slug:code>/load/", views.load, name="load"),
    path("grants/", views.grants, name="grants"),
    path("grants/<slug:number>/", views.grant, name="grant"),
    path("grants/<slug:number>/rows/", views.rows, name="rows"),
    path("grants/<slug:number>/use/", views.use, name="use"),
    path("grants/<slug:number>/<way:way>/", views.download, name="download"),
    path("grants/<slug:number>/reads/<int:pk>/", views.slip, name="slip"),
]
