"""Pushes to partner systems: subscriptions and what became of each push."""

from __future__ import annotations

import clock
from accounts.actors import current
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from notices import actions, queries
from notices.forms import SubscriptionForm
from notices.models import Subscription


@never_cache
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """All subscriptions the person may see, and the form for a new one."""
    actor, secret = current(request), ""
    if not queries.may_subscribe(actor):
        raise PermissionDenied
    form = SubscriptionForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        secret = actions.subscribe(actor, **form.facts(), at=clock.now()).secret
        form = SubscriptionForm(actor)
    found = queries.with_figures(queries.subscriptions_visible_to(actor))
    return render(request, "notices/webhooks.html", {"subscriptions": found, "form": form, "secret": secret})


@never_cache
@require_GET
@login_required
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk))


@require_POST
@login_required
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    subscription = _own(request, pk)
    actions.switch(current(request), subscription, request.POST.get("active") == "1", at=clock.now())
    text = _("已启用，等待的推送随即送出。") if subscription.active else _("已停用，其间的推送保留等待。")
    messages.success(request, text)
    return redirect("notices:webhook", pk)


@never_cache
@require_POST
@login_required
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A new key, shown this once."""
    subscription = _own(request, pk)
    return _page(
        request, subscription, secret=actions.renew_secret(current(request), subscription, at=clock.now())
    )


@require_POST
@login_required
def again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    pushed = get_object_or_404(
        _own(request, pk).deliveries.select_related("subscription__organisation"), pk=delivery
    )
    actions.push_again(current(request), pushed, at=clock.now())
    messages.success(request, _("已重新排入推送。"))
    return redirect("notices:webhook", pk)


def _own(request: HttpRequest, pk: int) -> Subscription:
    return get_object_or_404(queries.subscriptions_visible_to(current(request)), pk=pk)


def _page(request: HttpRequest, subscription: Subscription, *, secret: str = "") -> HttpResponse:
    context = {"subscription": subscription, "deliveries": queries.deliveries(subscription), "secret": secret}
    return render(request, "notices/webhook.html", context)
