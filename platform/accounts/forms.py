"""The forms of accounts: they read and check the shape; whether an act is allowed, the actions say."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

import clock
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, Scope, User


class SignInForm(AuthenticationForm):
    """Account name and password. The refusal is the same whether the account exists or not."""

    username = forms.CharField(
        label=_("账号"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _("账号或密码不对。连续输错 5 次，账号在这一地址将锁定 30 分钟。"),
        "inactive": _("账号或密码不对。连续输错 5 次，账号在这一地址将锁定 30 分钟。"),
    }


class PasswordForm(forms.Form):
    """The present password and twice the new one."""

    present = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        rules = [text for text in password_validators_help_texts()[:3] if text]
        self.fields["new"].help_text = "；".join(str(rule) for rule in rules) + "；与前 5 个密码不同。"

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.user.check_password(present):
            raise forms.ValidationError(_("与现在的密码不符"))
        return present

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(_("两次输入的新密码不一样"))
        return again


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    token = forms.CharField(
        label=_("动态口令"),
        max_length=16,
        help_text=_("手机验证器上的 6 位数字，也可以输入一个未用过的备用码。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}
        ),
    )


class EnrolForm(CodeForm):
    """The first code of a device being enrolled."""

    token = forms.CharField(
        label=_("动态口令"),
        max_length=8,
        help_text=_("验证器上现在的 6 位数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class TokenForm(forms.Form):
    """A token to be made: what for, how far, how long."""

    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("写明哪个系统使用，便于日后辨认。"))
    scopes = forms.MultipleChoiceField(
        label=_("范围"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("到期日"),
        help_text=_("到这一天结束时失效，最长 365 天。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def expires_at(self) -> datetime:
        """The end of the day chosen."""
        last = self.cleaned_data["until"]
        return datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.SHANGHAI)


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label=_("账号"), max_length=150, help_text=_("字母、数字和 @ . + - _，建成后不再更改。")
    )
    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(label=_("邮箱"), required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    identity_subject = forms.CharField(
        label=_("统一身份标识"),
        max_length=255,
        required=False,
        help_text=_("城市统一身份认证系统中的用户标识；填写后本人可从该系统登录。"),
    )
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class AppointmentForm(forms.Form):
    """A post to be proposed."""

    organisation = forms.ModelChoiceField(
        label=_("机构"), queryset=Organisation.objects.none(), empty_label=_("请选择机构")
    )
    role = forms.TypedChoiceField(
        label=_("岗位"), choices=[("", _("请选择岗位")), *Role.choices], coerce=Role
    )
    valid_from = forms.DateField(label=_("任职起"), widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(
        label=_("任职止"),
        required=False,
        help_text=_("自这一天起不再任职；未定的留空。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = cast(forms.ModelChoiceField, self.fields["organisation"])
        bodies.queryset = Organisation.objects.on(clock.today()).order_by("name")


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class EndPostForm(ReasonForm):
    """From which day a post is no longer held, and why."""

    on = forms.DateField(
        label=_("任职止"),
        help_text=_("自这一天起不再任职。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ["on", "reason"]


class DecisionForm(forms.Form):
    """Confirming or declining a proposed post."""

    decision = forms.ChoiceField(choices=[("confirmed", _("同意")), ("declined", _("不同意"))])
    note = forms.CharField(label=_("审核意见"), max_length=300, required=False)
