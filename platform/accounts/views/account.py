"""One's own account: who one is here, sessions, tokens, password."""

from __future__ import annotations

from datetime import timedelta

import clock
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import actions, factors, passwords, queries
from accounts.actions import sessions
from accounts.actors import current, person
from accounts.forms import PasswordForm, TokenForm
from accounts.models import Token
from accounts.views.signing_in import next_address


@never_cache
@login_required
def show(request: HttpRequest) -> HttpResponse:
    actor, today = current(request), clock.today()
    posts = list(queries.posts_of(person(request)))
    context = {
        "actor": actor,
        "posts": [(post, post.pk in {held.pk for held in actor.posts}) for post in posts],
        "sessions": queries.sessions_of(person(request), clock.now()),
        "this_session": request.session.get(sessions.ROW),
        "tokens": [token for token in queries.tokens_of(person(request)) if token.usable(clock.now())],
        "has_device": bool(request.session.get(factors.HAS_DEVICE)),
        "factor_waived": settings.SECOND_FACTOR_WAIVED,
        "today": today,
    }
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters("present", "new", "again")
@never_cache
@login_required
def password(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = PasswordForm(person(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(
            person(request),
            form.cleaned_data["new"],
            by=current(request),
            at=at,
            keep=request.session.session_key or "",
        )
        update_session_auth_hash(request, person(request))
        sessions.rotate_key(request)
        messages.success(request, "密码已更改，其他浏览器上的登录已结束。")
        return redirect(next_address(request, "/account/"))
    context = {
        "form": form,
        "why": passwords.must_change(person(request), at),
        "next": next_address(request, ""),
    }
    return render(request, "accounts/password.html", context)


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    count = actions.end_other_sessions(
        current(request), keep=request.session.session_key or "", at=clock.now()
    )
    messages.success(request, f"已结束其他 {count} 处登录。" if count else "没有其他登录。")
    return redirect("accounts:account")


@require_POST
@login_required
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.sessions_of(person(request), clock.now()), pk=pk)
    if row.key == request.session.session_key:
        sessions.sign_out(request, at=clock.now())
        return redirect("accounts:login")
    actions.end_session(row, by=current(request), at=clock.now())
    messages.success(request, "已结束这一处登录。")
    return redirect("accounts:account")


@never_cache
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = TokenForm(
        request.POST or None, initial={"scopes": ["read"], "until": clock.today() + timedelta(days=90)}
    )
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = actions.make_token(
                person(request),
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(),
                by=current(request),
                at=at,
            )
            form = TokenForm(initial={"scopes": ["read"], "until": clock.today() + timedelta(days=90)})
        except ValidationError as error:
            form.add_error("until", error)
    rows = [(token, token.usable(at)) for token in queries.tokens_of(person(request))]
    return render(request, "accounts/tokens.html", {"form": form, "secret": secret, "tokens": rows})


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(Token, pk=pk, user=person(request))
    actions.revoke_token(token, by=current(request), at=clock.now())
    messages.success(request, f"令牌“{token.name}”已撤销，使用它的系统从现在起不能再调用。")
    return redirect("accounts:tokens")
