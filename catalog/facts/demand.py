"""The facts of a need: what is needed and what for, who was asked, what was found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from procedures.facts import Facts
from procedures.fields import Basis, Day, Reason, Words
from procedures.queries import visible_to

from catalog.facts.codes import codes_of
from catalog.facts.correction import Body, bodies_on
from catalog.models import Demand, Entry, LikelyEntry

#: A need is met by so many entries at most.
MOST = 10


class NeedFacts(Facts):
    """A line of the 需求清单 (D04): the function is what the law asks for (履行行政管理职能的需要)."""

    law = frozenset({"function"})

    items = Words(
        label="需要的数据",
        least=2,
        most=500,
        rows=2,
        help_text="写数据和信息项的名称，几项用顿号隔开。不要填写个人信息。",
    )
    function = Words(
        label="用于哪项职能",
        least=2,
        most=200,
        rows=2,
        help_text="履行哪一项行政管理职能需要这项数据。",
    )
    source = Words(
        label="希望由谁提供",
        required=False,
        most=100,
        rows=1,
        help_text="知道由哪个单位掌握的写单位名称，不知道的不填。",
    )


class MergeUpFacts(Facts):
    note = Words(
        label="汇总意见",
        required=False,
        most=1000,
        rows=3,
        help_text="本区县有同类需求的，先用“并入同类需求”并在一起，再汇总上报。",
    )


class JoinFacts(Facts):
    carrier = Words(
        label="并入哪一件",
        least=4,
        most=30,
        rows=1,
        help_text="同类需求的办件编号，相近的需求列在本页。",
    )

    def clean_carrier(self) -> str:
        number = str(self.cleaned_data["carrier"]).strip().upper()
        if self.setting.case is None or self.setting.actor is None:
            return number
        if number == self.setting.case.number:
            raise forms.ValidationError("不能并入本件自身，请写另一件的编号")
        found = visible_to(self.setting.actor).filter(number=number, kind="demand-matching").first()
        if found is None:
            raise forms.ValidationError(f"没有编号为“{number}”的需求对接，请核对编号")
        if found.closed_at is not None:
            raise forms.ValidationError(f"{number} 已经办结，不能并入；请选择还在办理的需求")
        return number


class CarryFacts(Facts):
    """Given by the case that is joined, never by hand."""

    joined = forms.CharField(label="并入的办件")


class QuestionFacts(Facts):
    body = Body(label="征询哪个单位")
    question = Words(
        label="征询内容",
        least=5,
        most=1000,
        rows=4,
        help_text="请对方说明是否制作、获取或者掌握这项数据，包括哪些信息项。",
    )

    def setup(self) -> None:
        if self.setting.actor is not None:
            self.fields["body"].queryset = bodies_on(self)
        record = self.setting.subject
        if isinstance(record, Demand):
            self.fields["body"].initial = named_body(self, record.source)
            self.fields[
                "question"
            ].initial = f"贵单位是否掌握“{record.items}”。有的，请写明信息项和编入目录的日期。"


def named_body(facts: Facts, text: str) -> str | None:
    """The code of the one body that is called so."""
    if not text:
        return None
    called = Q(name=text) | Q(short_name=text) | Q(code=text)
    codes = list(bodies_on(facts).filter(called).values_list("code", flat=True)[:2])
    return codes[0] if len(codes) == 1 else None


class AcceptanceFacts(Facts):
    items = Words(label="将编目的信息项", least=2, most=1000, rows=3, help_text="几项用顿号隔开。")
    until = Day(label="编目日期", help_text="哪一天以前报送目录更新。")

    def setup(self) -> None:
        self.fields["until"].initial = self.setting.at.date() + timedelta(days=14)
        if isinstance(self.setting.subject, Demand):
            self.fields["items"].initial = self.setting.subject.items

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if self.setting.case is not None and day < self.setting.at.date():
            raise forms.ValidationError("编目日期不能早于今天")
        return day


class DenialFacts(Facts):
    reason = Reason(
        label="理由", rows=4, help_text="写明本单位没有这项数据，或者应当由哪个单位提供，为什么。"
    )
    basis = Basis(label="依据")


class SystemReason(Facts):
    """Given by the update that came to nothing, never by hand."""

    reason = forms.CharField(label="原因", required=False)


class SearchAgainFacts(Facts):
    reason = Reason(
        label="原因", least=5, rows=3, help_text="目录更新已经办结，写明还缺什么、为什么要另找来源。"
    )


class MatchFacts(Facts):
    entries = Words(
        label="匹配的目录条目",
        least=2,
        most=1000,
        rows=2,
        help_text=f"已发布条目的资源代码，几条用顿号隔开，最多 {MOST} 条。",
    )
    note = Words(
        label="说明",
        required=False,
        most=1000,
        rows=3,
        help_text="各条目分别满足需求的哪一部分；还缺的，需求单位可以再提。",
    )

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, Demand):
            expected = LikelyEntry.objects.filter(demand=record, expected=True)
            codes = expected.order_by("pk").values_list("entry__code", flat=True)[:MOST]
            self.fields["entries"].initial = "、".join(codes)

    def clean_entries(self) -> str:
        codes = codes_of(self.cleaned_data["entries"])
        if len(codes) > MOST:
            raise forms.ValidationError(f"最多写 {MOST} 条，现在是 {len(codes)} 条")
        known = set(Entry.objects.published().filter(code__in=codes).values_list("code", flat=True))
        if missing := [code for code in codes if code not in known]:
            raise forms.ValidationError(f"没有这些资源代码的已发布条目：{'、'.join(missing)}，请核对")
        return "、".join(codes)


class ReferralFacts(Facts):
    proof = Words(
        label="没有单位掌握的证明",
        least=10,
        most=2000,
        rows=5,
        help_text="写明查过哪些目录、征询过哪些单位、结果如何。征询情况已列在本页。",
    )


class RejectionFacts(Facts):
    reason = Reason(label="理由", rows=5)
    basis = Basis(label="依据")


class NeedWithdrawalFacts(Facts):
    reason = Reason(label="撤回原因", least=5, rows=3)


class StepOutFacts(Facts):
    reason = Reason(label="退出原因", least=5, rows=3)
