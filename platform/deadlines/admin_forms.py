"""What an administrator fills in to load a notice or to change a term. Each form makes a `Change`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines.changes import CalendarChange, Change, Day, TermChange
from deadlines.models import Term

OFF, WORKED = "休", "班"


class ChangeForm(forms.Form):
    """A form whose valid data is a change of calendar or term, with its reason."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        help_text=gettext_lazy("写明依据或原因；随变更留痕，并写入给各方的通知"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    change: Change

    def make(self, values: dict[str, Any]) -> Change:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            change = self.make(values)
            change.check()
            if change.is_known():
                raise ValidationError(_("这些内容已经载入，没有可变更的"))
            self.change = change
        return values


class NoticeForm(ChangeForm):
    """A notice: days one a line, as `2027-01-01 休 元旦`."""

    number = forms.CharField(label=gettext_lazy("文号"), max_length=60)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    issued_on = forms.DateField(label=gettext_lazy("发布日期"), required=False)
    covers_year = forms.IntegerField(
        label=gettext_lazy("覆盖年份"),
        required=False,
        min_value=2019,
        max_value=2100,
        help_text=gettext_lazy("国务院办公厅全年安排填年份；只调整某几天的留空"),
    )
    url = forms.URLField(label=gettext_lazy("出处"), required=False, assume_scheme="https")
    days = forms.CharField(
        label=gettext_lazy("日期"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("一行一天：2027-01-01 休 元旦；调休上班写 2027-01-09 班 元旦"),
    )
    field_order = ["number", "title", "issued_on", "covers_year", "url", "days", "reason"]

    def clean_days(self) -> tuple[Day, ...]:
        lines = [line.strip() for line in self.cleaned_data["days"].splitlines() if line.strip()]
        days, faults = [], []
        for number, line in enumerate(lines, 1):
            try:
                days.append(_day(line))
            except ValueError:
                faults.append(
                    _("第 %(n)s 行应写作“2027-01-01 休 元旦”，现在是“%(line)s”") % {"n": number, "line": line}
                )
        if faults:
            raise ValidationError(faults)
        return tuple(days)

    def make(self, values: dict[str, Any]) -> CalendarChange:
        return CalendarChange(
            number=values["number"].strip(),
            title=values["title"].strip(),
            issued_on=values["issued_on"],
            covers_year=values["covers_year"],
            url=values["url"],
            days=values["days"],
        )


def _day(line: str) -> Day:
    day, kind, *name = line.split(maxsplit=2)
    if kind not in (OFF, WORKED):
        raise ValueError(line)
    return Day(date.fromisoformat(day), kind == OFF, name[0] if name else "")


class TermForm(ChangeForm):
    """A version of a term. The same first day corrects that version; a later one begins a new version."""

    code = forms.CharField(label=gettext_lazy("编号"), max_length=40)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    amount = forms.IntegerField(label=gettext_lazy("时长"), min_value=0, max_value=10_000)
    unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=Term.Unit.choices)
    rolls = forms.BooleanField(
        label=gettext_lazy("最后一日遇休息日顺延"),
        required=False,
        help_text=gettext_lazy("民法典第二百零三条第一款；按年计算和写明日期的期限一般不顺延"),
    )
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=60)
    standing = forms.ChoiceField(label=gettext_lazy("效力"), choices=Term.Standing.choices)
    valid_from = forms.DateField(
        label=gettext_lazy("施行日"),
        help_text=gettext_lazy(
            "与现有版本相同为更正该版本；更晚则自这一天起用新版本，之前开始的办件仍用旧版本"
        ),
    )
    valid_to = forms.DateField(label=gettext_lazy("废止日"), required=False)
    field_order = [
        "code", "name", "amount", "unit", "rolls", "basis", "standing", "valid_from", "valid_to", "reason"
    ]  # fmt: skip

    def clean_basis(self) -> str:
        from statutes import law

        try:
            law.cite(self.cleaned_data["basis"])
        except law.UnknownArticle as error:
            raise ValidationError(str(error)) from error
        return str(self.cleaned_data["basis"])

    def make(self, values: dict[str, Any]) -> TermChange:
        names = ("code", "name", "amount", "unit", "rolls", "basis", "standing", "valid_from", "valid_to")
        return TermChange(**{name: values[name] for name in names}, note=values["reason"])
