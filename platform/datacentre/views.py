"""The pages of the data centre: what one's body provides and who reads it, what it may read and how."""

from __future__ import annotations

import re

import clock
from accounts.actors import current
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from procedures.refusals import Refused

from datacentre import actions, formats, pages, queries
from datacentre.delivery import open_read
from datacentre.forms import LoadForm, UseForm
from datacentre.models import Grant, Holding, Read
from datacentre.paging import page
from datacentre.provenance import provenance
from datacentre.refusals import BadTable


@require_safe
@never_cache
@login_required
def holdings(request: HttpRequest) -> HttpResponse:
    visible = queries.holdings(Holding.objects.visible_to(current(request)))
    return render(request, "datacentre/holdings.html", {"holdings": visible[:500]})


def _holding(request: HttpRequest, code: str) -> Holding:
    visible = Holding.objects.visible_to(current(request)).select_related("owner")
    return get_object_or_404(visible, code=code)


@require_safe
@never_cache
@login_required
def holding(request: HttpRequest, code: str) -> HttpResponse:
    found = _holding(request, code)
    return render(
        request, "datacentre/holding.html", pages.holding(found, current(request), LoadForm(), at=clock.now())
    )


@require_POST
@never_cache
@login_required
def load(request: HttpRequest, code: str) -> HttpResponse:
    found, actor, at = _holding(request, code), current(request), clock.now()
    form, refusal = LoadForm(request.POST, request.FILES), None
    if form.is_valid():
        facts = form.cleaned_data
        try:
            version = actions.load_version(found, file=facts["file"], note=facts["note"], at=at, by=actor)
        except Refused as error:
            refusal = error
            form.add_error("file", error.message)
        else:
            messages.success(request, f"第 {version.number} 版已载入，{version.rows:,} 行。")
            return redirect("datacentre:holding", code)
    context = pages.holding(found, actor, form, at=at)
    context["errors"] = refusal.errors if isinstance(refusal, BadTable) else []
    context["error_count"] = refusal.count if isinstance(refusal, BadTable) else 0
    return render(request, "datacentre/holding.html", context, status=refusal.status if refusal else 422)


@require_safe
@never_cache
@login_required
def grants(request: HttpRequest) -> HttpResponse:
    actor = current(request)
    held = queries.grants(Grant.objects.held_by(actor))
    return render(request, "datacentre/grants.html", {"grants": held[:500], "day": clock.today()})


def _grant(request: HttpRequest, number: str) -> Grant:
    visible = Grant.objects.visible_to(current(request)).select_related("holding__owner", "grantee", "case")
    return get_object_or_404(visible, case__number=number)


def _show(request: HttpRequest, found: Grant, form: UseForm, status: int = 200) -> HttpResponse:
    context = pages.grant(found, current(request), form, at=clock.now())
    return render(request, "datacentre/grant.html", context, status=status)


@require_safe
@never_cache
@login_required
def grant(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, _grant(request, number), UseForm())


@require_POST
@never_cache
@login_required
def use(request: HttpRequest, number: str) -> HttpResponse:
    found, form = _grant(request, number), UseForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, 422)
    try:
        actions.record_use(found, **form.cleaned_data, at=clock.now(), by=current(request))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, found, form, refusal.status)
    messages.success(request, "使用情况已记录。")
    return redirect("datacentre:grant", number)


@require_safe
@never_cache
@login_required
def download(request: HttpRequest, number: str, way: str) -> HttpResponseBase:
    """The file itself. A refusal is the grant's page with the reason, never a broken file."""
    found = _grant(request, number)
    try:
        delivery = open_read(found, actor=current(request), at=clock.now(), way=way, tick=clock.now)
        body = formats.write(delivery)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _show(request, found, UseForm(), refusal.status)
    response = StreamingHttpResponse(body, content_type=formats.MEDIA[way])
    name = f"{found.holding.name}-第{delivery.version.number}版.{way}"
    response["Content-Disposition"] = content_disposition_header(True, file_name(name))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_name(name: str) -> str:
    """The name without what a file system or a header cannot carry, at most 120 characters, its ending kept."""
    clean = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]+', "_", name)
    stem, _, ending = clean.rpartition(".")
    return f"{stem[: 119 - len(ending)]}.{ending}"


@require_safe
@never_cache
@login_required
def slip(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """来源说明 of one read, as a file to keep beside the data."""
    found = _grant(request, number)
    read = get_object_or_404(
        Read.objects.select_related("grant__case", "grant__holding__owner", "version"), grant=found, pk=pk
    )
    response = JsonResponse(provenance(read), json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"{found.holding.name}-来源说明-{read.pk}.json"
    response["Content-Disposition"] = content_disposition_header(True, file_name(name))
    return response


@require_safe
@never_cache
@login_required
def rows(request: HttpRequest, number: str) -> HttpResponse:
    """Some rows on a page: a read like any other, logged and counted."""
    found = _grant(request, number)
    try:
        shown = page(
            found,
            actor=current(request),
            at=clock.now(),
            tick=clock.now,
            cursor=request.GET.get("cursor", ""),
            limit=50,
            way=Read.Way.PAGE,
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _show(request, found, UseForm(), refusal.status)
    return render(request, "datacentre/rows.html", {"grant": found, "page": shown, **pages.cells(shown)})
