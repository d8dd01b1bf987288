"""Leads: the list, one of them with what can be done, the cause a body states, and passed reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import clock
from accounts.actors import Actor, current
from deadlines.models import Deadline
from deadlines.queries import current_calendar
from deadlines.workdays import day_of
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from security import actions
from security.forms import CauseForm, HandOnForm, RaiseForm, ReasonForm, StatusForm
from security.models import Lead
from security.pages import lead_counts, overdue_rows
from security.paging import page
from security.queries.overdue import reminders
from security.refusals import Refused
from security.scope import Scope
from security.views.figures import supervision

_RELATED = ("case", "body", "handled_by", "raised_by", "deadline__breach_note__stated_by", "act")


@supervision
@require_safe
def lead_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    status = StatusForm(request.GET).chosen
    found = Lead.objects.within(scope).select_related("case", "body", "handled_by").order_by("-id")
    rows, pager = page(found.filter(status=status) if status else found, request)
    context = {
        "leads": rows,
        "pager": pager,
        "status": status,
        "counts": lead_counts(scope),
        "scope": scope,
    }
    return render(request, "security/leads.html", context)


def _lead(scope: Scope, pk: int) -> Lead:
    return get_object_or_404(Lead.objects.within(scope).select_related(*_RELATED), pk=pk)


def _show(
    request: HttpRequest,
    scope: Scope,
    found: Lead,
    *,
    forms: dict[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = current(request)
    context = {
        "lead": found,
        "scope": scope,
        "own": actions.about_the_authority(found),
        "waits": scope.handles and found.status == Lead.Status.NEW,
        "may_take": actions.may_take(found, actor),
        "may_end": scope.handles and found.status == Lead.Status.TAKEN and found.handled_by == actor.user,
        "reason": ReasonForm(prefix="close"),
        "hand_on": HandOnForm(prefix="hand-on"),
        **(forms or {}),
    }
    return render(request, "security/lead.html", context, status=status)


@supervision
@require_safe
def lead(request: HttpRequest, scope: Scope, pk: int) -> HttpResponse:
    return _show(request, scope, _lead(scope, pk))


def _take(found: Lead, form: None, by: Actor, at: datetime) -> str:
    actions.take(found, by=by, at=at)
    return "已受理，由您核实。"


def _close(found: Lead, form: Form, by: Actor, at: datetime) -> str:
    actions.close(found, reason=form.cleaned_data["reason"], by=by, at=at)
    return "已结束，理由已送负有职责的单位。"


def _hand_on(found: Lead, form: Form, by: Actor, at: datetime) -> str:
    actions.hand_on(found, **form.cleaned_data, by=by, at=at)
    return f"已移送{form.cleaned_data['to']}，并告知负有职责的单位。"


#: act in the address: (form, its name on the page, what is done)
_ACTS: dict[str, tuple[type[Form] | None, str, Callable[..., str]]] = {
    "take": (None, "", _take),
    "close": (ReasonForm, "reason", _close),
    "hand-on": (HandOnForm, "hand_on", _hand_on),
}


@supervision
@require_POST
def lead_act(request: HttpRequest, scope: Scope, pk: int, act: str) -> HttpResponse:
    if act not in _ACTS:
        raise Http404(act)
    found, (kind, name, done) = _lead(scope, pk), _ACTS[act]
    form = kind(request.POST, prefix=act) if kind else None
    if form is not None and not form.is_valid():
        return _show(request, scope, found, forms={name: form}, status=422)
    try:
        messages.success(request, done(found, form, current(request), clock.now()))
    except Refused as refusal:
        messages.error(request, refusal.message)
        kept = {name: form} if form is not None else {}
        return _show(request, scope, _lead(scope, pk), forms=kept, status=refusal.status)
    return redirect("security:lead", pk)


@supervision
@require_http_methods(["GET", "HEAD", "POST"])
def cause(request: HttpRequest, scope: Scope, pk: int) -> HttpResponse:
    """One breach, with the cause that its body states."""
    related = Deadline.objects.select_related("case", "owed_by", "term", "lead", "breach_note__stated_by")
    found = get_object_or_404(related, pk=pk, breached_at__isnull=False)
    if not scope.holds(found.owed_by_id):
        raise Http404(pk)
    actor, at, status = current(request), clock.now(), 200
    (row,) = overdue_rows([found], actor, today=day_of(at), calendar=current_calendar())
    form: Form = CauseForm(initial={"cause": row.note.cause} if row.note else None)
    if request.method == "POST":
        form = CauseForm(request.POST)
        status = _act(
            request,
            form,
            lambda: actions.state_cause(found, cause=form.cleaned_data["cause"], by=actor, at=at),
        )
        if status == 200:
            messages.success(request, "逾期原因已填报，监督页面可以看到。")
            return redirect("security:cause", pk)
    return render(request, "security/cause.html", {"row": row, "form": form, "scope": scope}, status=status)


@supervision
@require_safe
def reminder_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    _require_handler(scope)
    rows, pager = page(reminders(clock.now()), request)
    return render(request, "security/reminders.html", {"rows": rows, "pager": pager})


@supervision
@require_http_methods(["GET", "HEAD", "POST"])
def raise_lead(request: HttpRequest, scope: Scope, pk: int) -> HttpResponse:
    """A passed limit without force of law, from which an officer may raise a lead."""
    _require_handler(scope)
    at = clock.now()
    found = get_object_or_404(reminders(at), pk=pk)
    form, status = RaiseForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = _act(
            request,
            form,
            lambda: actions.raise_from_reminder(found, **form.cleaned_data, by=current(request), at=at),
        )
        if status == 200:
            messages.success(request, "线索已提出，由没有办过这件的人核实。")
            return redirect(Lead.objects.get(deadline=found))
    return render(request, "security/raise.html", {"deadline": found, "form": form}, status=status)


def _require_handler(scope: Scope) -> None:
    if not scope.handles:
        raise Http404


def _act(request: HttpRequest, form: Form, do: Callable[[], Any]) -> int:
    """Do it when the form is in order; the status to answer with. A refusal is said on the page."""
    if not form.is_valid():
        return 422
    try:
        do()
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return refusal.status
    return 200
