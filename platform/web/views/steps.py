"""Taking a step from the case page: the form of one step, its posting, and the second person's signature."""

from __future__ import annotations

import clock
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from procedures.declare import Step
from procedures.models import Case
from procedures.perform import perform, send_back, sign
from procedures.refusals import BadFacts, Refused

from web import dates, said, stepforms
from web.due import last_day
from web.queries import case as cases
from web.views.case import load, show


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def step(request: HttpRequest, number: str, code: str) -> HttpResponse:
    loaded = load(request, number)
    declared = loaded.procedure.by_code.get(code)
    if declared is None or declared.files or declared.by_system:
        raise Http404(code)
    if request.method == "POST":
        return _take(request, loaded, declared)
    if request.htmx:  # type: ignore[attr-defined]
        if all(possible.step is not declared for possible in loaded.steps):
            raise Http404(code)
        return render(request, "web/_step.html", {"step": stepforms.opened(loaded, declared)})
    return redirect(f"{reverse('web:case', args=[number])}?step={code}#act")


def _take(request: HttpRequest, loaded: cases.Loaded, declared: Step) -> HttpResponse:
    typed = stepforms.typed(loaded, declared, request.POST)
    before = loaded.case.state
    try:
        case = perform(
            loaded.case,
            declared.code,
            by=loaded.actor,
            at=loaded.at,
            facts=typed,
            version=_version(request),
        )
    except Refused as refusal:
        return _refused(request, loaded, declared, typed, refusal)
    if declared.consent is not None:
        messages.success(request, f"“{declared.label}”的文稿已送{declared.consent.label}签发，签发后生效。")
    else:
        messages.success(request, _told(case, loaded, declared, before))
    return redirect("web:case", case.number)


def _refused(
    request: HttpRequest, loaded: cases.Loaded, declared: Step, typed: dict, refusal: Refused
) -> HttpResponse:
    """The page as it now is, with everything typed: in the form while the step can be taken, else to be read."""
    fresh = load(request, loaded.case.number)
    if any(possible.step is declared and not possible.signing for possible in fresh.steps):
        bound = {"data": typed} if isinstance(refusal, BadFacts) else {"initial": typed}
        opened = stepforms.opened(fresh, declared, **bound)
        shown = None if isinstance(refusal, BadFacts) else refusal
        return show(request, fresh, status=refusal.status, opened=opened, refusal=shown)
    form = stepforms.opened(fresh, declared).form
    kept = said.in_full(form, typed) if form is not None else []
    return show(request, fresh, status=refusal.status, refusal=refusal, kept=kept)


@require_POST
@never_cache
@login_required
def sign_draft(request: HttpRequest, number: str) -> HttpResponse:
    loaded = load(request, number)
    proposal, before = loaded.proposal, loaded.case.state
    try:
        case = sign(loaded.case, by=loaded.actor, at=loaded.at, version=_version(request))
    except Refused as refusal:
        return show(request, load(request, number), status=refusal.status, refusal=refusal)
    declared = loaded.procedure.by_code[proposal.step]
    if proposal.urgent:
        messages.success(request, f"“{declared.label}”已确认。")
    else:
        messages.success(request, f"已签发。{_told(case, loaded, declared, before)}")
    return redirect("web:case", number)


@require_POST
@never_cache
@login_required
def send_draft_back(request: HttpRequest, number: str) -> HttpResponse:
    loaded, note = load(request, number), request.POST.get("note", "")
    try:
        send_back(loaded.case, by=loaded.actor, at=loaded.at, note=note, version=_version(request))
    except Refused as refusal:
        kept = [("退回意见", note)] if note else []
        return show(request, load(request, number), status=refusal.status, refusal=refusal, kept=kept)
    messages.success(
        request, "文稿已退回起草人，填写的内容保留在经过中。" if note else "文稿已取回，可以修改后重新送签。"
    )
    return redirect("web:case", number)


def _version(request: HttpRequest) -> int:
    """The version the person looked at; a form without one is stale."""
    value = request.POST.get("version", "")
    if not value.isdigit() or len(value) > 9:
        raise Http404("version")
    return int(value)


def _told(case: Case, loaded: cases.Loaded, declared: Step, before: str) -> str:
    """What the act changed, and the new date."""
    state = loaded.procedure.states[case.state]
    parts = [f"“{declared.label}”已办理"]
    if case.state != before:
        parts.append(f"本件转为“{state.label}”")
    if case.due_at is not None:
        parts.append(f"最近的期限 {dates.day_week(last_day(case.due_at), clock.today())}24:00 止")
    return "，".join(parts) + "。"
