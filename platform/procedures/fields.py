"""Fields that several procedures' facts share, with sentences of their own."""

from __future__ import annotations

import re
from typing import Any

from django import forms


class Words(forms.CharField):
    """A text with bounds that says how long it should be and how long it is."""

    def __init__(
        self,
        *,
        label: str,
        least: int = 0,
        most: int = 2000,
        rows: int = 4,
        help_text: str = "",
        **kwargs: Any,
    ) -> None:
        self.least, self.most = least, most
        attrs = {"rows": rows, "maxlength": most} if rows > 1 else {"maxlength": most}
        widget = forms.Textarea(attrs=attrs) if rows > 1 else forms.TextInput(attrs=attrs)
        super().__init__(label=label, help_text=help_text, widget=widget, **kwargs)
        self.error_messages["required"] = f"请填写“{label}”"

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        if "\x00" in value:
            raise forms.ValidationError(f"“{self.label}”里有不能保存的字符（空字符），请删去")
        if len(value) < self.least:
            raise forms.ValidationError(f"“{self.label}”至少写 {self.least} 个字，现在是 {len(value)} 个字")
        if len(value) > self.most:
            raise forms.ValidationError(f"“{self.label}”最多写 {self.most} 个字，现在是 {len(value)} 个字")


class Reason(Words):
    """理由."""

    def __init__(self, *, label: str = "理由", least: int = 10, **kwargs: Any) -> None:
        super().__init__(label=label, least=least, **kwargs)


class Basis(Words):
    """依据: names an instrument in 《》 and where in it, so that it can be looked up."""

    def __init__(
        self,
        *,
        label: str = "依据",
        help_text: str = "写明文件名称和条款，例如《重庆市数据条例》第二十五条第三款",
        **kwargs: Any,
    ) -> None:
        super().__init__(label=label, most=300, rows=1, help_text=help_text, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.search(r"《[^《》]+》", value):
            raise forms.ValidationError(
                f"“{self.label}”须用书名号写明文件名称，例如《重庆市数据条例》第二十五条第三款"
            )


class Day(forms.DateField):
    """A day, with the browser's own picker."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
            **kwargs,
        )
        self.error_messages["required"] = f"请填写“{label}”"
        self.error_messages["invalid"] = f"“{label}”应写成 2026-12-31 的样子"


class Pick(forms.ChoiceField):
    """One of a few, as radio buttons."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, widget=forms.RadioSelect, **kwargs)
        self.error_messages["required"] = f"请选择“{label}”"
        self.error_messages["invalid_choice"] = f"“{label}”没有“%(value)s”这一选项"


class PickSome(forms.MultipleChoiceField):
    """Several of a list, as check boxes."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(label=label, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.error_messages["required"] = f"请至少选择一项“{label}”"
        self.error_messages["invalid_choice"] = f"“{label}”没有“%(value)s”这一项"
        self.error_messages["invalid_list"] = f"“{label}”应是一个列表"
