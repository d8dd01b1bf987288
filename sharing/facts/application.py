"""What a requester states (REG22-25.2, 25.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Function
from django import forms
from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, PickSome, Words

from catalog.models import Entry, SharingType
from sharing.models import SharingRequest

MODES = {"file": "文件下载", "api": "接口调用"}


class Application(Facts):
    """The sharing request. The subject is the catalogue entry; items and functions are offered from what stands."""

    law = frozenset({"scenario"})

    scenario = Words(
        label="应用场景",
        least=20,
        most=1000,
        rows=5,
        help_text="写清谁使用、办什么事、数据在哪一步用到、结果给谁看。不要填写个人信息。",
    )
    purpose = Pick(label="使用目的", choices=SharingRequest.Purpose.choices)
    function = forms.ModelChoiceField(
        label="对应职能",
        empty_label="请选择一项职能",
        queryset=Function.objects.none(),
        to_field_name="code",
        help_text="从本单位职能清单中选择；与职能无关的数据不能申请。",
    )
    purpose_basis = Basis(
        label="履职依据",
        help_text="支持这一目的的法律、法规或者三定规定，例如《重庆市突发事件应对条例》第十二条",
    )
    items = PickSome(label="信息项", help_text="只选确有需要的项。不予共享的项不在此列。")
    scope = Words(label="使用范围", least=5, most=500, rows=2, help_text="使用的处室、系统和账号数。")
    modes = PickSome(label="提供方式")
    first_day = Day(label="使用期起")
    last_day = Day(label="使用期止")
    contact = Words(label="联系人", most=60, rows=1)
    contact_phone = Words(label="联系电话", least=7, most=30, rows=1)

    def setup(self) -> None:
        entry: Entry | None = self.setting.subject if isinstance(self.setting.subject, Entry) else None
        day = self.setting.at.date()
        if self.setting.post is not None:
            functions = Function.objects.on(day).filter(organisation_id=self.setting.post.organisation_id)
            self.fields["function"].queryset = functions.order_by("code")
            self.fields["function"].error_messages = {
                "required": "请选择对应职能",
                "invalid_choice": "这一职能不在本单位的职能清单中，与职能无关的数据不能申请",
            }
        if entry is not None:
            shared = [item for item in entry.items.all() if item.sharing_type != SharingType.NOT_SHARED]
            self.fields["items"].choices = [(item.code, item.name) for item in shared]
            self.fields["modes"].choices = [(mode, MODES[mode]) for mode in entry.delivery if mode in MODES]
        else:  # the schema of the API is drawn without an entry at hand
            self.fields["items"] = forms.JSONField(label="信息项")
            self.fields["modes"].choices = list(MODES.items())
        self.fields["first_day"].initial = day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and first < self.setting.at.date():
            self.add_error(
                "first_day", f"使用期不能从过去开始，最早可填今天（{self.setting.at.date().isoformat()}）"
            )
        if first and last and last < first:
            self.add_error("last_day", f"使用期止（{last.isoformat()}）早于使用期起（{first.isoformat()}）")
        if first and last and last > _years_later(first, 3):
            self.add_error("last_day", "一次申请的使用期最长 3 年，到期前可以续申请")
        return cleaned


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
