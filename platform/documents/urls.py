from __future__ import annotations

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    # /verify/: for everybody
    path("verify/", views.verify, name="verify"),
    path("verify/file/", views.verify_file, name="verify-file"),
    # /papers/<number>/: for those who may see the case
    path("papers/<str:number>/", views.paper, name="paper"),
    path("papers/<str:number>/pdf/", views.download, name="pdf"),
]
