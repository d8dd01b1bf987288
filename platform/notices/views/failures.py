"""What did not arrive, for those who run the system."""

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
from notices.models import Notice, Outgoing


@never_cache
@require_GET
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    if not queries.may_run(current(request)):
        raise PermissionDenied
    context = {"undelivered": queries.undelivered(), "unmailed": queries.unmailed()}
    return render(request, "notices/undelivered.html", context)


@require_POST
@login_required
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Outgoing, pk=pk)
    done = actions.deliver_again(current(request), row, at=clock.now())
    messages.info(request, _("已重新投递。") if done else _("这一条已经投递，或者仍在自动重试。"))
    return redirect("notices:undelivered")


@require_POST
@login_required
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice, pk=pk)
    done = actions.mail_again(current(request), notice, at=clock.now())
    messages.info(request, _("已重新排入发送。") if done else _("这封邮件已经发出，或者正在发送。"))
    return redirect("notices:undelivered")
