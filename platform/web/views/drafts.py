"""Drafts: resumed and filed by who wrote them, signed or sent back by who signs."""

from __future__ import annotations

import clock
from accounts.actors import Actor, current
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procedures import drafts
from procedures.filing import admits_persons
from procedures.models import Draft
from procedures.refusals import BadFacts, Refused

from web import filingpage
from web.views.filing import answer, receive


def _find(request: HttpRequest, key: int) -> tuple[Draft, Actor]:
    """A draft that the person wrote or may sign. Raises Http404."""
    actor = current(request)
    found = drafts.visible_to(actor).filter(pk=key).first()
    if found is None or (found.owner_id != actor.user.pk and not drafts.may_sign(found, actor)):
        raise Http404(str(key))
    return found, actor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def draft(request: HttpRequest, key: int) -> HttpResponse:
    found, actor = _find(request, key)
    about = filingpage.about(found.kind, found.subject, actor)
    if found.sent_at is not None:
        return _sent(request, found, actor)
    personally = found.organisation_id is None and admits_persons(about.procedure)
    if request.method == "POST":
        return receive(
            request,
            about,
            actor,
            found.organisation,
            draft=found,
            previous=found.previous,
            personally=personally,
        )
    page = filingpage.build(
        about,
        actor,
        clock.now(),
        organisation=found.organisation,
        initial=found.facts,
        draft=found,
        previous=found.previous,
        personally=personally,
    )
    if page.barred is not None:
        filingpage.keep_typed(page, found.facts)
    return answer(request, page)


def _sent(
    request: HttpRequest, found: Draft, actor: Actor, refusal: Refused | None = None, note: str = ""
) -> HttpResponse:
    """A draft that waits for its signature, to be read in full."""
    about = filingpage.about(found.kind, found.subject, actor)
    step = about.procedure.filing_steps[0]
    context = {
        "draft": found,
        "procedure": about.procedure,
        "panels": [(p.template, p.title, p.context(about.subject)) for p in about.procedure.filing_panels],
        "said": filingpage.draft_said(found, about, clock.now()),
        "files": found.attachments.order_by("id"),
        "may_sign": drafts.may_sign(found, actor),
        "signer": step.consent.label if step.consent else "",
        "cites": step.cited,
        "refusal": refusal,
        "errors": refusal.errors.get("note", []) if isinstance(refusal, BadFacts) else [],
        "note": note,
    }
    return render(request, "web/draft.html", context, status=refusal.status if refusal else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    """The second of two clicks: the draft has been dealt with by the first."""
    messages.info(request, "这份草稿已经处理，不再等待。")
    return redirect(f"{reverse('web:worklist')}?tab=drafts")


@require_POST
@never_cache
@login_required
def sign_filing(request: HttpRequest, key: int) -> HttpResponse:
    try:
        found, actor = _find(request, key)
    except Http404:
        return _gone(request)
    try:
        case = drafts.sign(found, by=actor, at=clock.now())
    except Refused as refusal:
        return _sent(request, found, actor, refusal)
    messages.success(request, f"已签发并提交，编号 {case.number}。")
    return redirect("web:case", case.number)


@require_POST
@never_cache
@login_required
def send_filing_back(request: HttpRequest, key: int) -> HttpResponse:
    try:
        found, actor = _find(request, key)
    except Http404:
        return _gone(request)
    note = request.POST.get("note", "")
    try:
        drafts.send_back(found, by=actor, at=clock.now(), note=note)
    except Refused as refusal:
        return _sent(request, found, actor, refusal, note)
    if found.owner_id == actor.user.pk:
        messages.success(request, "已取回，可以修改后重新送签。")
        return redirect("web:draft", key)
    messages.success(request, f"已退回{found.owner.name}修改。")
    return redirect(f"{reverse('web:worklist')}?tab=drafts")


@require_POST
@never_cache
@login_required
def discard(request: HttpRequest, key: int) -> HttpResponse:
    try:
        found, actor = _find(request, key)
        drafts.discard(found, by=actor, at=clock.now())
    except Http404:
        return _gone(request)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("web:draft", key)
    messages.success(request, "草稿已删除。")
    return redirect(f"{reverse('web:worklist')}?tab=drafts")


@require_safe
@never_cache
@login_required
def draft_attachment(request: HttpRequest, key: int, file: int) -> HttpResponseBase:
    found = _find(request, key)[0].attachments.filter(pk=file).first()
    if found is None:
        raise Http404(str(file))
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    response["Content-Type"] = found.media_type
    return response
