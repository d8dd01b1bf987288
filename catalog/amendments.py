"""法规修改: the city data authority notes that an article was amended; who owes an update by when is shown first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import clock
from accounts.actors import current
from accounts.models import Organisation
from deadlines.forecast import start_day
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from web.forms import Form

from catalog import upkeep
from catalog.clocks import APPLY, government
from catalog.models import CatalogueUpdate
from catalog.publishing import is_authority

#: Amendments that the page lists.
LISTED = 50


class AmendmentForm(Form):
    """Which place was amended, and when."""

    title = forms.CharField(
        label="法律、法规", max_length=200, help_text="全称，不加书名号，例如：中华人民共和国个人信息保护法。"
    )
    article = forms.CharField(
        label="条",
        required=False,
        max_length=30,
        help_text="例如：第三十四条。不填的，凡以这部法规为依据的条目都涉及。",
    )
    amended_on = forms.DateField(
        label="修改之日",
        widget=forms.DateInput,
        help_text="法律、法规作出修改的日期，10 个工作日自次日起算。",
    )

    def clean_amended_on(self) -> date:
        day: date = self.cleaned_data["amended_on"]
        if day > clock.today():
            raise forms.ValidationError("不能晚于今天；尚未施行的，施行之日再登记")
        return day


@dataclass(frozen=True)
class Owed:
    """What one body will owe: how many entries, by which day; `binding` says whether the number binds it."""

    provider: Organisation
    codes: list[str]
    due: date
    binding: bool
    late: bool
    noted: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def amendments(request: HttpRequest) -> HttpResponse:
    """The form; with `title` in the address the preview below it; POST notes what was previewed."""
    actor = current(request)
    if not is_authority(actor):
        raise PermissionDenied("法规修改由市数据主管部门登记。")
    if request.method == "POST":
        return _note(request)
    if "title" not in request.GET:
        return _show(request, AmendmentForm(initial={"amended_on": clock.today()}))
    form = AmendmentForm(request.GET)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        source, found = upkeep.touched(**form.cleaned_data)
    except ValueError as fault:
        _blame(form, fault)
        return _show(request, form, status=422)
    owed = _owed(found, form.cleaned_data["amended_on"])
    more = {"source": source, "owed": owed, "fresh": sum(not one.noted for one in owed)}
    return _show(request, form, more)


def _note(request: HttpRequest) -> HttpResponse:
    form = AmendmentForm(request.POST)
    if form.is_valid():
        try:
            made = upkeep.note_amendment(**form.cleaned_data, at=clock.now(), by=current(request))
        except ValueError as fault:
            _blame(form, fault)
        else:
            told = f"已登记，立“目录更新” {len(made)} 件，已通知各提供单位。"
            messages.success(
                request, told if made else "已登记，没有新立的件：没有条目以它为依据，或者已经登记过。"
            )
            return redirect("catalog:amendments")
    return _show(request, form, status=422)


def _blame(form: AmendmentForm, fault: ValueError) -> None:
    form.add_error("article" if "条写作" in str(fault) else "title", str(fault))


def _owed(found: list[upkeep.Touched], amended_on: date) -> list[Owed]:
    """By when each body will owe its update: the working days run from the day of the change, for all the same."""
    if not found:
        return []
    since = datetime.combine(amended_on, time.min, tzinfo=clock.SHANGHAI)
    due, today = start_day(APPLY, rules_on=amended_on, at=since), clock.today()
    return [
        Owed(one.provider, one.codes, due, government(one.provider), due < today, one.noted) for one in found
    ]


def _show(
    request: HttpRequest, form: AmendmentForm, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    noted = (
        CatalogueUpdate.objects.filter(cause=CatalogueUpdate.Cause.LAW)
        .order_by("-changed_on", "source")
        .values("source", "changed_on")
        .annotate(bodies=Count("provider"), open=Count("provider", filter=Q(case__closed_at=None)))
    )
    context = {"form": form, "noted": noted[:LISTED], **(more or {})}
    return render(request, "catalog/amendments.html", context, status=status)
