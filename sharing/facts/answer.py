"""What the city data authority states when it answers, and the provider when it is asked (REG22-26)."""

from __future__ import annotations

from typing import Any

from django import forms
from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, PickSome, Reason, Words

from sharing.facts.application import MODES
from sharing.models import SharingRequest


class GrantFacts(Facts):
    """The decision by type and conditions of the catalogue. A part left out needs its reason and basis."""

    law = frozenset({"items", "left_out_reason", "left_out_basis"})

    items = PickSome(label="同意共享的信息项")
    modes = PickSome(label="提供方式")
    scope = Words(label="使用范围", least=5, most=500, rows=2)
    first_day = Day(label="授权首日")
    last_day = Day(label="授权最后一日")
    quota_per_day = forms.IntegerField(
        label="每日调用上限",
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text="只限接口；不填为不限次数。",
    )
    use_conditions = Words(label="附加条件", required=False, most=1000, rows=3)
    left_out_reason = Reason(label="未同意部分的理由", required=False, rows=3)
    left_out_basis = Basis(label="未同意部分的依据", required=False)

    def setup(self) -> None:
        record = self.setting.subject
        if not isinstance(record, SharingRequest):
            self.fields["items"] = forms.JSONField(label="同意共享的信息项")
            self.fields["modes"].choices = list(MODES.items())
            return
        names = {item.code: item.name for item in record.entry.items.all()}
        self.fields["items"].choices = [(code, names.get(code, code)) for code in record.items]
        self.fields["items"].initial = record.items
        self.fields["modes"].choices = [(mode, MODES[mode]) for mode in record.modes]
        self.fields["modes"].initial = record.modes
        self.fields["scope"].initial = record.scope
        self.fields["first_day"].initial = max(record.first_day, self.setting.at.date())
        self.fields["last_day"].initial = record.last_day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        record = self.setting.subject
        if not isinstance(record, SharingRequest):
            return cleaned
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if last and last > record.last_day:
            self.add_error("last_day", f"申请只到 {record.last_day.isoformat()}，授权不能更长")
        if first and first < record.first_day:
            self.add_error("first_day", f"申请自 {record.first_day.isoformat()} 起，授权不能更早")
        if first and last and last < first:
            self.add_error("last_day", f"授权最后一日（{last.isoformat()}）早于首日（{first.isoformat()}）")
        left_out = [code for code in record.items if code not in cleaned.get("items", [])]
        if left_out:
            for name in ("left_out_reason", "left_out_basis"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, f"有 {len(left_out)} 项未同意，须说明理由并提供依据")
        return cleaned


class RefusalFacts(Facts):
    law = frozenset({"reason", "basis"})

    reason = Reason(label="不同意的理由", rows=5)
    basis = Basis(label="不同意的依据")

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, SharingRequest) and record.entry.sharing_basis:
            self.fields["basis"].initial = record.entry.sharing_basis


class ConsultationFacts(Facts):
    """Why the catalogue does not settle the matter, and what the provider is asked. No approver (Gap17)."""

    law = frozenset({"unsettled"})

    unsettled = Words(
        label="目录不能确定的事项", least=5, most=1000, rows=3, help_text="逐条写明目录中哪一条件不能确定。"
    )
    question = Words(
        label="需要对方回答",
        least=5,
        most=2000,
        rows=5,
        help_text="一问一条，对方逐条回复“可以、不可以、附条件”。",
    )
    reason = Reason(label="延长理由", rows=3, help_text="写入审计记录，并告知申请单位。")


class OpinionFacts(Facts):
    opinion = Pick(
        label="意见", choices=[("can", "可以共享"), ("cannot", "不能共享"), ("conditions", "附条件可以共享")]
    )
    reason = Reason(label="理由", rows=4)
    basis = Basis(
        label="依据", required=False, help_text="不能共享的，须写明法律、行政法规或者国家有关规定。"
    )
    conditions = Words(label="条件", required=False, most=1000, rows=3)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("opinion") == "cannot" and not cleaned.get("basis"):
            self.add_error("basis", "认为不能共享的，须写明依据")
        if cleaned.get("opinion") == "conditions" and not cleaned.get("conditions"):
            self.add_error("conditions", "请写明可以共享的条件")
        return cleaned


class ReturnFacts(Facts):
    defects = Words(
        label="需要补正的内容",
        least=10,
        most=2000,
        rows=5,
        help_text="一次写全，每条一行：哪一项、缺什么、怎样补。",
    )


class WithdrawalFacts(Facts):
    reason = Reason(label="撤回原因", least=5, rows=3)


class RelinquishFacts(Facts):
    last_use = Words(label="最后一次使用", least=5, most=500, rows=2)
    copies = Words(
        label="数据副本的处置",
        least=5,
        most=1000,
        rows=3,
        help_text="写明是否留有副本、存于何处、何时以何种方式删除。",
    )


class NarrowingFacts(Facts):
    """Given by another case, never by hand."""

    items_out = forms.JSONField(label="停用的信息项")
    scope = forms.CharField(label="使用范围", required=False)
    reason = forms.CharField(label="原因")


class CauseFacts(Facts):
    """Given by another case, never by hand."""

    reason = forms.CharField(label="原因")
