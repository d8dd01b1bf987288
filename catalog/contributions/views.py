"""What society gives: the public list, offering, one's own, and the answer of the data authority."""

from __future__ import annotations

import clock
from accounts.actors import Actor, current
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procedures.refusals import BadFacts, NoRight, Refused
from web.forms import Form

from catalog.contributions import giving
from catalog.models import Contribution
from catalog.publishing import is_authority
from catalog.versionpages import asked_page


class OfferForm(Form):
    """What is offered and on which terms."""

    title = forms.CharField(label="数据名称", max_length=200)
    summary = forms.CharField(
        label="内容", widget=forms.Textarea, max_length=2000, help_text="一行记录是什么、有多少、到什么时候。"
    )
    origin = forms.CharField(
        label="怎样取得", widget=forms.Textarea, max_length=1000,
        help_text="说明依法取得的途径；含个人信息的，写明取得同意的方式。",
    )  # fmt: skip
    conditions = forms.CharField(
        label="使用条件", widget=forms.Textarea, max_length=1000, help_text="谁可以用、用于什么、是否有偿。"
    )
    leaving = forms.CharField(
        label="退出办法", widget=forms.Textarea, max_length=1000,
        help_text="您退出以后，已经接收的数据怎样处理，例如停止更新、30 日内删除。",
    )  # fmt: skip


class AnswerForm(Form):
    """Whether it is taken."""

    take = forms.ChoiceField(
        label="答复", choices=[("yes", "接收"), ("no", "不接收")], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="说明", required=False, widget=forms.Textarea, max_length=1000, help_text="不接收的写明理由。"
    )


def _actor(request: HttpRequest) -> Actor | None:
    return current(request) if request.user.is_authenticated else None


def may_offer(actor: Actor | None) -> bool:
    """Whether the button is shown; a visitor is asked to sign in first."""
    if actor is None:
        return True
    try:
        giving.giver_of(actor)
    except NoRight:
        return False
    return True


@require_safe
def contributions(request: HttpRequest) -> HttpResponse:
    """What was taken, for everybody; one's own offers, and for the data authority all, with how they stand."""
    actor = _actor(request)
    found = Contribution.objects.visible_to(actor).select_related("body")
    rows, pager = asked_page(request, found)
    context = {
        "rows": [(row, actor is not None and row.is_held_by(actor)) for row in rows],
        "pager": pager,
        "may_offer": may_offer(actor),
    }
    return render(request, "catalog/contributions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def offer(request: HttpRequest) -> HttpResponse:
    actor = current(request)
    try:
        name, _body = giving.giver_of(actor)
    except NoRight as refusal:
        raise PermissionDenied(refusal.message) from None
    form = OfferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = giving.offer(form.cleaned_data, at=clock.now(), by=actor)
        except BadFacts as refusal:
            for field, told in refusal.errors.items():
                form.add_error(field, told)
        else:
            messages.success(request, f"“{made.title}”已经提出，市数据主管部门答复后通知您。")
            return redirect("catalog:contribution", made.pk)
    status = 422 if form.errors else 200
    return render(request, "catalog/contributions/offer.html", {"form": form, "name": name}, status=status)


def _found(request: HttpRequest, pk: int) -> Contribution:
    visible = Contribution.objects.visible_to(_actor(request)).select_related("body", "giver")
    return get_object_or_404(visible, pk=pk)


@require_safe
def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk), AnswerForm())


def _show(request: HttpRequest, row: Contribution, form: AnswerForm, status: int = 200) -> HttpResponse:
    actor = _actor(request)
    mine = actor is not None and row.is_held_by(actor)
    offered = row.state == Contribution.State.OFFERED
    may_answer = offered and actor is not None and giving.may_answer(row, actor)
    context = {
        "row": row,
        "name": row.name if mine or (actor is not None and is_authority(actor)) else row.public_name,
        "form": form if may_answer else None,
        "may_leave": mine and row.state in (Contribution.State.OFFERED, Contribution.State.TAKEN),
    }
    return render(request, "catalog/contributions/contribution.html", context, status=status)


@require_POST
@never_cache
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    row, actor = _found(request, pk), current(request)
    form = AnswerForm(request.POST)
    if not is_authority(actor):
        raise PermissionDenied("社会数据由市数据主管部门接收。")
    if not form.is_valid():
        return _show(request, row, form, 422)
    said = form.cleaned_data
    try:
        giving.answer(row, take=said["take"] == "yes", reason=said["reason"], at=clock.now(), by=actor)
    except NoRight as refusal:
        raise PermissionDenied(refusal.message) from None
    except BadFacts as refusal:
        for field, told in refusal.errors.items():
            form.add_error(field, told)
        return _show(request, row, form, refusal.status)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "答复已经记下，并已通知提供者。")
    return redirect("catalog:contribution", pk)


@require_POST
@never_cache
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    actor = current(request)
    row = get_object_or_404(Contribution.objects.held_by(actor), pk=pk)
    try:
        giving.withdraw(row, at=clock.now(), by=actor)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"“{row.title}”已经退出，市数据主管部门按退出办法处理。")
    return redirect("catalog:contribution", pk)
