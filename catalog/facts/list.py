"""What is stated on the way of a body's list: by the body, by who gathers it, by the city data authority."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from procedures.facts import Facts
from procedures.fields import Day, Reason, Words

from catalog.demands import lines
from catalog.effects.look import double_sources, fingerprint, held, waiting
from catalog.facts.review import Finding, ReviewFacts, Seal
from catalog.models import CatalogueList, Draft


class SubmissionFacts(Facts):
    """The whole list (GOV19-12.1): all drafts of the body, its declaration that nothing is missing, what it needs."""

    law = frozenset({"complete"})

    complete = forms.BooleanField(
        label="已编列全部数据",
        help_text="本单位履行职能过程中制作或者获取的全部数据，没有隐瞒和遗漏。",
        error_messages={"required": "请确认已经编列全部数据；有遗漏的补齐以后再报送"},
    )
    nothing_new = Words(
        label="没有新增、变更的说明",
        required=False,
        most=500,
        rows=2,
        help_text="本轮没有编制中的条目时填写：已发布的条目是否仍然完整、准确。",
    )
    demands = Words(
        label="需求清单",
        required=False,
        most=20_000,
        rows=4,
        help_text="需要其他单位提供的数据，每行一条：“需要的数据｜用于哪项职能｜希望由谁提供”，最后一段可以不写。",
    )
    drafts = Seal()

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, CatalogueList):
            self.fields["drafts"].initial = fingerprint(self._drafts(record))
            self.fields["demands"].initial = lines.as_text(record.demands)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        record = self.setting.subject
        if not isinstance(record, CatalogueList):
            return cleaned
        for line in lines.read(cleaned.get("demands", ""))[1]:
            self.add_error("demands", line)
        rows = self._drafts(record)
        if not cleaned.get("nothing_new") and not rows.exists() and "nothing_new" not in self.errors:
            self.add_error("nothing_new", "没有编制中的条目；确实没有新增和变更的，请写明情况")
        Seal.check(self, cleaned, rows)
        return cleaned

    def _drafts(self, record: CatalogueList) -> Any:
        both = waiting(record.body).values("pk").union(held(record.case).values("pk"))
        return Draft.objects.filter(pk__in=[row["pk"] for row in both])


class MergeFacts(Facts):
    """The gathering authority's word on the list; double sources are named (GOV19-12.2, 12.3)."""

    joined = Words(label="汇总意见", least=5, most=1000, rows=3)
    double_sources = Words(
        label="重复来源",
        required=False,
        most=4000,
        rows=3,
        help_text="与其他单位重复采集的数据，已列出平台查到的；一数一源，写明建议由谁提供。",
    )
    drafts = Seal()

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, CatalogueList):
            self.fields["double_sources"].initial = double_sources(record)
            self.fields["drafts"].initial = fingerprint(held(record.case))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        record = self.setting.subject
        if isinstance(record, CatalogueList):
            if self.data.get("double_sources") is None:
                cleaned["double_sources"] = self.fields["double_sources"].initial
            Seal.check(self, cleaned, held(record.case))
        return cleaned


class SendBackFacts(ReviewFacts):
    """Each defect by item and field, and the new date. Drafts are named, or all go back."""

    allowed = (Finding.RETURN,)

    defects = Words(
        label="总的意见",
        required=False,
        most=2000,
        rows=3,
        help_text="没有逐条写明的，在这里写清要改什么；此时全部条目退回。",
    )
    until = Day(label="重新报送的日期")

    def setup(self) -> None:
        super().setup()
        self.fields["exceptions"].label = "退回的条目"
        self.fields["exceptions"].help_text = (
            "每行一处：“名称｜退回｜要素｜要改什么”，信息项写“信息项类型·代码”。"
            "只退回写明的条目；没有写的，全部退回。"
        )
        self.fields["until"].initial = self.setting.at.date() + timedelta(days=14)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("exceptions") and len(cleaned.get("defects", "")) < 10:
            self.add_error("defects", "请写明要改什么：逐条写在“退回的条目”，或者在这里写至少 10 个字")
        if (day := cleaned.get("until")) and day <= self.setting.at.date():
            self.add_error("until", "重新报送的日期应晚于今天")
        return cleaned


class RecallFacts(Facts):
    reason = Reason(label="撤回原因", least=5, rows=3)


class AdoptionFacts(ReviewFacts):
    """The finding of each draft: adopted unless named (GOV19-12.3)."""

    opinion = Words(label="审核意见", required=False, most=2000, rows=3)


class SystemReason(Facts):
    """Given by the round, never by hand."""

    reason = forms.CharField(label="原因", required=False)
