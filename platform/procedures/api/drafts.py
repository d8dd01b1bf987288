"""Drafts: a filing not yet made, kept, changed, thrown away, sent for signature, signed or filed."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from api.fields import Body, PageQuery, Text
from api.operations import IF_MATCH, IF_MATCH_NEEDED, etag_header, operation
from api.paging import Page, page
from api.preconditions import require_match
from api.views import View
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from procedures import drafts, registry
from procedures.api.cases import NoteBody, told
from procedures.api.keys import LOCATION, organisation_of, previous_of, subject_of
from procedures.api.shapes import CaseLine, DraftShape, draft_told, tag_of
from procedures.idempotency import once
from procedures.models import Draft
from procedures.refusals import BadFacts

TAG = "草稿"


class DraftChange(Body):
    subject = Text(required=False, allow_blank=True, max_length=80, help_text="所涉对象的编号。")
    organisation = Text(required=False, allow_null=True, max_length=40, help_text="代表的机构（机构代码）。")
    facts = serializers.DictField(
        required=False, help_text="已填的内容，字段同该事项的提交操作，可以不完整。"
    )


class DraftBody(DraftChange):
    kind = Text(max_length=40, help_text="事项代码，如 sharing-request。")
    previous = Text(required=False, max_length=30, help_text="退回补正后重新提交的，写原办件编号。")


def find(request: Request, pk: int, *, lock: bool = False) -> Draft:
    seen = drafts.visible_to(current(request)).filter(pk=pk)
    draft = (seen.select_for_update(of=("self",)) if lock else seen.prefetch_related("attachments")).first()
    if draft is None:
        raise Http404(str(pk))
    return draft


class Drafts(View):
    @operation(
        "drafts.list", "草稿列表", tag=TAG, query=PageQuery, pages=DraftShape,
        description="自己的草稿，和送到自己这里签发的草稿；最近修改的在前。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        found = drafts.visible_to(current(request)).prefetch_related("attachments")
        order = ("-updated_at", "-id")
        return page(
            found, order, name="drafts", cursor=self.asked.get("cursor", ""), limit=self.asked["limit"]
        )

    @operation(
        "drafts.create", "存草稿", tag=TAG, body=DraftBody, gives=DraftShape, status=201, also=(409,),
        around=once, headers=(etag_header(201), LOCATION),
        description="把还没有填完的申请存起来。草稿没有编号，也不计算期限。",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        given = self.given
        procedure = _procedure(given["kind"])
        draft = drafts.save(
            procedure,
            by=current(request),
            organisation=_own_body(request, given.get("organisation")),
            subject=_subject(procedure, given.get("subject", ""), request),
            facts=given.get("facts", {}),
            at=clock.now(),
            previous=previous_of(procedure, request, given.get("previous")),
        )
        return draft_told(draft, status=201)


class OneDraft(View):
    @operation("drafts.read", "一份草稿", tag=TAG, gives=DraftShape, also=(404,), headers=(etag_header(200),))
    def get(self, request: Request, pk: int) -> Response:
        return draft_told(find(request, pk))

    @operation(
        "drafts.update", "修改草稿", tag=TAG, body=DraftChange, gives=DraftShape,
        also=(404, 409, 412, 428), headers=(IF_MATCH_NEEDED, etag_header(200)),
        description="只改写明的部分；facts 整体替换。",
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        with transaction.atomic():
            draft = find(request, pk, lock=True)
            require_match(request, tag_of(draft), needed=True)
            procedure, given = registry.get(draft.kind), self.given
            drafts.save(
                procedure,
                by=current(request),
                organisation=_own_body(request, given["organisation"])
                if "organisation" in given
                else draft.organisation,
                subject=_subject(procedure, given["subject"], request)
                if "subject" in given
                else draft.subject,
                facts=given.get("facts", draft.facts),
                at=clock.now(),
                draft=draft,
            )
        return draft_told(draft)

    @operation("drafts.delete", "删除草稿", tag=TAG, also=(404, 409, 412), headers=(IF_MATCH,))
    def delete(self, request: Request, pk: int) -> None:
        with transaction.atomic():
            draft = find(request, pk, lock=True)
            require_match(request, tag_of(draft))
            drafts.discard(draft, by=current(request), at=clock.now())


class Send(View):
    @operation(
        "drafts.send", "送签", tag=TAG, gives=DraftShape, also=(404, 409, 412, 422), around=once,
        headers=(IF_MATCH, etag_header(200)), description="填写完整的草稿送签发人；只用于须两人办理的提交。",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        draft = _matching(request, pk)
        return draft_told(drafts.send(draft, by=current(request), at=clock.now()))


class SignDraft(View):
    @operation(
        "drafts.sign", "签发草稿", tag=TAG, gives=CaseLine, status=201, also=(404, 409, 412, 422), around=once,
        headers=(IF_MATCH, etag_header(201), LOCATION), description="签发送来的草稿，办件就此提交。",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        case = drafts.sign(_matching(request, pk), by=current(request), at=clock.now())
        response = told(request, case.number, status=201)
        response["Location"] = reverse("api:case", args=[case.number])
        return response


class SendDraftBack(View):
    @operation(
        "drafts.send-back", "退回或者取回草稿", tag=TAG, body=NoteBody, gives=DraftShape,
        also=(404, 409, 412), around=once, headers=(IF_MATCH, etag_header(200)),
        description="签发人退回并说明意见，或者起草人取回。",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        note, draft = self.given.get("note", ""), _matching(request, pk)
        return draft_told(drafts.send_back(draft, by=current(request), at=clock.now(), note=note))


def _matching(request: Request, pk: int) -> Draft:
    draft = find(request, pk)
    require_match(request, tag_of(draft))
    return draft


def _procedure(kind: str) -> Any:
    known = {p.code: p for p in registry.all_procedures() if any(not s.by_system for s in p.filing_steps)}
    if kind not in known:
        raise BadFacts({"kind": [f"没有“{kind}”这一事项，可以提交的有：{'、'.join(known)}"]})
    return known[kind]


def _subject(procedure: Any, key: str, request: Request) -> str:
    if key:
        subject_of(procedure, key, request)
    return key


def _own_body(request: Request, code: str | None) -> Any:
    """The body for which the draft is made: one at which the person holds a post."""
    posts = current(request).posts
    if code is None:
        return posts[0].organisation if posts else None
    body = organisation_of(code)
    if body is not None and body.pk not in {post.organisation_id for post in posts}:
        raise BadFacts({"organisation": [f"您不在{body.name}任职，不能代表它提交"]})
    return body
