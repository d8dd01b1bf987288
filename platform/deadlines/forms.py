"""The form of the public page: from which day, how many working days."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from deadlines.counting import MOST, YEARS


class WorkdaysForm(forms.Form):
    """`start` and `n`; a negative number counts back."""

    start = forms.DateField(
        label=_("起算日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("事情发生的那一天，当天不计入"),
        error_messages={"required": _("填写日期，如 2026-09-25"), "invalid": _("日期应写作 2026-09-25 这样")},
    )
    n = forms.IntegerField(
        label=_("工作日数"),
        min_value=-MOST,
        max_value=MOST,
        help_text=_("往回数填负数，如 -5"),
        error_messages={"required": _("填写工作日数，如 5"), "invalid": _("工作日数应是整数，如 5")},
    )

    def clean_start(self) -> date:
        day: date = self.cleaned_data["start"]
        if day.year not in YEARS:
            raise forms.ValidationError(
                _("日期应在 2000 年到 2100 年之间，现在是 %(day)s") % {"day": day.isoformat()}
            )
        return day
