"""Filing: the form of a new matter, kept as a draft at any point, filed or sent for signature when it is complete."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import Actor, current
from accounts.models import Organisation
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from procedures import attachments, drafts
from procedures.filing import file, prepare
from procedures.models import Case, Draft
from procedures.refusals import BadFacts, Refused

from web import dates, filingpage
from web.due import last_day
from web.filingpage import About

#: In an address and a form: not for a body but for oneself.
SELF = "self"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def filing(request: HttpRequest, procedure: str, subject: str) -> HttpResponse:
    actor = current(request)
    about = filingpage.about(procedure, subject, actor)
    asked = request.POST if request.method == "POST" else request.GET
    organisation = filingpage.body_of(actor, asked.get("as", ""))
    personally = asked.get("as") == SELF
    previous = filingpage.before(about, actor, asked.get("previous", ""))
    if request.method == "POST":
        return receive(request, about, actor, organisation, previous=previous, personally=personally)
    page = filingpage.build(
        about,
        actor,
        clock.now(),
        organisation=organisation,
        initial=filingpage.said_before(previous) if previous else filingpage.given(about, request.GET),
        previous=previous,
        personally=personally,
    )
    return answer(request, page)


def answer(request: HttpRequest, page: filingpage.FilingPage, status: int = 200) -> HttpResponse:
    barred = page.barred.status if page.barred else status
    return render(request, "web/filing.html", {"page": page}, status=barred)


def receive(
    request: HttpRequest,
    about: About,
    actor: Actor,
    organisation: Organisation | None,
    *,
    draft: Draft | None = None,
    previous: Case | None = None,
    personally: bool = False,
) -> HttpResponse:
    """What a filing form sends: keep it, send it for signature, or file it (`do` names which)."""
    at, once = clock.now(), request.POST.get("once", "")[:40]
    typed: dict[str, Any] = {}
    try:
        context = prepare(
            about.procedure,
            by=actor,
            at=at,
            subject=about.subject,
            organisation=organisation,
            personally=personally,
        )
        typed = filingpage.typed(about, context, request.POST)
        body = context.post.organisation if context.post else None
        wanted = request.POST.get("do", "file")
        if wanted != "file" or draft is not None or request.FILES:
            draft = drafts.save(
                about.procedure,
                by=actor,
                organisation=body,
                subject=about.key,
                facts=typed,
                at=at,
                previous=previous,
                draft=draft,
            )
            _add_files(request, draft, actor)
        if wanted == "save":
            messages.success(request, "草稿已保存，可以随时回来继续填写。")
            return redirect("web:draft", draft.pk)  # type: ignore[union-attr]
        if wanted == "send" and draft is not None:
            drafts.send(draft, by=actor, at=at)
            messages.success(request, f"已送{context.step.consent.label}签发，签发后提交。")  # type: ignore[union-attr]
            return redirect("web:draft", draft.pk)
        case = file(
            about.procedure,
            by=actor,
            at=at,
            facts=typed,
            subject=about.subject,
            organisation=body,
            previous=previous,
            draft=draft,
            key=once or None,
            personally=context.post is None,
        )
    except Refused as refusal:
        return _refused(request, about, actor, organisation, draft, previous, typed, refusal, personally)
    messages.success(request, _told(case))
    return redirect("web:case", case.number)


def _add_files(request: HttpRequest, draft: Draft, actor: Actor) -> None:
    for upload in request.FILES.getlist("files"):
        attachments.attach(upload, to=draft, by=actor, at=clock.now())


def _refused(
    request: HttpRequest,
    about: About,
    actor: Actor,
    organisation: Organisation | None,
    draft: Draft | None,
    previous: Case | None,
    typed: dict[str, Any],
    refusal: Refused,
    personally: bool,
) -> HttpResponse:
    """The form again with everything typed; a file that was not taken is named beside the others."""
    fault = isinstance(refusal, BadFacts) and "file" not in refusal.errors
    page = filingpage.build(
        about,
        actor,
        clock.now(),
        organisation=organisation,
        data=typed if fault else None,
        initial=None if fault else typed,
        once=request.POST.get("once", "")[:40],
        draft=draft if draft is not None and draft.pk else None,
        previous=previous,
        refusal=refusal,
        personally=personally,
    )
    if isinstance(refusal, BadFacts):
        page.file_errors = refusal.errors.get("file", [])
    if page.barred is not None:
        filingpage.keep_typed(page, typed or request.POST.dict())
    return answer(request, page, refusal.status)


def _told(case: Case) -> str:
    if case.due_at is None:
        return f"已提交，编号 {case.number}。"
    return f"已提交，编号 {case.number}，{dates.day_week(last_day(case.due_at), clock.today())}24:00 前答复。"
