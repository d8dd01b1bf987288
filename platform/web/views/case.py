"""The case page, and what is done on it besides its steps: notes, handing over, files."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from accounts.models import User
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procedures import actions, attachments
from procedures.reading import attachments_for
from procedures.refusals import Refused

from web import casepage
from web.context import frame_of
from web.queries import case as cases


def load(request: HttpRequest, number: str) -> cases.Loaded:
    """The case as the person of the request meets it now. Raises Http404."""
    actor = current(request)
    return cases.Loaded(cases.find(number, actor), actor, clock.now())


def show(request: HttpRequest, loaded: cases.Loaded, *, status: int = 200, **changes: Any) -> HttpResponse:
    """The page, with what a refused attempt left behind."""
    page = casepage.build(loaded, frame_of(request).calendar, **changes)
    return render(request, "web/case.html", {"page": page, "case": loaded.case}, status=status)


@require_safe
@never_cache
@login_required
def case(request: HttpRequest, number: str) -> HttpResponse:
    asked = request.GET
    return show(request, load(request, number), chosen=asked.get("step", ""), give="give" in asked)


@require_POST
@never_cache
@login_required
def note(request: HttpRequest, number: str) -> HttpResponse:
    loaded = load(request, number)
    try:
        actions.note(loaded.case, text=request.POST.get("text", ""), by=loaded.actor, at=loaded.at)
    except Refused as refusal:
        kept = [("记录", request.POST.get("text", ""))]
        return show(request, loaded, status=refusal.status, refusal=refusal, kept=kept)
    messages.success(request, "已记入经过，只有本单位看得到。")
    return redirect("web:case", number)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def reassign(request: HttpRequest, number: str) -> HttpResponse:
    """The form, by itself for htmx and on its page for all others; or the giving."""
    if request.method == "POST":
        return _reassign(request, number)
    loaded = load(request, number)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('web:case', args=[number])}?give=1#give")
    if loaded.led is None:
        raise Http404(number)
    people = cases.people_of(loaded.led.organisation, loaded.at)
    return render(request, "web/_give.html", {"case": loaded.case, "loaded": loaded, "people": people})


def _reassign(request: HttpRequest, number: str) -> HttpResponse:
    loaded = load(request, number)
    chosen = request.POST.get("to", "")
    to = User.objects.filter(pk=chosen).first() if chosen.isdigit() else None
    try:
        if chosen and to is None:
            raise Http404
        actions.reassign(loaded.case, to=to, by=loaded.actor, at=loaded.at)
    except Refused as refusal:
        return show(request, loaded, status=refusal.status, refusal=refusal, give=True)
    messages.success(request, f"已转办给{to.name}。" if to else "已退回本单位待办，由在岗经办人办理。")
    return redirect("web:case", number)


@require_POST
@never_cache
@login_required
def attach(request: HttpRequest, number: str) -> HttpResponse:
    loaded = load(request, number)
    upload = request.FILES.get("file")
    if upload is None:
        messages.warning(request, "没有选择文件，没有添加。")
        return redirect(f"{reverse('web:case', args=[number])}#papers")
    try:
        added = attachments.attach(upload, to=loaded.case, by=loaded.actor, at=loaded.at)
    except Refused as refusal:
        return show(request, loaded, status=refusal.status, refusal=refusal)
    messages.success(request, f"已添加“{added.name}”，SM3 摘要已存。")
    return redirect(f"{reverse('web:case', args=[number])}#papers")


@require_safe
@never_cache
@login_required
def attachment(request: HttpRequest, number: str, key: int) -> HttpResponseBase:
    found = attachments_for(current(request)).filter(case__number=number, pk=key).first()
    if found is None:
        raise Http404
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    response["Content-Type"] = found.media_type
    return response
