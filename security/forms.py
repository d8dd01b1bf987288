"""What is stated about leads and breaches, and by what lists are narrowed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from procedures.fields import Words
from statutes import law
from web.forms import Form

from security.models import Lead

#: The acts for which a body may be ordered to put things right (SEC-24, SEC-25).
GROUNDS = tuple(f"REG22-56({n})" for n in "一二三四五六七八九") + tuple(
    f"GOV19-50({n})" for n in "一二三四五六七八"
)


def grounds() -> list[tuple[str, str]]:
    return [("", _("请选择依据")), *((code, law.cite(code).short) for code in GROUNDS)]


class ReasonForm(Form):
    """Why a lead ends without a case."""

    reason = Words(
        label=_("理由"),
        least=5,
        most=2000,
        rows=4,
        help_text=_("写明核实了什么、为什么不予处理。负有职责的单位会收到。"),
    )


class HandOnForm(Form):
    """To whom a lead goes, and why."""

    to = Words(
        label=_("移送至"),
        least=2,
        most=100,
        rows=1,
        help_text=_("机关或者处室的全称；涉及本部门自身的，写上一级机关。"),
    )
    reason = Words(
        label=_("移送的理由"),
        least=5,
        most=2000,
        rows=4,
        help_text=_("写明核实的情况和建议：责令限期整改、通报批评或者依法处分。"),
    )


class CauseForm(Form):
    """Why a limit was not kept, in the words of the body that owed it."""

    cause = Words(
        label=_("逾期原因"),
        least=5,
        most=500,
        rows=4,
        help_text=_("写明为什么没有按期办理、现在怎样。逾期记录不因填报而改变。"),
    )


class RaiseForm(Form):
    """A lead that an officer raises of their own accord."""

    ground = forms.ChoiceField(label=_("可能违反的规定"), choices=grounds)
    facts = Words(label=_("情况"), least=10, most=2000, rows=4)


class StatusForm(forms.Form):
    """Which leads are listed; anything unknown lists all."""

    status = forms.ChoiceField(choices=[("", ""), *Lead.Status.choices], required=False)

    @property
    def chosen(self) -> str:
        return self.cleaned_data["status"] if self.is_valid() else ""
