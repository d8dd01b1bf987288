from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from clock import SHANGHAI
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audit import names, queries
from audit.queries import Search


def midnight(day: date | None, *, after: bool = False) -> datetime | None:
    """The beginning of the day in Shanghai, or of the day after it; None for no day."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1) if after else day, time(), SHANGHAI)


class DaysForm(forms.Form):
    """A range of whole days; either side may stay open."""

    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("含这一天")
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        since, until = facts.get("since"), facts.get("until")
        if since and until and until < since:
            self.add_error("until", _("“至”应不早于“自”，现在早了 %(n)s 天") % {"n": (since - until).days})
        return facts

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """The range, half-open."""
        return midnight(self.cleaned_data["since"]), midnight(self.cleaned_data["until"], after=True)


class SearchForm(DaysForm):
    action = forms.ChoiceField(label=_("行为"), required=False)
    organisation = forms.ChoiceField(label=_("机构"), required=False)
    actor = forms.CharField(label=_("行为人"), max_length=120, required=False, help_text=_("全名"))
    object_kind = forms.ChoiceField(label=_("对象类别"), required=False)
    object_id = forms.CharField(
        label=_("对象编号"), max_length=80, required=False, help_text=_("例：办件编号")
    )
    request_id = forms.CharField(label=_("请求号"), max_length=64, required=False)
    before = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = {"action": names.name_of, "organisation": lambda value: "", "object_kind": names.kind_of}
        for name, say in spoken.items():
            found = names.choices(queries.values(name), say)
            self.fields[name].choices = [("", _("全部")), *found]  # type: ignore[attr-defined]

    def clean_before(self) -> tuple[datetime, int] | None:
        try:
            return queries.placed(self.cleaned_data["before"])
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("翻页的位置不能识别，请从第一页重新查起")) from error

    def search(self) -> Search:
        since, until = self.moments()
        names = ("action", "organisation", "actor", "object_kind", "object_id", "request_id")
        return Search(since=since, until=until, **{name: self.cleaned_data[name] for name in names})


class PlaceForm(forms.Form):
    """Where the list of seals goes on from."""

    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
