from __future__ import annotations

from typing import Any

from django import forms
from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, PickSome, Reason, Words

from sharing.models import GrantRevocation


class OpeningFacts(Facts):
    """Why a grant is looked into; by a person of the authority or the provider, or by a rule of the system."""

    ground = Pick(label="事由", choices=GrantRevocation.Ground.choices)
    facts = Words(label="情况", least=10, most=2000, rows=5)
    log_extract = Words(label="调用记录摘录", required=False, most=4000, rows=4)


class SuspensionFacts(Facts):
    reason = Reason(label="须立即暂停的理由", rows=3)


class ExplanationFacts(Facts):
    explanation = Words(label="说明", least=10, most=4000, rows=6)


class DemandFacts(Facts):
    demand = Words(label="整改要求", least=10, most=2000, rows=5)
    rectify_by = Day(label="整改期限", help_text="由整改要求指定（必填）。")

    def clean_rectify_by(self) -> Any:
        day = self.cleaned_data["rectify_by"]
        if day <= self.setting.at.date():
            raise forms.ValidationError("整改期限应晚于今天")
        return day


class MeasuresFacts(Facts):
    measures = Words(label="整改措施和结果", least=10, most=4000, rows=6)


class FindingFacts(Facts):
    finding = Words(label="核查结论", least=10, most=2000, rows=5)


class NarrowFacts(Facts):
    items_out = PickSome(label="停用的信息项", required=False)
    scope = Words(label="新的使用范围", required=False, most=500, rows=2)
    reason = Reason(label="理由")
    basis = Basis(label="依据")

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, GrantRevocation):
            names = {item.code: item.name for item in record.grant.holding.items.all()}
            self.fields["items_out"].choices = [(code, names.get(code, code)) for code in record.grant.items]
        else:
            self.fields["items_out"] = forms.JSONField(label="停用的信息项", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        record = self.setting.subject
        out = cleaned.get("items_out") or []
        if not out and not cleaned.get("scope"):
            self.add_error("items_out", "请选择停用的信息项，或者写明新的使用范围")
        if isinstance(record, GrantRevocation) and out and len(out) == len(record.grant.items):
            self.add_error("items_out", "全部停用的，应办理撤销授权")
        return cleaned


class RevokeFacts(Facts):
    reason = Reason(label="理由", rows=5)
    basis = Basis(label="依据")
    effective_on = Day(
        label="生效日", help_text="因类型、职能变化或者授权有误而撤销的，应提前至少 10 个工作日通知。"
    )


class DisposalFacts(Facts):
    copies = Words(label="数据副本", least=5, most=1000, rows=3, help_text="存于何处、几份。")
    method = Words(label="处置方式", least=2, most=500, rows=2)
    disposed_on = Day(label="处置日期")
    statement = Words(label="声明", least=10, most=1000, rows=3)


class UnreportedFacts(Facts):
    lead = Words(label="移送线索", least=10, most=1000, rows=3, help_text="写明未报告的情况，移送监督。")
