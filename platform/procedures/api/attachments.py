"""Files of a case or a draft: added by those who act there, read by those who may see it."""

from __future__ import annotations

import clock
from accounts.actors import current
from api.fields import Body
from api.operations import File, operation
from api.parsing import MultiPartParser
from api.views import FileNegotiation, View
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header
from rest_framework import serializers
from rest_framework.request import Request

from procedures.api.cases import find
from procedures.api.drafts import find as find_draft
from procedures.api.shapes import AttachmentShape
from procedures.attachments import KINDS, attach
from procedures.idempotency import once
from procedures.models import Attachment
from procedures.reading import attachments_for

TAG = "附件"
TAKEN = "PDF、OFD、DOCX、XLSX、PNG、JPEG，不超过 20 MB；按内容而不按扩展名认定。"


class FileBody(Body):
    file = serializers.FileField(max_length=200, help_text=TAKEN)


class CaseAttachments(View):
    parser_classes = [MultiPartParser]

    @operation(
        "cases.attach", "给办件加附件", tag=TAG, body=FileBody, multipart=True, gives=AttachmentShape,
        status=201, also=(404,), around=once, description=TAKEN,
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Attachment:
        return attach(self.given["file"], to=find(request, number), by=current(request), at=clock.now())


class DraftAttachments(View):
    parser_classes = [MultiPartParser]

    @operation(
        "drafts.attach", "给草稿加附件", tag=TAG, body=FileBody, multipart=True, gives=AttachmentShape,
        status=201, also=(404,), around=once, description=TAKEN,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Attachment:
        return attach(self.given["file"], to=find_draft(request, pk), by=current(request), at=clock.now())


class OneAttachment(View):
    content_negotiation_class = FileNegotiation

    @operation(
        "attachments.download", "下载附件", tag=TAG, also=(404,),
        gives=File(tuple(kind.media_type for kind in KINDS), "附件的内容"),
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> FileResponse:
        attachment = attachments_for(current(request)).filter(pk=pk).first()
        if attachment is None:
            raise Http404(str(pk))
        response = FileResponse(attachment.file.open("rb"), content_type=attachment.media_type)
        response["Content-Disposition"] = content_disposition_header(True, attachment.name)
        response["X-Content-Type-Options"] = "nosniff"
        return response
