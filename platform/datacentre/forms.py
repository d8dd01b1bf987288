from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LoadForm(forms.Form):
    """A new version of a holding."""

    file = forms.FileField(
        label=_("数据文件"),
        help_text=_("CSV，UTF-8 编码，首行为信息项的名称或代码，列的次序不限"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    note = forms.CharField(label=_("本次变化"), max_length=200, required=False)


class UseForm(forms.Form):
    """What the data was used for."""

    used_for = forms.CharField(
        label=_("用于哪项工作"),
        max_length=2000,
        help_text=_("写明办理的事项和使用的范围，应当与授权的用途一致"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    result = forms.CharField(
        label=_("成效"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
