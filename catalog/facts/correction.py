"""The facts of a review: what is in doubt, what is true, how it was settled."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from datacentre.models import HoldingVersion
from django import forms
from procedures.facts import Facts
from procedures.fields import Day, Pick, Reason, Words

from catalog.models import Correction, Entry, EntryItem

#: Working days by which a review may be extended at most (GOV19-19.2); the dated term has the last word.
LONGEST_EXTENSION = 10


class Item(forms.ModelChoiceField):
    """One of the entry's items, by its code."""

    def __init__(self, *, label: str, empty: str, **kwargs: Any) -> None:
        super().__init__(
            EntryItem.objects.none(), label=label, to_field_name="code", empty_label=empty, **kwargs
        )
        self.error_messages["invalid_choice"] = f"“{label}”应是本条目的信息项"


class Body(forms.ModelChoiceField):
    """A body on the register, by its code."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(
            Organisation.objects.none(), label=label, to_field_name="code", empty_label="请选择", **kwargs
        )
        self.error_messages["required"] = f"请选择“{label}”"
        self.error_messages["invalid_choice"] = f"“{label}”应是机构名录中的单位"


def bodies_on(facts: Facts) -> Any:
    """The bodies in being that provide public data, by name."""
    kinds = [kind for kind in Organisation.Kind if Organisation(kind=kind).compiles_a_catalogue]
    return Organisation.objects.on(facts.setting.at.date()).filter(kind__in=kinds).order_by("name")


class CorrectionFacts(Facts):
    law = frozenset({"doubt"})
    matter = Pick(label="类别", choices=Correction.Matter.choices)
    item = Item(
        label="信息项", empty="整条记录", required=False, help_text="哪一项有误；整条记录有误的不选。"
    )
    record = Words(
        label="哪一条记录",
        least=2,
        most=500,
        rows=2,
        help_text="写明怎样找到这条记录，例如站点名称和日期、证照编号。",
    )
    key_item = Item(
        label="用哪一项指明记录",
        empty="不用",
        required=False,
        help_text="选填。能用一个值认出记录的，选这一项，校核期间该行数据会带上“校核中”。",
    )
    key_value = Words(
        label="这一项的值", most=200, rows=1, required=False, help_text="与数据中的写法一致，例如 001483。"
    )
    doubt = Words(
        label="疑义或者错误", least=5, most=2000, rows=4, help_text="现在写的是什么，为什么有疑义或者有误。"
    )
    claimed = Words(
        label="应当是什么",
        most=1000,
        rows=2,
        required=False,
        help_text="认为有错误的须写；只是有疑义、不知道正确内容的可以不写。",
    )
    proof = Words(
        label="证明材料",
        least=2,
        most=1000,
        rows=3,
        help_text="写明材料名称和编号；扫描件或者照片在下面“附件”中添加。",
    )
    about_self = forms.BooleanField(label="这条数据与申请人本人或者本单位有关", required=False)
    service = Words(
        label="正在等这件事办理的业务",
        most=300,
        rows=1,
        required=False,
        help_text="选填，例如在某服务中心办理的落户登记。已提供合法有效证明材料的，受理单位应当照常办理。",
    )
    on_behalf = Words(
        label="代谁提出",
        most=100,
        rows=1,
        required=False,
        help_text="服务窗口代办时写申请人姓名或者名称；本单位自己提出的不填。",
    )
    contact = Words(label="联系人", least=2, most=60, rows=1)
    contact_phone = Words(label="联系电话", least=5, most=30, rows=1)

    def setup(self) -> None:
        post, entry = self.setting.post, self.setting.subject
        if isinstance(entry, Entry):
            for name in ("item", "key_item"):
                self.fields[name].queryset = entry.items.all()
        if self.setting.actor is not None:
            self.fields["contact"].initial = self.setting.actor.name
            if post is None or not post.organisation.compiles_a_catalogue:
                del self.fields["on_behalf"]
            if post is None and self.setting.actor.user is not None:
                self.fields["contact_phone"].initial = self.setting.actor.user.phone

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("matter") == Correction.Matter.ERROR and not said.get("claimed"):
            self.add_error("claimed", "认为有错误的，请写明应当是什么")
        if bool(said.get("key_item")) != bool(said.get("key_value")):
            missing = "key_value" if said.get("key_item") else "key_item"
            self.add_error(missing, "“用哪一项指明记录”和“这一项的值”要么都填，要么都不填")
        return said


class RedirectFacts(Facts):
    to = Body(label="正确的提供单位")
    entry = forms.CharField(
        label="该单位的目录条目",
        required=False,
        max_length=60,
        help_text="选填资源代码。有误的数据在该单位另一条目中的，写那一条目。",
    )
    reason = Reason(label="理由", help_text="写明原收件单位提出的理由和核实的情况。")

    def setup(self) -> None:
        if self.setting.actor is not None:
            self.fields["to"].queryset = bodies_on(self)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        code = said.get("entry")
        if code:
            found = Entry.objects.published().filter(code=code).first()
            if found is None:
                self.add_error("entry", f"没有资源代码为“{code}”的已发布条目，请核对")
            elif said.get("to") is not None and found.provider_id != said["to"].pk:
                self.add_error("entry", f"“{found.name}”由{found.provider.name}提供，与所选单位不同")
        return said


class ExtensionFacts(Facts):
    law = frozenset({"reason"})
    reason = Reason(label="延长的理由")
    days = forms.IntegerField(
        label="延长几个工作日",
        min_value=1,
        max_value=LONGEST_EXTENSION,
        initial=LONGEST_EXTENSION,
        help_text=f"最多 {LONGEST_EXTENSION} 个工作日，只能延长一次；须在届满前经主要负责人同意。",
        error_messages={
            "required": "请填写延长几个工作日",
            "invalid": "延长的天数应是整数",
            "min_value": "至少延长 1 个工作日",
            "max_value": f"最多延长 {LONGEST_EXTENSION} 个工作日",
        },
    )


class UrgeFacts(Facts):
    note = Reason(label="督办意见")


class WindowFacts(Facts):
    window = Words(label="哪个窗口", least=2, most=100, rows=1, help_text="服务中心和窗口的名称。")
    body = Body(label="所属单位", required=False)
    business = Words(label="办理的事项", least=2, most=200, rows=1)
    day = Day(label="哪一天")
    proof_shown = forms.BooleanField(
        label="当时已经出示合法有效的证明材料",
        error_messages={"required": "只有已经出示合法有效证明材料、仍被拒绝的，才属于本项"},
    )
    told = Words(label="窗口怎样答复", least=2, most=1000, rows=3)

    def setup(self) -> None:
        if self.setting.actor is not None:
            self.fields["body"].queryset = bodies_on(self)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > self.setting.at.date():
            raise forms.ValidationError("日期不能晚于今天")
        return day


class DefectFacts(Facts):
    defects = Words(
        label="需要补正的内容",
        least=5,
        most=2000,
        rows=5,
        help_text="每行一项，一次写全：哪条记录不能认出，缺哪份材料。",
    )


class UpholdFacts(Facts):
    finding = Words(label="校核结论", least=5, most=2000, rows=4)
    cause = Words(label="错误原因", least=2, most=1000, rows=3)
    unit = Words(
        label="责任单位", least=2, most=200, rows=1, help_text="产生这一错误的内设机构或者下属单位。"
    )
    true_value = Words(label="正确的内容", least=1, most=1000, rows=2)


class CorrectedFacts(Facts):
    version = forms.IntegerField(
        label="更正后的数据版本",
        required=False,
        min_value=1,
        help_text="收到申请以后载入、已经含有更正内容的版本。",
        error_messages={"invalid": "“更正后的数据版本”应是版本号"},
    )
    before = Words(label="更正前", most=1000, rows=2, help_text="原来的内容；原来没有的写“无”。")
    after = Words(
        label="更正后",
        most=1000,
        rows=2,
        required=False,
        help_text="现在的内容；这一项改为空、整条删除的都留空。",
    )
    note = Words(label="说明", most=1000, rows=2, required=False)

    def setup(self) -> None:
        record = self.setting.subject
        if not isinstance(record, Correction):
            return
        self.fields["before"].initial = ""
        self.fields["after"].initial = record.true_value
        if record.entry.holding_id is None:
            self.fields["version"].widget = forms.HiddenInput()
            return
        fresh = HoldingVersion.objects.filter(
            holding=record.entry.holding_id, loaded_at__gte=record.case.received_at
        ).order_by("-number")[:10]
        self.fields["version"].widget = forms.Select(
            choices=[("", "请选择"), *((v.number, f"第 {v.number} 版，{v.rows:,} 行") for v in fresh)]
        )


class DeclineFacts(Facts):
    law = frozenset({"reason"})
    reason = Reason(label="不予更正的理由", rows=5)
    evidence = Words(
        label="证据", least=2, most=2000, rows=4, help_text="原始记录、签发文件等，写明名称和编号。"
    )


class CorrectionWithdrawalFacts(Facts):
    reason = Reason(label="撤回的理由", least=2, rows=3)
