"""The databases with their leads, for everybody; a small form for the city data authority."""

from __future__ import annotations

import re
from typing import Any

import clock
from accounts.actors import Actor, current
from accounts.models import Organisation
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procedures.refusals import BadFacts
from web.forms import Form

from catalog.databases import leading
from catalog.databases.listing import listing
from catalog.models import Database
from catalog.norm.vocabularies import vocabulary
from catalog.publishing import is_authority


class LeadForm(Form):
    """Which database, which body, from which day."""

    kind = forms.ChoiceField(label="类别", choices=Database.Kind.choices, widget=forms.RadioSelect)
    code = forms.ChoiceField(label="基础数据库", required=False, help_text="类别为基础数据库的选择。")
    name = forms.CharField(
        label="主题数据库名称", required=False, max_length=60, help_text="类别为主题数据库的填写。"
    )
    lead = forms.CharField(
        label="牵头建设部门", max_length=200, help_text="机构名录中的全称、简称或者机构代码。"
    )
    since = forms.DateField(label="自", widget=forms.DateInput)
    basic_items = forms.CharField(
        label="基础信息项",
        required=False,
        widget=forms.Textarea,
        max_length=2000,
        help_text="顿号或者换行隔开。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = vocabulary("database").choices(clock.today())
        self.fields["code"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]

    def clean_lead(self) -> Organisation:
        said = self.cleaned_data["lead"].strip()
        bodies = Organisation.objects.on(clock.today())
        for column in ("code", "name", "short_name"):
            found = bodies.filter(**{column: said})[:2]
            if len(found) == 1 and found[0].compiles_a_catalogue:
                return found[0]
        raise forms.ValidationError(f"机构名录中没有编制目录的单位叫“{said[:40]}”，请填全称或者机构代码")

    def clean_basic_items(self) -> list[str]:
        return [part for part in re.split(r"[、,，;；\n]+", self.cleaned_data["basic_items"]) if part.strip()]


@require_safe
def databases(request: HttpRequest) -> HttpResponse:
    base, themes = listing(clock.today(), clock.now())
    actor = current(request)
    context = {"base": base, "themes": themes, "may_edit": is_authority(actor)}
    return render(request, "catalog/databases.html", context)


def _authority(request: HttpRequest) -> Actor:
    actor = current(request)
    if not is_authority(actor):
        raise PermissionDenied("基础数据库和主题数据库的牵头部门由市数据主管部门登记。")
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def lead(request: HttpRequest) -> HttpResponse:
    """Write down who leads a database from a day on; the address may name which (`?of=`)."""
    actor = _authority(request)
    if request.method != "POST":
        return _show(request, LeadForm(initial=_initial(request.GET.get("of", ""))))
    form = LeadForm(request.POST)
    if not form.is_valid():
        return _show(request, form, 422)
    try:
        made = leading.lead(**form.cleaned_data, at=clock.now(), by=actor)
    except BadFacts as refusal:
        for name, told in refusal.errors.items():
            form.add_error(name, told)
        return _show(request, form, refusal.status)
    messages.success(request, f"已登记：{made.name}自 {made.since.isoformat()} 起由{made.lead.name}牵头。")
    return redirect("catalog:databases")


def _initial(of: str) -> dict[str, Any]:
    row = (
        Database.objects.select_related("lead").filter(pk=int(of)).first()
        if of.isdecimal() and len(of) < 18
        else None
    )
    if row is None:
        known = of in vocabulary("database").by_code
        return {"kind": "base", "code": of if known else "", "since": clock.today()}
    return {
        "kind": row.kind,
        "code": row.code,
        "name": row.name if row.kind == Database.Kind.THEME else "",
        "lead": row.lead.name,
        "basic_items": "、".join(row.basic_items),
        "since": clock.today(),
    }


def _show(request: HttpRequest, form: LeadForm, status: int = 200) -> HttpResponse:
    return render(request, "catalog/database_lead.html", {"form": form}, status=status)


@require_POST
@never_cache
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A theme database stands no longer from today."""
    actor = _authority(request)
    row = get_object_or_404(Database.objects.select_related("lead"), pk=pk)
    try:
        leading.end(row, on=clock.today(), at=clock.now(), by=actor)
    except BadFacts as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"“{row.name}”自今天起停用，已编目的条目不受影响。")
    return redirect("catalog:databases")
