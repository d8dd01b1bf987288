"""People and posts, for the administrators: proposed by one, confirmed by another, read by the auditor."""

from __future__ import annotations

from collections.abc import Callable

import clock
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions, factors, queries
from accounts.actors import Actor, current
from accounts.forms import AccountForm, AppointmentForm, DecisionForm, EndPostForm, ReasonForm
from accounts.models import Appointment, Post, Role, User
from accounts.refusals import require


@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    by = current(request)
    found = queries.people(by, text=text).prefetch_related("posts__organisation")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    today = clock.today()
    rows = [
        (
            user,
            [
                post
                for post in user.posts.all()
                if post.valid_from <= today and (not post.valid_to or today < post.valid_to)
            ],
        )
        for user in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "q": text,
        "waiting": queries.open_appointments(by).count(),
        "may_create": by.holds(Role.SYSTEM_ADMIN),
    }
    return render(request, "accounts/people.html", context)


@never_cache
@login_required
def create(request: HttpRequest) -> HttpResponse:
    by = current(request)
    require(by, Role.SYSTEM_ADMIN, to="建立账号")
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = actions.create_account(**form.cleaned_data, by=by, at=clock.now())
        except ValidationError as error:
            _refused(form, error)
        else:
            return render(request, "accounts/one_time_password.html", {"person": user, "password": password})
    return render(
        request, "accounts/person_form.html", {"form": form, "title": "建立账号", "verb": "建立账号"}
    )


@never_cache
@login_required
def show(request: HttpRequest, username: str) -> HttpResponse:
    by = current(request)
    person = get_object_or_404(queries.people(by), username=username)
    context = {
        "person": person,
        "posts": queries.posts_of(person),
        "appointments": person.appointments.select_related(
            "organisation", "proposed_by", "decided_by"
        ).order_by("-proposed_at"),
        "sessions": queries.sessions_of(person, clock.now()),
        "today": clock.today(),
        "is_self": by.user == person,
        "sysadmin": by.holds(Role.SYSTEM_ADMIN),
        "secadmin": by.holds(Role.SECURITY_ADMIN),
    }
    return render(request, "accounts/person.html", context)


@never_cache
@login_required
def propose(request: HttpRequest, username: str) -> HttpResponse:
    by = current(request)
    require(by, Role.SYSTEM_ADMIN, to="提出任职")
    person = get_object_or_404(User, username=username)
    form = AppointmentForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_appointment(person, **form.cleaned_data, by=by, at=clock.now())
        except ValidationError as error:
            _refused(form, error)
        else:
            messages.success(request, "已提出，安全管理员审核同意后任职才生效。")
            return redirect("accounts:person", username)
    context = {"form": form, "title": f"为{person.name}提出任职", "verb": "提出任职", "person": person}
    return render(request, "accounts/person_form.html", context)


@never_cache
@login_required
def appointments(request: HttpRequest) -> HttpResponse:
    by = current(request)
    context = {"appointments": queries.open_appointments(by), "may_decide": by.holds(Role.SECURITY_ADMIN)}
    return render(request, "accounts/appointments.html", context)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    by, at = current(request), clock.now()
    require(by, Role.SECURITY_ADMIN, to="审核任职")
    appointment = get_object_or_404(Appointment, pk=pk)
    form = DecisionForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([str(error) for errors in form.errors.values() for error in errors])
        if form.cleaned_data["decision"] == Appointment.Decision.CONFIRMED:
            post = actions.confirm_appointment(appointment, by=by, at=at, note=form.cleaned_data["note"])
            messages.success(request, f"已同意：{post.user.name}自 {post.valid_from} 起任{post}。")
        else:
            actions.decline_appointment(appointment, by=by, at=at, note=form.cleaned_data["note"])
            messages.success(request, "已答复不同意，提出人能在人员页看到理由。")
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    return redirect("accounts:appointments")


@never_cache
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    by = current(request)
    require(by, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, to="结束任职")
    post = get_object_or_404(Post.objects.select_related("user", "organisation"), pk=pk)
    form = EndPostForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_post(post, **form.cleaned_data, by=by, at=clock.now())
        except ValidationError as error:
            _refused(form, error)
        else:
            messages.success(request, f"{post.user.name}自 {form.cleaned_data['on']} 起不再任{post}。")
            return redirect("accounts:person", post.user.username)
    context = {
        "form": form,
        "title": f"结束{post.user.name}的任职：{post}",
        "verb": "结束任职",
        "person": post.user,
    }
    return render(request, "accounts/person_form.html", context)


def _deactivate(person: User, by: Actor, reason: str) -> str:
    actions.deactivate(person, by=by, at=clock.now(), reason=reason)
    return ""


def _reset_factor(person: User, by: Actor, reason: str) -> str:
    require(by, Role.SECURITY_ADMIN, to="重置动态口令")
    factors.remove_for(person, by=by, at=clock.now(), reason=reason)
    return ""


def _one_time_password(person: User, by: Actor, reason: str) -> str:
    return actions.issue_one_time_password(person, by=by, at=clock.now(), reason=reason)


def _reactivate(person: User, by: Actor, reason: str) -> str:
    return actions.reactivate(person, by=by, at=clock.now(), reason=reason)


#: address: (verb, what does it; returns the one-time password it made, or an empty text)
_ACTS: dict[str, tuple[str, Callable[[User, Actor, str], str]]] = {
    "deactivate": ("停用账号", _deactivate),
    "reactivate": ("恢复账号", _reactivate),
    "one-time-password": ("发一次性密码", _one_time_password),
    "reset-factor": ("重置动态口令", _reset_factor),
}


@never_cache
@login_required
def act(request: HttpRequest, username: str, act: str) -> HttpResponse:
    by = current(request)
    person = get_object_or_404(queries.people(by), username=username)
    if act not in _ACTS:
        raise Http404
    verb, do = _ACTS[act]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            password = do(person, by, form.cleaned_data["reason"])
        except ValidationError as error:
            _refused(form, error)
        else:
            return _after(request, person, verb, password)
    context = {"form": form, "title": f"{verb}：{person.name}", "verb": verb, "person": person}
    return render(request, "accounts/person_form.html", context)


def _after(request: HttpRequest, person: User, verb: str, password: str) -> HttpResponse:
    if password:
        return render(request, "accounts/one_time_password.html", {"person": person, "password": password})
    messages.success(request, f"已{verb}：{person.name}。")
    return redirect("accounts:person", person.username)


def _refused(form: Form, error: ValidationError) -> None:
    """Show an action's refusal at the field it speaks of, or above the form."""
    known = getattr(error, "error_dict", None)
    for name, errors in (known or {None: error}).items():
        form.add_error(name if name in form.fields else None, errors)
