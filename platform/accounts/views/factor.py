"""The second factor: enrolling a device and showing a code."""

from __future__ import annotations

import clock
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django_otp import user_has_device

from accounts import factors
from accounts.actors import current, person
from accounts.forms import CodeForm, EnrolForm
from accounts.views.signing_in import next_address


@never_cache
@login_required
def verify(request: HttpRequest) -> HttpResponse:
    me = person(request)
    if not user_has_device(me, confirmed=True):
        return redirect("accounts:factor-enrol")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = factors.locked_until(me)
        if until:
            form.add_error(
                "token", f"输错后须稍等，请在 {until.astimezone(clock.SHANGHAI):%H:%M:%S} 之后再试"
            )
        elif factors.verify(request, me, form.cleaned_data["token"], by=current(request), at=clock.now()):
            return redirect(next_address(request))
        else:
            form.add_error("token", "动态口令不对或已过时，请输入验证器上现在的 6 位数字")
    return render(request, "accounts/factor.html", {"form": form, "next": next_address(request, "")})


@never_cache
@login_required
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol a device. Who has one already must have shown it: a password alone never replaces it."""
    me = person(request)
    if user_has_device(me, confirmed=True) and not me.is_verified():  # type: ignore[attr-defined]
        messages.warning(request, "您已启用动态口令，更换前请先输入现在的动态口令或备用码。")
        return redirect(f"{request.path.removesuffix('enrol/')}?next={request.path}")
    device = factors.pending_device(me)
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = factors.confirm(
            request, device, form.cleaned_data["token"], by=current(request), at=clock.now()
        )
        if codes is not None:
            return render(request, "accounts/factor_codes.html", {"codes": codes})
        form.add_error("token", "动态口令不对，请核对手机时间后输入现在的 6 位数字")
    context = {"form": form, "picture": factors.picture_of(device), "secret": factors.secret_of(device)}
    return render(request, "accounts/factor_enrol.html", context)
