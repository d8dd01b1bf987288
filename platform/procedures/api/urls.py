"""The addresses of cases, steps, drafts and attachments."""

from __future__ import annotations

from django.urls import path

from procedures.api import attachments, cases, drafts, steps

urlpatterns = [
    path("cases/", cases.Cases.as_view(), name="cases"),
    path("cases/<apikey:number>/", cases.OneCase.as_view(), name="case"),
    path("cases/<apikey:number>/sign/", cases.Sign.as_view(), name="sign"),
    path("cases/<apikey:number>/send-back/", cases.SendBack.as_view(), name="send-back"),
    path("cases/<apikey:number>/reassign/", cases.Reassign.as_view(), name="reassign"),
    path("cases/<apikey:number>/urge/", cases.Urge.as_view(), name="urge"),
    path("cases/<apikey:number>/note/", cases.Note.as_view(), name="note"),
    path("cases/<apikey:number>/attachments/", attachments.CaseAttachments.as_view(), name="attach"),
    path("worklist/", cases.Worklist.as_view(), name="worklist"),
    *steps.urlpatterns(),
    path("drafts/", drafts.Drafts.as_view(), name="drafts"),
    path("drafts/<apiid:pk>/", drafts.OneDraft.as_view(), name="draft"),
    path("drafts/<apiid:pk>/send/", drafts.Send.as_view(), name="draft-send"),
    path("drafts/<apiid:pk>/sign/", drafts.SignDraft.as_view(), name="draft-sign"),
    path("drafts/<apiid:pk>/send-back/", drafts.SendDraftBack.as_view(), name="draft-send-back"),
    path("drafts/<apiid:pk>/attachments/", attachments.DraftAttachments.as_view(), name="draft-attach"),
    path("attachments/<apiid:pk>/", attachments.OneAttachment.as_view(), name="attachment"),
]
