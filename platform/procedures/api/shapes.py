"""What the interface says of cases."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from api.preconditions import etag
from api.shapes import OrganisationRef, PersonRef
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from procedures import registry
from procedures.models import Act, Case, Draft
from procedures.queries import Possible
from procedures.reading import Reading


def _state(case: Case) -> Any:
    procedure = registry.get(case.kind)
    return procedure.states[case.state]


class CaseLine(serializers.Serializer):
    """一件办件的概要。"""

    number = serializers.CharField(help_text="办件编号。")
    kind = serializers.CharField(help_text="事项代码，如 sharing-request。")
    kind_label = serializers.SerializerMethodField(help_text="事项名称。")
    title = serializers.CharField(help_text="标题。")
    state = serializers.CharField(help_text="状态代码。")
    state_label = serializers.SerializerMethodField(help_text="状态名称。")
    closed = serializers.SerializerMethodField(help_text="是否已经办结。")
    filer = OrganisationRef(allow_null=True, help_text="提交的机构；本人提交的为 null。")
    received_at = serializers.DateTimeField(help_text="收到时间。")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="办结时间。")
    due_at = serializers.DateTimeField(allow_null=True, help_text="最近期限的截止时刻（最后一日的 24:00）。")
    provisional = serializers.BooleanField(help_text="截止时刻是否暂定（所在年份的放假安排尚未发布）。")
    version = serializers.IntegerField(help_text="版本；每办理一步加一，即 ETag 中的数字。")

    def get_kind_label(self, case: Case) -> str:
        return registry.get(case.kind).label

    def get_state_label(self, case: Case) -> str:
        return str(_state(case).label)

    def get_closed(self, case: Case) -> bool:
        return case.closed_at is not None


class PartyShape(serializers.Serializer):
    """当事方。"""

    relation = serializers.CharField(help_text="关系代码。")
    label = serializers.SerializerMethodField(help_text="关系名称。")
    organisation = OrganisationRef()
    handler = serializers.SerializerMethodField(help_text="经办人姓名；其他机构的人员不显示。")
    since = serializers.DateTimeField(help_text="自何时起。")

    def get_label(self, party: Any) -> str:
        return str(self.root.instance.reading.procedure.relation(party.relation).label)

    def get_handler(self, party: Any) -> str | None:
        own = self.root.instance.reading.is_own(party.organisation_id)
        return party.handler.name if own and party.handler_id else None


class TurnShape(serializers.Serializer):
    """轮到谁。"""

    organisation = OrganisationRef()
    role = serializers.CharField(help_text="岗位代码。")
    mine = serializers.SerializerMethodField(help_text="是否轮到调用者。")
    clock = serializers.CharField(allow_blank=True, help_text="所受期限的名称；没有期限为空。")
    due_on = serializers.DateField(allow_null=True, help_text="最后一日。")
    due_at = serializers.DateTimeField(allow_null=True, help_text="截止时刻。")
    provisional = serializers.BooleanField(help_text="是否暂定。")

    def get_mine(self, turn: Any) -> bool:
        return bool(self.root.instance.reading.is_mine(turn))


class DeadlineShape(serializers.Serializer):
    """一项期限和它的算法。"""

    clock = serializers.CharField(help_text="期限代码。")
    label = serializers.CharField(help_text="期限名称。")
    basis = serializers.CharField(help_text="所依据的条文。")
    owed_by = OrganisationRef(allow_null=True, help_text="应当在期限内办理的机构。")
    started_at = serializers.DateTimeField(help_text="起算事件的时间，当日不计入。")
    due_on = serializers.DateField(help_text="最后一日。")
    due_at = serializers.DateTimeField(help_text="截止时刻。")
    provisional = serializers.BooleanField(help_text="是否暂定。")
    outcome = serializers.CharField(help_text="open 进行中，met 已办理，ended 终止计算。")
    paused = serializers.BooleanField(help_text="是否中止计算。")
    closed_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True, help_text="逾期时刻；没有逾期为 null。")
    on_pass = serializers.CharField(help_text="期满怎样处理：breach 记录逾期，remind 提醒，step 系统办理。")
    working = serializers.JSONField(help_text="为什么是这一天：逐日的计算、各部分和说明。")


class ActShape(serializers.Serializer):
    """经过的一步。其他机构内部的起草、转办和记录不显示；没有告知调用者机构的填报内容为 null。"""

    id = serializers.IntegerField()
    step = serializers.CharField(help_text="步骤代码。")
    label = serializers.CharField(help_text="步骤名称。")
    at = serializers.DateTimeField(help_text="办理时间。")
    effective_at = serializers.DateTimeField(allow_null=True, help_text="系统按期办理的生效时刻。")
    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField()
    organisation = OrganisationRef(allow_null=True, help_text="办理的机构；系统办理的为 null。")
    role = serializers.CharField(allow_blank=True, help_text="办理的岗位。")
    person = serializers.SerializerMethodField(help_text="办理人姓名；其他机构的人员不显示。")
    signed_by = serializers.SerializerMethodField(help_text="签发人姓名；其他机构的人员不显示。")
    cites = serializers.ListField(child=serializers.CharField(), help_text="所依据的条文。")
    facts = serializers.SerializerMethodField(help_text="填报内容。")

    def _own(self, act: Act) -> bool:
        return bool(self.root.instance.reading.did(act))

    def get_person(self, act: Act) -> str | None:
        return act.user.name if act.user is not None and self._own(act) else None

    def get_signed_by(self, act: Act) -> str | None:
        return act.signed_by.name if act.signed_by is not None and self._own(act) else None

    def get_facts(self, act: Act) -> dict[str, Any] | None:
        return act.facts if self.root.instance.reading.may_read_facts(act) else None


class PaperShape(serializers.Serializer):
    """文书。"""

    number = serializers.CharField(help_text="文号。")
    title = serializers.CharField(help_text="标题。")
    kind = serializers.CharField(help_text="种类。")
    issuer = OrganisationRef()
    addressee = OrganisationRef(allow_null=True)
    issued_at = serializers.DateTimeField(help_text="印发时间。")
    code = serializers.CharField(help_text="验证码，用于 /api/v1/papers/{code}/。")
    sm3 = serializers.CharField(help_text="正文的 SM3 摘要。")


class AttachmentShape(serializers.Serializer):
    """附件。"""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="文件名。")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="字节数。")
    sm3 = serializers.CharField(help_text="内容的 SM3 摘要。")
    added_at = serializers.DateTimeField()
    href = serializers.SerializerMethodField(help_text="下载地址。")

    def get_href(self, attachment: Any) -> str:
        return reverse("api:attachment", args=[attachment.pk])


class PossibleShape(serializers.Serializer):
    """调用者现在可以办理的一步。条件是否具备，办理时核对并说明。"""

    code = serializers.CharField(source="step.code", help_text="步骤代码。")
    label = serializers.CharField(source="step.label", help_text="步骤名称。")
    explain = serializers.CharField(source="step.explain", allow_blank=True, help_text="说明。")
    cites = serializers.ListField(
        source="step.cited", child=serializers.CharField(), help_text="所依据的条文。"
    )
    signing = serializers.BooleanField(help_text="true 表示等待调用者签发或者确认别人起草的这一步。")
    needs_signature = serializers.SerializerMethodField(help_text="办理后是否须另一人签发才生效。")
    href = serializers.SerializerMethodField(help_text="用 POST 调用的地址。")
    operation = serializers.SerializerMethodField(help_text="OpenAPI 中的 operationId，请求体的写法见那里。")

    def get_needs_signature(self, possible: Possible) -> bool:
        return possible.step.consent is not None and not possible.signing

    def get_href(self, possible: Possible) -> str:
        reading: Reading = self.root.instance.reading
        if possible.signing:
            return reverse("api:sign", args=[reading.case.number])
        return reverse(f"api:{reading.procedure.code}.{possible.step.code}", args=[reading.case.number])

    def get_operation(self, possible: Possible) -> str:
        kind = self.root.instance.reading.procedure.code
        return "cases.sign" if possible.signing else f"{kind}.{possible.step.code}"


class ProposalShape(serializers.Serializer):
    """等待签发或者确认的文稿，只有起草的机构看得到。"""

    step = serializers.CharField()
    drafted_by = PersonRef()
    drafted_at = serializers.DateTimeField()
    urgent = serializers.BooleanField(help_text="true 表示已经先行办理，等待确认。")
    facts = serializers.JSONField(help_text="起草的填报内容。")


class CaseShape(CaseLine):
    """一件办件：走到哪一步，轮到谁，还剩多久，经过，文书，以及调用者可以办理的步骤。"""

    parent = serializers.CharField(source="parent.number", default=None, allow_null=True)
    previous = serializers.CharField(
        source="previous.number", default=None, allow_null=True, help_text="退回后重新提交的，原办件的编号。"
    )
    parties = PartyShape(many=True, source="reading.parties")
    turns = TurnShape(many=True, source="reading.turns")
    deadlines = DeadlineShape(many=True, source="reading.deadlines")
    acts = ActShape(many=True, source="reading.acts")
    papers = PaperShape(many=True, source="reading.papers")
    attachments = AttachmentShape(many=True, source="reading.attachments")
    proposal = serializers.SerializerMethodField()
    steps = PossibleShape(many=True, source="reading.steps")
    actions = serializers.ListField(
        child=serializers.CharField(),
        source="reading.actions",
        help_text="步骤以外可以做的：note 记录，attach 加附件，reassign 转办，sign 签发，send-back 退回文稿。",
    )

    @extend_schema_field(ProposalShape(allow_null=True))
    def get_proposal(self, case: Case) -> Any:
        reading: Reading = self.root.instance.reading
        return ProposalShape(reading.draft).data if reading.draft is not None else None


class DraftShape(serializers.Serializer):
    """草稿。"""

    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="事项代码。")
    owner = PersonRef(help_text="起草人。")
    organisation = OrganisationRef(allow_null=True, help_text="代表的机构。")
    subject = serializers.CharField(allow_blank=True, help_text="所涉对象的编号。")
    previous = serializers.CharField(source="previous.number", default=None, allow_null=True)
    facts = serializers.JSONField(help_text="已填的内容，可以不完整。")
    updated_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True, help_text="送签时间；没有送签为 null。")
    note = serializers.CharField(allow_blank=True, help_text="退回意见。")
    attachments = AttachmentShape(many=True)


def tag_of(draft: Draft) -> str:
    """Changes with every change of the draft, however quickly they follow each other."""
    moments = [moment and moment.timestamp() for moment in (draft.updated_at, draft.sent_at)]
    content = [draft.subject, draft.organisation_id, draft.facts, draft.note, *moments]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return etag("draft", draft.pk, digest[:24])


def draft_told(draft: Draft, *, status: int = 200) -> Response:
    """The draft as it now is, with its tag, and with its address when it was made."""
    headers = {"ETag": tag_of(draft)}
    if status != 200:
        headers["Location"] = reverse("api:draft", args=[draft.pk])
    return Response(DraftShape(draft).data, status=status, headers=headers)
