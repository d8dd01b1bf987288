"""What is entered about projects outside their cases: systems that were there before, and audit results."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from django import forms
from procedures.fields import Day, Pick, Words

from catalog.models import AuditFinding, LegacySystem, Project


class Body(forms.ModelChoiceField):
    """A body on the register by its code."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(
            Organisation.objects.order_by("name"),
            label=label,
            to_field_name="code",
            empty_label="请选择",
            **kwargs,
        )
        self.error_messages["required"] = f"请选择“{label}”"
        self.error_messages["invalid_choice"] = f"“{label}”应是机构名录中的单位"


class SystemForm(forms.Form):
    owner = Body(label="建设单位")
    name = Words(label="名称", least=2, most=150, rows=1)
    kind = Pick(label="类别", choices=LegacySystem.Kind.choices)
    data = Words(label="所含数据", most=300, rows=2, required=False)
    merge_by = Day(label="整合期限", required=False)
    status = Pick(label="整合状态", choices=LegacySystem.Status.choices)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("owner") and said.get("name"):
            twin = LegacySystem.objects.filter(owner=said["owner"], name=said["name"])
            if twin.exists():
                self.add_error("name", "该单位已经登记过同名的平台或者系统，请在“更新整合状态”中记入")
        return said


class StatusForm(forms.Form):
    system = forms.ModelChoiceField(
        LegacySystem.objects.select_related("owner").order_by("owner__code", "name"),
        label="平台或者系统",
        empty_label="请选择",
        error_messages={"required": "请选择“平台或者系统”", "invalid_choice": "没有这一平台或者系统"},
    )
    status = Pick(label="整合状态", choices=LegacySystem.Status.choices)
    on = Day(label="日期")
    note = Words(label="说明", most=300, rows=2, required=False)


class AuditForm(forms.Form):
    body = Body(label="被审计单位")
    project = forms.ModelChoiceField(
        Project.objects.order_by("-listed_on", "name"), label="项目", required=False, empty_label="不限于一个项目",
        error_messages={"invalid_choice": "没有这一项目"},
    )  # fmt: skip
    auditor = Words(label="审计机关", least=2, most=100, rows=1)
    document = Words(label="审计文书", least=2, most=200, rows=1, help_text="名称和文号。")
    issued_on = Day(label="出具日期")
    result = Pick(label="结论", choices=AuditFinding.Result.choices)
    finding = Words(label="主要内容", least=5, most=4000, rows=5)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        project, body = said.get("project"), said.get("body")
        if project is not None and body is not None and project.applicant_id != body.pk:
            self.add_error("project", f"“{project.name}”不是{body.short_name}的项目")
        return said
