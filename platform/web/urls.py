from __future__ import annotations

import api.addresses  # noqa: F401 - registers the parts of addresses
from django.urls import path

from web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("design/", views.design, name="design"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    # /procedures/: public
    path("procedures/", views.procedures, name="procedures"),
    path("procedures/<slug:code>/", views.procedure, name="procedure"),
    # /work/
    path("work/", views.worklist, name="worklist"),
    path("work/export/", views.export, name="export"),
    path("work/hand-over/", views.hand_over, name="hand-over"),
    path("work/views/", views.keep_view, name="view-keep"),
    path("work/views/<int:key>/drop/", views.drop_view, name="view-drop"),
    path("mine/", views.mine, name="mine"),
    # /cases/<number>/
    path("cases/<slug:number>/", views.case, name="case"),
    path("cases/<slug:number>/steps/<slug:code>/", views.step, name="step"),
    path("cases/<slug:number>/sign/", views.sign_draft, name="sign"),
    path("cases/<slug:number>/send-back/", views.send_draft_back, name="send-back"),
    path("cases/<slug:number>/reassign/", views.reassign, name="reassign"),
    path("cases/<slug:number>/urge/", views.urge, name="urge"),
    path("cases/<slug:number>/next/", views.neighbour, {"way": "next"}, name="next"),
    path("cases/<slug:number>/previous/", views.neighbour, {"way": "previous"}, name="previous"),
    path("cases/<slug:number>/note/", views.note, name="note"),
    path("cases/<slug:number>/attachments/", views.attach, name="attach"),
    path("cases/<slug:number>/attachments/<int:key>/", views.attachment, name="attachment"),
    # /file/ and /drafts/
    path("file/<slug:procedure>/<apicode:subject>/", views.filing, name="file"),
    path("drafts/<int:key>/", views.draft, name="draft"),
    path("drafts/<int:key>/sign/", views.sign_filing, name="draft-sign"),
    path("drafts/<int:key>/send-back/", views.send_filing_back, name="draft-send-back"),
    path("drafts/<int:key>/discard/", views.discard, name="draft-discard"),
    path("drafts/<int:key>/attachments/<int:file>/", views.draft_attachment, name="draft-attachment"),
]
