"""Whether a paper is genuine, for anyone who holds its verification code; the paper itself, for its case's people."""

from __future__ import annotations

import clock
from accounts.actors import current
from api.operations import File, operation
from api.shapes import OrganisationRef
from api.views import FileNegotiation, PublicView, View
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from rest_framework import serializers
from rest_framework.request import Request

from documents import actions, queries
from documents.fixing import unchanged
from documents.models import Paper

TAG = "文书"


class VerificationShape(serializers.Serializer):
    """核验结果。正文不在此列，请与手中的文书对照文号、日期和摘要。"""

    code = serializers.CharField(help_text="验证码。")
    number = serializers.CharField(help_text="文号。")
    title = serializers.CharField(help_text="标题。")
    issuer = OrganisationRef(help_text="印发机构。")
    issued_at = serializers.DateTimeField(help_text="印发时间。")
    sm3 = serializers.CharField(help_text="印发时的 SM3 摘要。")
    intact = serializers.SerializerMethodField(help_text="平台保存的内容是否与印发时的摘要一致。")

    def get_intact(self, paper: Paper) -> bool:
        return unchanged(paper)


class Verification(PublicView):
    @operation("papers.verify", "核验文书", tag=TAG, gives=VerificationShape, also=(404,))
    def get(self, request: Request, code: str) -> Paper:
        found = Paper.objects.select_related("issuer", "addressee").filter(code=code.upper()).first()
        if found is None:
            raise Http404("没有这一验证码的文书。验证码共 12 位，分三组，印在文书末页。")
        return found


class PaperFile(View):
    content_negotiation_class = FileNegotiation

    @operation(
        "papers.download", "下载文书", tag=TAG, also=(404,), gives=File(("application/pdf",), "文书的 PDF。"),
        description="与页面下载的是同一份：末页有验证码，摘要留存备查。只对可以查阅所在办件的调用者。",
    )  # fmt: skip
    def get(self, request: Request, code: str) -> HttpResponse:
        found = queries.paper_by_code(code.upper())
        seen = queries.paper_for(current(request), found.number) if found else None
        if seen is None:
            raise Http404(code)
        response = HttpResponse(actions.hand_out(seen, at=clock.now()), content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(True, f"{seen.title} {seen.number}.pdf")
        response["X-Content-Type-Options"] = "nosniff"
        return response


urlpatterns = [
    path("papers/<apikey:code>/", Verification.as_view(), name="paper"),
    path("papers/<apikey:code>/pdf/", PaperFile.as_view(), name="paper-pdf"),
]
