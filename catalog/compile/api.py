"""Compiling for machines: a body's drafts, read, kept, thrown away, and looked at for twins."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from accounts.models import Organisation
from api.fields import Body, Flag, OneOf, PageQuery, Text
from api.operations import IF_MATCH, IF_MATCH_NEEDED, etag_header, operation
from api.paging import Page, page
from api.preconditions import etag, require_match
from api.shapes import OrganisationRef
from api.views import View
from django.db import transaction
from django.http import Http404
from django.urls import path, reverse
from procedures.api.keys import LOCATION
from procedures.idempotency import once
from procedures.refusals import BadFacts
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import drafts, twins
from catalog.compile.worklist import bodies
from catalog.models import Draft, Entry
from catalog.norm.elements import ENTRY
from catalog.shapes import SaidBody, SaidShape

TAG = "目录编制"
_SAID = {*(element.name for element in ENTRY), "items", "conditions"}


class DraftProblem(serializers.Serializer):
    """一处待改正。"""

    field = serializers.CharField(
        allow_blank=True, help_text="要素名，或者 items、conditions；整条的问题为空。"
    )
    row = serializers.IntegerField(allow_null=True, help_text="第几个信息项或者条件，从 0 起。")
    part = serializers.CharField(allow_blank=True, help_text="该行的要素名。")
    message = serializers.CharField(help_text="错在哪里，怎样改。")
    cites = serializers.ListField(child=serializers.CharField(), help_text="所依据的条文。")


class EntryDraftLine(serializers.Serializer):
    """编制中的条目的概要。"""

    id = serializers.IntegerField(source="pk", help_text="编号。")
    name = serializers.CharField(help_text="资源名称。")
    provider = OrganisationRef(help_text="数据提供单位。")
    kind = serializers.CharField(help_text="add 新增，change 变更，remove 撤销。")
    stage = serializers.CharField(help_text="editing 编制中，submitted 已报送，adopted 已纳入，待发布。")
    entry = serializers.SerializerMethodField(help_text="所变更、撤销的条目的资源代码，新增的为空。")
    problems = DraftProblem(many=True, help_text="报送前待改正的地方，没有的为空列表。")
    changed_at = serializers.DateTimeField(help_text="最近修改。")

    def get_entry(self, draft: Draft) -> str:
        return draft.entry.code if draft.entry else ""


class EntryDraftShape(EntryDraftLine):
    """编制中的条目。"""

    base_version = serializers.IntegerField(help_text="变更所依据的条目版本，新增的为 0。")
    reason = serializers.SerializerMethodField(help_text="撤销的原因。")
    content = SaidShape(help_text="各要素；没有填的为空。")

    def get_reason(self, draft: Draft) -> str:
        return draft.source if draft.kind == Draft.Kind.REMOVE else ""


class TwinShape(serializers.Serializer):
    """一个看起来相同或者相近的条目。"""

    key = serializers.CharField(help_text="资源代码；本单位编制中的条目为 draft-编号。")
    name = serializers.CharField(help_text="资源名称。")
    score = serializers.FloatField(help_text="相近程度，0 至 1。")
    why = serializers.ListField(child=serializers.CharField(), help_text="为什么认为相近。")
    answered = serializers.BooleanField(help_text="是否已经说明。")


class DraftQuery(PageQuery):
    stage = OneOf(
        [(s.value, str(s.label)) for s in Draft.OPEN],
        required=False,
        help_text="阶段，不填为全部没有办完的。",
    )
    provider = Text(required=False, max_length=40, help_text="单位的机构代码。")
    wanting = Flag(required=False, help_text="true 只要有待改正的，false 只要没有的。")


class EntryDraftBody(SaidBody):
    """要编制的条目；可以不完整，缺什么在 problems 中说明。"""

    provider = Text(required=False, max_length=40, help_text="代表的单位的机构代码，只在一个单位的可以不填。")
    entry = Text(required=False, max_length=60, help_text="变更已发布条目的，写资源代码；没有写的要素照旧。")
    secret = Flag(required=False, help_text="属于涉密事项：拒收，不保存任何内容（GOV19-2）。")


class EntryDraftChange(SaidBody):
    """要修改的要素；没有写的照旧，items、conditions 整体替换。"""

    secret = Flag(required=False, help_text="属于涉密事项：拒收，不保存任何内容（GOV19-2）。")


class EntryRemovalBody(Body):
    """撤销一个已发布的条目。"""

    entry = Text(max_length=60, help_text="资源代码。")
    reason = Text(max_length=200, help_text="撤销原因。")


class TwinAnswer(Body):
    """对一个相近条目的说明。"""

    key = Text(max_length=60, help_text="TwinShape 的 key。")
    answer = OneOf(
        [("different", "不是同一数据"), ("source", "引用为来源")],
        help_text="different 不是同一数据；source 引用为来源。",
    )
    reason = Text(
        required=False, allow_blank=True, max_length=500, help_text="为什么不是重复；different 必填。"
    )


def _tag(draft: Draft) -> str:
    return etag("entry-draft", draft.pk, int(draft.changed_at.timestamp() * 1_000_000))


def _told(draft: Draft, status: int = 200) -> Response:
    headers = {"ETag": _tag(draft)}
    if status == 201:
        headers["Location"] = reverse("api:entry-draft", args=[draft.pk])
    return Response(EntryDraftShape(draft).data, status=status, headers=headers)


def _find(request: Request, pk: int, *, lock: bool = False) -> Draft:
    """A draft that the caller may see, not yet done. Raises Http404."""
    seen = Draft.objects.visible_to(current(request)).open().select_related("provider", "entry__holding")
    draft = (seen.select_for_update(of=("self",)) if lock else seen).filter(pk=pk).first()
    if draft is None:
        raise Http404(str(pk))
    return draft


def _body(request: Request, code: str) -> Organisation:
    """The body for which the caller compiles. Raises BadFacts for another one, or where there is a choice."""
    own = bodies(current(request))
    found = [body for body in own if not code or body.code == code]
    if len(found) == 1:
        return found[0]
    told = "、".join(body.code for body in own) or "没有（您不为任何单位编制目录）"
    raise BadFacts({"provider": [f"请写明代表哪个单位，您可以代表的有：{told}"]})


def _entry(request: Request, code: str) -> Entry:
    entry = Entry.objects.published().select_related("provider", "holding").filter(code=code).first()
    if entry is None or not drafts.may_edit(entry.provider, current(request)):
        raise BadFacts({"entry": [f"本单位没有资源代码为“{code}”的已发布条目"]})
    return entry


class EntryDrafts(View):
    @operation(
        "entry-drafts.list", "编制中的条目", tag=TAG, query=DraftQuery, pages=EntryDraftLine,
        description="本单位没有办完的；汇总、审核单位看得到所辖单位报送的。最近修改的在前。",
    )  # fmt: skip
    def get(self, request: Request) -> Page:
        asked = self.asked
        found = Draft.objects.visible_to(current(request)).open().select_related("provider", "entry")
        if asked.get("stage"):
            found = found.filter(stage=asked["stage"])
        if asked.get("provider"):
            found = found.filter(provider__code=asked["provider"])
        if "wanting" in asked:
            found = found.exclude(problems=[]) if asked["wanting"] else found.filter(problems=[])
        return page(
            found.defer("content", "typed", "twins"),
            ("-changed_at", "-id"),
            name="entry-drafts",
            cursor=asked.get("cursor", ""),
            limit=asked["limit"],
        )

    @operation(
        "entry-drafts.create", "编制一个条目", tag=TAG, body=EntryDraftBody, gives=EntryDraftShape, status=201,
        also=(403, 409), around=once, headers=(etag_header(201), LOCATION),
        description="新增一个条目，或者以 entry 变更已发布的条目。内容可以不完整，报送前改正即可。",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        given: dict[str, Any] = {name: value for name, value in self.given.items() if name in _SAID}
        code = self.given.get("entry")
        entry = _entry(request, code) if code else None
        if entry is not None:
            given = {**drafts.content_of(entry).as_json(), **given}
        draft = drafts.keep(
            entry.provider if entry else _body(request, self.given.get("provider", "")),
            given,
            entry=entry,
            secret=self.given.get("secret", False),
            origin=Draft.Origin.API,
            at=clock.now(),
            by=current(request),
        )
        return _told(draft, 201)


class Removals(View):
    @operation(
        "entry-drafts.remove", "提出撤销条目", tag=TAG, body=EntryRemovalBody, gives=EntryDraftShape, status=201,
        also=(403, 409), around=once, headers=(etag_header(201), LOCATION),
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        entry = _entry(request, self.given["entry"])
        draft = drafts.propose_removal(
            entry, reason=self.given["reason"], at=clock.now(), by=current(request)
        )
        return _told(draft, 201)


class OneEntryDraft(View):
    @operation(
        "entry-drafts.read", "一个编制中的条目", tag=TAG, gives=EntryDraftShape, also=(404,),
        headers=(etag_header(200),),
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        return _told(_find(request, pk))

    @operation(
        "entry-drafts.update", "修改编制中的条目", tag=TAG, body=EntryDraftChange, gives=EntryDraftShape,
        also=(404, 409, 412, 428), headers=(IF_MATCH_NEEDED, etag_header(200)),
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        with transaction.atomic():
            draft = _find(request, pk, lock=True)
            require_match(request, _tag(draft), needed=True)
            if draft.kind == Draft.Kind.REMOVE:
                raise drafts.DraftRefused("撤销条目没有可以修改的要素")
            said = {name: value for name, value in self.given.items() if name in _SAID}
            draft = drafts.keep(
                draft.provider,
                {**drafts.written(draft), **said},
                draft=draft,
                secret=self.given.get("secret", False),
                origin=Draft.Origin.API,
                at=clock.now(),
                by=current(request),
            )
        return _told(draft)

    @operation("entry-drafts.delete", "删除编制中的条目", tag=TAG, also=(404, 409, 412), headers=(IF_MATCH,))
    def delete(self, request: Request, pk: int) -> None:
        with transaction.atomic():
            draft = _find(request, pk, lock=True)
            require_match(request, _tag(draft))
            drafts.discard(draft, at=clock.now(), by=current(request))


class Twins(View):
    @operation(
        "entry-drafts.twins", "相同或者相近的条目", tag=TAG, gives=TwinShape, many=True, also=(404,),
        description="对照全市已发布的目录和本单位编制中的条目，避免重复采集（REG22-11）。报送前逐个说明。",
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> list[dict[str, Any]]:
        draft = _find(request, pk)
        return [
            {
                "key": twin.key,
                "name": twin.name,
                "score": round(twin.score, 3),
                "why": list(twin.why),
                "answered": twin.key in draft.twins,
            }
            for twin in twins.of_draft(draft)
        ]

    @operation(
        "entry-drafts.answer-twin", "说明不是重复采集", tag=TAG, body=TwinAnswer, gives=EntryDraftShape,
        also=(403, 404, 409), headers=(etag_header(200),),
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        draft, given = _find(request, pk), self.given
        known = {twin.key for twin in twins.of_draft(draft)}
        if given["key"] not in known:
            raise BadFacts({"key": [f"“{given['key']}”不在本条目的相近条目中"]})
        said = {given["key"]: {"answer": given["answer"], "reason": given.get("reason", "")}}
        return _told(twins.answer(draft, said, at=clock.now(), by=current(request)))


urlpatterns = [
    path("entry-drafts/", EntryDrafts.as_view(), name="entry-drafts"),
    path("entry-drafts/removals/", Removals.as_view(), name="entry-draft-removals"),
    path("entry-drafts/<apiid:pk>/", OneEntryDraft.as_view(), name="entry-draft"),
    path("entry-drafts/<apiid:pk>/twins/", Twins.as_view(), name="entry-draft-twins"),
]
