"""The register of standards for everybody, and its two acts for the city data authority."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import clock
from accounts.actors import Actor, current
from accounts.models import Organisation
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procedures.attachments import ENDINGS
from procedures.refusals import BadFacts
from web.forms import Form

from catalog.models import Standard
from catalog.publishing import is_authority
from catalog.standards import keeping


class StandardForm(Form):
    """A standard as the register keeps it."""

    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Standard.Kind.choices])
    level = forms.ChoiceField(label="层级", choices=[("", "请选择"), *Standard.Level.choices])
    number = forms.CharField(label="编号", max_length=60, help_text="标准编号或者文号，新版本沿用原编号。")
    title = forms.CharField(label="名称", max_length=200, help_text="不加书名号。")
    version = forms.CharField(label="版本", max_length=40, help_text="例如：2026 版、第 2 版。")
    scope = forms.CharField(label="适用范围", widget=forms.Textarea, max_length=1000)
    region = forms.ChoiceField(label="适用区域", choices=Standard.Region.choices, widget=forms.RadioSelect)
    source = forms.CharField(label="制定单位", max_length=200)
    joined = forms.CharField(
        label="参与制定",
        required=False,
        max_length=500,
        help_text="参与制定的企业、社会团体、院校和科研机构。",
    )
    body = forms.CharField(
        label="适用单位", required=False, max_length=200,
        help_text="某一单位自己的分类分级等标准，填机构名录中的名称或者代码；适用于各单位的不填。",
    )  # fmt: skip
    since = forms.DateField(label="施行日期", widget=forms.DateInput)
    link = forms.URLField(
        label="文本地址",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="与上传文本至少有一样。",
    )
    file = forms.FileField(label="文本", required=False, help_text=f"{ENDINGS}，不超过 20 MB。")

    def clean_title(self) -> str:
        return self.cleaned_data["title"].strip().strip("《》")

    def clean_body(self) -> Organisation | None:
        said = self.cleaned_data["body"].strip()
        if not said:
            return None
        bodies = Organisation.objects.on(clock.today())
        for column in ("code", "name", "short_name"):
            found = bodies.filter(**{column: said})[:2]
            if len(found) == 1:
                return found[0]
        raise forms.ValidationError(f"机构名录中没有“{said[:40]}”，请填全称或者机构代码")


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """The standards in force by kind; those that ended on demand (`?all=1`). Two queries."""
    today = clock.today()
    everything = request.GET.get("all") == "1"
    rows = Standard.objects.select_related("body")
    shown = list(rows if everything else rows.standing(today))
    kinds = [(str(label), code) for code, label in Standard.Kind.choices]
    by_kind = {code: list(found) for code, found in groupby(shown, key=lambda row: row.kind)}
    context = {
        "groups": [(label, by_kind[code]) for label, code in kinds if code in by_kind],
        "everything": everything,
        "today": today,
        "may_edit": is_authority(current(request)),
    }
    return render(request, "catalog/standards/list.html", context)


@require_safe
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of a standard with the others under its number."""
    row = get_object_or_404(Standard.objects.select_related("body"), pk=pk)
    context = {
        "standard": row,
        "today": clock.today(),
        "others": Standard.objects.filter(number=row.number).exclude(pk=row.pk),
        "may_edit": is_authority(current(request)),
    }
    return render(request, "catalog/standards/standard.html", context)


@require_safe
def text(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The text of a standard."""
    row = get_object_or_404(Standard, pk=pk)
    if not row.file:
        raise Http404("没有上传文本")
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.file_name)
    response["Content-Type"] = row.media_type
    return response


def _authority(request: HttpRequest) -> Actor:
    actor = current(request)
    if not is_authority(actor):
        raise PermissionDenied("数据标准由市数据主管部门登记。")
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """Write a standard down; `?of=` begins with what the present version says."""
    actor = _authority(request)
    if request.method != "POST":
        return _show(request, StandardForm(initial=_initial(request.GET.get("of", ""))))
    form = StandardForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, 422)
    facts = {name: value for name, value in form.cleaned_data.items() if name != "file"}
    try:
        made = keeping.register(facts, upload=form.cleaned_data["file"], at=clock.now(), by=actor)
    except BadFacts as refusal:
        for name, told in refusal.errors.items():
            form.add_error(name if name in form.fields else None, told)
        return _show(request, form, refusal.status)
    messages.success(request, f"已登记{made.cited}，自 {made.since.isoformat()} 起施行。")
    return redirect("catalog:standard", made.pk)


def _initial(of: str) -> dict[str, Any]:
    known = of.isascii() and of.isdigit() and len(of) < 18
    row = Standard.objects.select_related("body").filter(pk=int(of)).first() if known else None
    if row is None:
        return {"region": Standard.Region.CITY, "since": clock.today()}
    said = {
        name: getattr(row, name) for name in keeping.FACTS if name not in ("version", "since", "body", "link")
    }
    return {**said, "body": row.body.name if row.body else "", "since": clock.today()}


def _show(request: HttpRequest, form: StandardForm, status: int = 200) -> HttpResponse:
    return render(request, "catalog/standards/register.html", {"form": form}, status=status)


@require_POST
@never_cache
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The standard stands no longer from today."""
    actor = _authority(request)
    row = get_object_or_404(Standard, pk=pk)
    try:
        keeping.end(row, on=clock.today(), at=clock.now(), by=actor)
    except BadFacts as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{row.cited}自今天起停止施行，登记和文本保留。")
    return redirect("catalog:standard", pk)
