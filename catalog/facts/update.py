"""What is stated on the way of an update: the change and its day, why nothing has to change, what is applied for."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Organisation
from deadlines.forecast import workday_after
from deadlines.models import Deadline
from deadlines.queries import term_in_force
from django.db.models import QuerySet
from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, Reason, Words

from catalog.clocks import APPLY
from catalog.effects.look import fingerprint, waiting
from catalog.facts.codes import codes_of
from catalog.facts.review import Finding, ReviewFacts, Seal
from catalog.models import CatalogueUpdate, Draft, Entry

Cause = CatalogueUpdate.Cause


class ChangeFacts(Facts):
    """The cause, its document, the day of the change, the entries touched. The subject is the provider."""

    law = frozenset({"cause", "changed_on"})

    cause = Pick(label="原因", choices=Cause.choices)
    source = Words(
        label="文件",
        required=False,
        most=300,
        rows=1,
        help_text="法律法规修改的，写明文件和条款；职能变更的，写明三定规定或者机构改革文件；办件决定的，写办件编号。",
    )
    changed_on = Day(
        label="变更日期", help_text="法律法规修改或者职能变更之日；期限自这一天起算，当日不计入。"
    )
    reason = Words(label="变更内容", least=5, most=2000, rows=4)
    touched = Words(
        label="涉及的条目", required=False, most=20_000, rows=2, help_text="资源代码，用顿号或者换行隔开。"
    )

    def setup(self) -> None:
        self.fields["changed_on"].initial = self.setting.at.date()
        self.fields["cause"].initial = Cause.OWN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cause, day = cleaned.get("cause"), cleaned.get("changed_on")
        if cause in CatalogueUpdate.DATED | {Cause.DECISION} and not cleaned.get("source"):
            self.add_error("source", "请写明文件：没有文件，变更日期无从核对")
        if day and day > self.setting.at.date():
            self.add_error("changed_on", "变更日期不能晚于今天；尚未施行的，施行之日再登记")
        provider = self.setting.subject
        codes = codes_of(cleaned.get("touched", ""))
        if codes and isinstance(provider, Organisation):
            known = set(
                Entry.objects.published()
                .filter(code__in=codes, provider__in=[provider, *provider.predecessors.all()])
                .values_list("code", flat=True)
            )
            if missing := [code for code in codes if code not in known]:
                self.add_error(
                    "touched", f"{provider.short_name}没有这些已发布的条目：{'、'.join(missing[:10])}"
                )
        return cleaned


class NoNeedFacts(Facts):
    no_need = Reason(label="无需更新的理由", rows=5, help_text="逐条说明涉及的条目为什么不需要改。")


class ApplicationFacts(Facts):
    """Which drafts are applied for: all of the body's, or those named (GOV19-14.1)."""

    law = frozenset({"drafts"})

    reason = Reason(label="更新说明", least=5, rows=3)
    only = Words(
        label="只报送这些条目",
        required=False,
        most=100_000,
        rows=3,
        help_text="每行一个名称；不填为本单位编制中的全部条目。",
    )
    drafts = Seal()

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, CatalogueUpdate):
            self.fields["drafts"].initial = fingerprint(waiting(record.provider))
            self.fields["reason"].initial = record.reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        record = self.setting.subject
        if not isinstance(record, CatalogueUpdate):
            return cleaned
        rows, unknown = chosen(record, cleaned.get("only", ""))
        if unknown:
            self.add_error("only", f"本单位没有编制中的这些条目：{'、'.join(unknown[:10])}")
            return cleaned
        if cleaned.get("only") and cleaned.get("drafts") == self.fields["drafts"].initial:
            cleaned["drafts"] = ""  # the page sealed all of them; what is sealed now is what was chosen
        Seal.check(self, cleaned, rows)
        return cleaned


def chosen(record: CatalogueUpdate, only: str) -> tuple[QuerySet[Draft], list[str]]:
    """The body's drafts that are applied for, and the names that are none of them."""
    rows = waiting(record.provider)
    names = [line.strip() for line in only.splitlines() if line.strip()]
    if not names:
        return rows, []
    found = rows.filter(name__in=names)
    known = set(found.values_list("name", flat=True))
    return found, [name for name in names if name not in known]


class ReturnFacts(ReviewFacts):
    """Every defect at once, and the day by which the application is completed."""

    allowed = (Finding.RETURN,)

    defects = Words(label="总的意见", required=False, most=2000, rows=4)
    until = Day(label="补正日期", help_text="不早于五个工作日（平台默认），也不早于原申请期限。")

    def setup(self) -> None:
        super().setup()
        self.fields["exceptions"].label = "需要补正的条目"
        self.fields["exceptions"].help_text = "每行一处：“名称｜退回｜要素｜要改什么”，一次写全。"
        if self.setting.case is not None:
            self.fields["until"].initial = earliest_completion(self.setting.case, self.setting.at.date())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("exceptions") and len(cleaned.get("defects", "")) < 10:
            self.add_error("defects", "请逐条写明要改什么，或者在这里写至少 10 个字")
        if self.setting.case is not None and (day := cleaned.get("until")):
            earliest = earliest_completion(self.setting.case, self.setting.at.date())
            if day < earliest:
                self.add_error("until", f"补正日期最早为 {earliest.isoformat()}")
        return cleaned


def earliest_completion(case: Any, today: date) -> date:
    """Five working days from now (default), or the last day of the application if that is later."""
    days = term_in_force("catalog.complete", today).amount
    own = Deadline.objects.filter(case=case, clock=APPLY.code).values_list("due_on", flat=True).first()
    return max(workday_after(today, days), own or today)


class UpdateFacts(ReviewFacts):
    """The finding of each entry: updated unless named (GOV19-14.2)."""

    allowed = (Finding.LEAVE_OUT,)

    opinion = Words(label="审核意见", required=False, most=2000, rows=3)


class RefusalFacts(Facts):
    law = frozenset({"reason"})

    reason = Reason(label="不予更新的理由", rows=5)
    basis = Basis(label="依据")


class WithdrawalFacts(Facts):
    reason = Reason(label="撤回原因", least=5, rows=3)
