"""The facts of a project, stage by stage."""

from __future__ import annotations

from typing import Any

from django import forms
from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, PickSome, Reason, Words

from catalog.models import LegacySystem, Project
from catalog.projects import items

_ITEMS_HELP = "每行一个条目名称，先在“目录编制”中编好；没有变化的不用改。"


def _must(label: str, refusal: str) -> forms.BooleanField:
    """A finding that has to hold before the step may be taken."""
    return forms.BooleanField(label=label, error_messages={"required": refusal})


class ProjectOpenFacts(Facts):
    name = Words(label="项目名称", least=4, most=150, rows=1)
    kind = Pick(label="类别", choices=Project.Kind.choices)


class ItemsFacts(Facts):
    """Base of the steps that carry the list of the catalogue: the names, of what the body compiles."""

    items = Words(
        label="目录清单", required=False, most=20_000, rows=6, help_text=f"预编制的条目。{_ITEMS_HELP}"
    )

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, Project):
            self.fields["items"].initial = "\n".join(record.items.values_list("name", flat=True))

    def clean_items(self) -> str:
        text = self.cleaned_data["items"]
        record = self.setting.subject
        if isinstance(record, Project) and self.data.get("items") is None:
            return str(self.fields["items"].initial)
        if isinstance(record, Project):
            unknown = items.unknown(items.names_of(text), record, record.applicant)
            if unknown:
                raise forms.ValidationError(
                    f"本单位没有编制中的条目：{'、'.join(unknown[:5])}，请核对名称，或者先在“目录编制”中编好"
                )
        return text


class ProjectSubmitFacts(ItemsFacts):
    need = Words(label="建设需求", least=10, most=4000, rows=5)
    amount = forms.IntegerField(
        label="金额（万元）",
        min_value=1,
        max_value=1_000_000,
        error_messages={"required": "请填写金额", "invalid": "金额应是整数，单位为万元"},
    )
    cloud = Pick(label="运行的云平台", choices=Project.Cloud.choices)
    cloud_reason = Words(
        label="不用数字重庆云平台的理由", required=False, most=1000, rows=2, help_text="选“其他”的必填。"
    )
    network = Pick(label="使用的网络", choices=Project.Network.choices)
    network_basis = Basis(label="网络的依据", required=False, help_text="国家另有规定的，写明文件和条款。")
    platform = Pick(label="是否涉及公共数据平台、共享系统、开放系统", choices=Project.Platform.choices)
    systems = PickSome(label="整合的已有系统", required=False, help_text="已登记的本单位系统。")
    replaced = Words(label="替代的系统", required=False, most=1000, rows=2, help_text="没有的写“无”。")
    shared_data = Words(
        label="可以通过共享取得的数据",
        least=2,
        most=2000,
        rows=3,
        help_text="已查目录，写明哪些数据通过共享取得、不再采集；没有的写明查过什么。",
    )
    contractor = forms.BooleanField(label="委托他人建设、维护系统，存储、加工数据", required=False)

    def setup(self) -> None:
        super().setup()
        record = self.setting.subject
        if isinstance(record, Project):
            own = LegacySystem.objects.filter(owner=record.applicant).order_by("name")
            self.fields["systems"].choices = [(str(one.pk), one.name) for one in own]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("cloud") == Project.Cloud.OTHER and not said.get("cloud_reason"):
            self.add_error("cloud_reason", "不用数字重庆云平台的，请说明理由")
        if said.get("network") == Project.Network.STATE and not said.get("network_basis"):
            self.add_error("network_basis", "国家另有规定的，请写明文件和条款")
        return said


class ProjectDefectFacts(Facts):
    defects = Words(
        label="需要补充、修改的内容", least=5, most=2000, rows=5, help_text="每行一项，一次写全。"
    )


class ListFacts(Facts):
    year = forms.IntegerField(
        label="清单年度",
        min_value=2019,
        max_value=2100,
        error_messages={"required": "请填写清单年度", "invalid": "清单年度应是四位数的年份"},
    )
    evaluation = Words(label="评估意见", least=10, most=4000, rows=5)
    no_duplicate = _must(
        "没有重复建设公共数据平台、共享系统、开放系统", "重复建设的，应当整合并入统一平台，不列入清单"
    )
    cloud_met = _must("符合在数字重庆云平台集约建设的要求", "不符合集约建设要求的，退回补充或者不列入")
    network_met = _must("符合使用电子政务网络的要求", "不符合网络要求的，退回补充或者不列入")
    sharing_met = _must("落实数据共享、开放的要求", "没有落实共享、开放要求的，退回补充或者不列入")
    commission = Words(
        label="委托审批文号",
        required=False,
        most=100,
        rows=1,
        help_text="委托他人建设、维护系统或者存储、加工数据的，写明批准文号。",
    )

    def setup(self) -> None:
        self.fields["year"].initial = self.setting.at.year

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        record = self.setting.subject
        if isinstance(record, Project) and record.contractor and not said.get("commission"):
            self.add_error("commission", "本项目委托他人办理，请写明批准委托的文号")
        return said


class ProjectRefusalFacts(Facts):
    reason = Reason(label="理由", rows=5)
    basis = Basis(label="依据")


class PlanFacts(ItemsFacts):
    law = frozenset({"items"})
    plan = Words(
        label="建设方案", least=5, most=4000, rows=4, help_text="方案名称、编制单位和要点；全文放在附件。"
    )


class PlanApprovalFacts(Facts):
    number = Words(label="批复文号", least=2, most=100, rows=1)
    approved_on = Day(label="批复日期")

    def clean_approved_on(self) -> Any:
        day = self.cleaned_data["approved_on"]
        if day > self.setting.at.date():
            raise forms.ValidationError("批复日期不能晚于今天")
        return day


class DesignFacts(ItemsFacts):
    design = Words(
        label="初步设计", least=5, most=4000, rows=4, help_text="名称、编制单位和要点；全文放在附件。"
    )


class DesignApprovalFacts(Facts):
    opinion = Words(
        label="审核意见", least=5, most=4000, rows=5, help_text="对初步设计、目录清单和数据接口的意见。"
    )


class FundFacts(Facts):
    year = forms.IntegerField(
        label="预算年度",
        min_value=2019,
        max_value=2100,
        error_messages={"required": "请填写预算年度", "invalid": "预算年度应是四位数的年份"},
    )
    amount = forms.IntegerField(
        label="安排金额（万元）",
        min_value=1,
        max_value=1_000_000,
        error_messages={"required": "请填写安排金额", "invalid": "金额应是整数，单位为万元"},
    )
    budget_line = Words(label="预算科目", least=2, most=200, rows=1)
    audit = Words(
        label="对审计结果的考虑",
        required=False,
        most=1000,
        rows=3,
        help_text="有审计结果的必填：写明对安排资金有何影响。",
    )

    def setup(self) -> None:
        self.fields["year"].initial = self.setting.at.year

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        record = self.setting.subject
        if isinstance(record, Project) and not said.get("audit"):
            last = record.applicant.audit_findings.first()
            if last is not None:
                self.add_error(
                    "audit", f"{record.applicant.short_name}有审计结果（{last.document}），请写明怎样考虑"
                )
        return said


class AcceptanceApplicationFacts(Facts):
    finished_on = Day(label="建成日期")
    summary = Words(
        label="建设情况",
        least=10,
        most=4000,
        rows=4,
        help_text="目录清单的完成情况由平台按现行目录逐条核对，不用填写。",
    )

    def clean_finished_on(self) -> Any:
        day = self.cleaned_data["finished_on"]
        if day > self.setting.at.date():
            raise forms.ValidationError("建成日期不能晚于今天")
        return day


class AcceptanceFacts(Facts):
    accepted_by = Words(label="组织验收的单位", least=2, most=100, rows=1)
    accepted_on = Day(label="验收日期")
    opinion = Words(label="目录清单完成情况的意见", least=5, most=4000, rows=4)
    exemptions = Words(
        label="不要求完成的条目",
        required=False,
        most=4000,
        rows=3,
        help_text="没有完成、但有正当理由的，每行一条：“条目名称：理由”。",
    )

    def clean_exemptions(self) -> str:
        text = self.cleaned_data["exemptions"]
        record = self.setting.subject
        if isinstance(record, Project):
            names = set(record.items.values_list("name", flat=True))
            for name, reason in exempted(text).items():
                if name not in names:
                    raise forms.ValidationError(f"目录清单中没有“{name}”，每行应写“条目名称：理由”")
                if len(reason) < 2:
                    raise forms.ValidationError(f"请写明“{name}”不要求完成的理由")
        return text


def exempted(text: str) -> dict[str, str]:
    """Name and reason of each line."""
    found = {}
    for line in items.names_of(text):
        name, _mark, reason = line.replace(":", "：", 1).partition("：")
        found[name.strip()] = reason.strip()
    return found


class FailureFacts(Facts):
    missing = Words(
        label="没有完成的内容", least=5, most=2000, rows=5, help_text="每行一项，写明条目和缺什么。"
    )


class ProjectWithdrawalFacts(Facts):
    reason = Reason(label="撤回的理由", least=2, rows=3)


class TerminationFacts(Facts):
    reason = Reason(label="终止的理由", rows=4)
    collected = Words(
        label="已经形成的数据",
        least=1,
        most=2000,
        rows=3,
        help_text="写明已经采集、形成的数据和处置办法；没有的写“无”。",
    )
